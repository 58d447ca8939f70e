import { sql } from 'kysely'
import type { SchemaMigration } from '../migration.ts'

/** A message may bring several files along, as a carousel does: each is fetched by itself. */
export const filesOfMessages: SchemaMigration = {
  name: '0015-files-of-messages',
  async up(db, { bigint }) {
    // Made anew, since SQLite cannot give a table another primary key.
    await db.schema.alterTable('media_downloads').renameTo('media_downloads_before').execute()
    await db.schema
      .createTable('media_downloads')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('message_id', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('lane', 'text', (c) => c.notNull())
      .addColumn('event_key', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('next_attempt_at', bigint, (c) => c.notNull())
      .addColumn('failure', 'text')
      .addColumn('ref', 'text')
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('media_downloads_of_files', ['device_id', 'account', 'message_id', 'position'])
      .execute()
    const columns = sql`lane, event_key, state, attempts, next_attempt_at, failure, ref, created_at, updated_at`
    await sql`insert into media_downloads (device_id, account, message_id, position, ${columns})
      select device_id, account, message_id, 0, ${columns} from media_downloads_before`.execute(db)
    await sql`drop table media_downloads_before`.execute(db)
    await db.schema
      .createIndex('media_downloads_due')
      .on('media_downloads')
      .column('next_attempt_at')
      .where(sql<boolean>`state = 'wanted'`)
      .execute()
    await db.schema.createIndex('media_downloads_by_age').on('media_downloads').column('updated_at').execute()
  },
}
