import type { SchemaMigration } from '../migration.ts'

/** What a sent change does here, until WhatsApp is known to have it. */
export const effectsOfChanges: SchemaMigration = {
  name: '0010-effects-of-changes',
  async up(db) {
    await db.schema.alterTable('sent_changes').addColumn('effect', 'text').execute()
  },
}
