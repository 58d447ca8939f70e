import type { SchemaMigration } from '../migration.ts'

/** Labels of chats, stars, and the protobufs of sent revokes, edits and reactions. */
export const labelsAndChanges: SchemaMigration = {
  name: '0003-labels-and-changes',
  async up(db, { bigint, bytes }) {
    await db.schema
      .alterTable('messages')
      .addColumn('is_starred', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()

    await db.schema
      .createTable('labels')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('color', 'integer', (c) => c.notNull())
      .addColumn('is_deleted', 'integer', (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('labels_pk', ['device_id', 'account', 'id'])
      .execute()

    await db.schema
      .createTable('chat_labels')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('label_id', 'text', (c) => c.notNull())
      .addColumn('at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('chat_labels_pk', ['device_id', 'account', 'chat_id', 'label_id'])
      .execute()

    await db.schema
      .createTable('sent_changes')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('raw', bytes, (c) => c.notNull())
      .addColumn('at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('sent_changes_pk', ['device_id', 'id'])
      .execute()
    await db.schema.createIndex('sent_changes_by_age').on('sent_changes').column('at').execute()
  },
}
