import type { SchemaMigration } from '../migration.ts'

/** Keys that may write only to some. */
export const recipientsOfKeys: SchemaMigration = {
  name: '0013-recipients-of-keys',
  async up(db) {
    await db.schema.alterTable('api_keys').addColumn('recipients', 'text').execute()
  },
}
