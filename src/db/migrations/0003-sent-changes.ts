import type { SchemaMigration } from '../migration.ts'

/** What was sent to change something (revokes, edits, reactions, timers): kept for recipients that ask for it again. */
export const sentChanges: SchemaMigration = {
  name: '0003-sent-changes',
  async up(db, types) {
    await db.schema
      .createTable('sent_changes')
      .addColumn('device_id', 'text', (column) => column.notNull())
      .addColumn('account', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('raw', types.bytes, (column) => column.notNull())
      .addColumn('created_at', types.bigint, (column) => column.notNull())
      .addPrimaryKeyConstraint('sent_changes_pk', ['device_id', 'id'])
      .execute()
    await db.schema.createIndex('sent_changes_age').on('sent_changes').column('created_at').execute()
  },
}
