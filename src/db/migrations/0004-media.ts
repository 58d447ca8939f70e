import { sql } from 'kysely'
import type { SchemaMigration } from '../migration.ts'

/** Media that is to be fetched when it arrives, and events that wait for it. */
export const media: SchemaMigration = {
  name: '0004-media',
  async up(db, { bigint }) {
    await db.schema.alterTable('events').addColumn('held_until', bigint).execute()

    await db.schema
      .createTable('media_downloads')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('message_id', 'text', (c) => c.notNull())
      .addColumn('lane', 'text', (c) => c.notNull())
      .addColumn('event_key', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('next_attempt_at', bigint, (c) => c.notNull())
      .addColumn('failure', 'text')
      .addColumn('ref', 'text')
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('media_downloads_pk', ['device_id', 'account', 'message_id'])
      .execute()
    await db.schema
      .createIndex('media_downloads_due')
      .on('media_downloads')
      .column('next_attempt_at')
      .where(sql<boolean>`state = 'wanted'`)
      .execute()
    await db.schema.createIndex('media_downloads_by_age').on('media_downloads').column('updated_at').execute()
  },
}
