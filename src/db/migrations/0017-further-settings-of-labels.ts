import type { SchemaMigration } from '../migration.ts'

/** What phones set of a label beside its name, colour and end, to tell a change of it. */
export const furtherSettingsOfLabels: SchemaMigration = {
  name: '0017-further-settings-of-labels',
  async up(db) {
    await db.schema.alterTable('labels').addColumn('further', 'text').execute()
  },
}
