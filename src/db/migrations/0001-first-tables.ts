import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { ColumnTypes, SchemaMigration } from '../migration.ts'

/** Every table of the first release. */
export const firstTables: SchemaMigration = {
  name: '0001-first-tables',
  async up(db, types: ColumnTypes) {
    const { bigint, bytes, autoIncrement } = types
    await db.schema
      .createTable('devices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('display_name', 'text', (c) => c.notNull())
      .addColumn('jid', 'text', (c) => c.notNull())
      .addColumn('lid', 'text', (c) => c.notNull())
      .addColumn('is_linked', 'integer', (c) => c.notNull())
      .addColumn('last_close_reason', 'text', (c) => c.notNull())
      .addColumn('event_seq', bigint, (c) => c.notNull())
      .addColumn('epoch', bigint, (c) => c.notNull())
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('credentials')
      .addColumn('device_id', 'text', (c) => c.primaryKey())
      .addColumn('body', bytes, (c) => c.notNull())
      .addColumn('epoch', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('signal_keys')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('body', bytes, (c) => c.notNull())
      .addColumn('epoch', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('signal_keys_pk', ['device_id', 'type', 'id'])
      .execute()

    await db.schema
      .createTable('identities')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('lid_user', 'text', (c) => c.notNull())
      .addColumn('phone_user', 'text', (c) => c.notNull())
      .addColumn('learned_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('identities_pk', ['device_id', 'lid_user'])
      .execute()
    await db.schema
      .createIndex('identities_by_phone')
      .on('identities')
      .columns(['device_id', 'phone_user'])
      .execute()

    await db.schema
      .createTable('stanza_journal')
      .addColumn('seq', autoIncrement.type, autoIncrement.build)
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('stanza_key', 'text', (c) => c.notNull())
      .addColumn('node', bytes, (c) => c.notNull())
      .addColumn('received_at', bigint, (c) => c.notNull())
      .addUniqueConstraint('stanza_journal_once', ['device_id', 'stanza_key'])
      .execute()

    await db.schema
      .createTable('decrypted_messages')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('ciphertext_hash', bytes, (c) => c.notNull())
      .addColumn('plaintext', bytes, (c) => c.notNull())
      .addColumn('decrypted_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('decrypted_messages_pk', ['device_id', 'ciphertext_hash'])
      .execute()
    await db.schema
      .createIndex('decrypted_messages_by_age')
      .on('decrypted_messages')
      .column('decrypted_at')
      .execute()

    await db.schema
      .createTable('chats')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('jid', 'text', (c) => c.notNull())
      .addColumn('lid', 'text')
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_source', 'text', (c) => c.notNull())
      .addColumn('last_message_at', bigint, (c) => c.notNull())
      .addColumn('expiration_seconds', 'integer', (c) => c.notNull())
      .addColumn('is_archived', 'integer', (c) => c.notNull())
      .addColumn('is_pinned', 'integer', (c) => c.notNull())
      .addColumn('unread_count', 'integer', (c) => c.notNull())
      .addColumn('message_count', 'integer', (c) => c.notNull())
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('chats_pk', ['device_id', 'account', 'id'])
      .addUniqueConstraint('chats_once', ['device_id', 'account', 'jid'])
      .execute()
    await db.schema.createIndex('chats_by_lid').on('chats').columns(['device_id', 'account', 'lid']).execute()
    await db.schema
      .createIndex('chats_by_last_message')
      .on('chats')
      .columns(['device_id', 'account', 'last_message_at', 'id'])
      .execute()

    await db.schema
      .createTable('messages')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('sender', 'text', (c) => c.notNull())
      .addColumn('wire_chat', 'text', (c) => c.notNull())
      .addColumn('wire_sender', 'text', (c) => c.notNull())
      .addColumn('is_from_me', 'integer', (c) => c.notNull())
      .addColumn('is_from_api', 'integer', (c) => c.notNull())
      .addColumn('is_from_history', 'integer', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('failure', 'text')
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('content_type', 'text', (c) => c.notNull())
      .addColumn('media_type', 'text', (c) => c.notNull())
      .addColumn('filename', 'text', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('file_length', bigint, (c) => c.notNull())
      .addColumn('replied_to_id', 'text')
      .addColumn('is_revoked', 'integer', (c) => c.notNull())
      .addColumn('edited_at', bigint)
      .addColumn('raw', bytes)
      .addColumn('sent_at', bigint, (c) => c.notNull())
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('messages_pk', ['device_id', 'account', 'chat_id', 'id'])
      .execute()
    await db.schema
      .createIndex('messages_by_time')
      .on('messages')
      .columns(['device_id', 'account', 'chat_id', 'sent_at', 'created_at', 'id', 'is_from_me'])
      .execute()
    await db.schema
      .createIndex('messages_with_media')
      .on('messages')
      .columns(['device_id', 'account', 'chat_id', 'sent_at', 'created_at', 'id'])
      .where(sql<boolean>`media_type <> ''`)
      .execute()
    // With the account at the end it beats the primary key's first two columns, and still serves without an account.
    await db.schema
      .createIndex('messages_by_id')
      .on('messages')
      .columns(['device_id', 'id', 'account'])
      .execute()
    await db.schema
      .createIndex('messages_pending')
      .on('messages')
      .columns(['status', 'created_at'])
      .where(sql<boolean>`status = 'pending'`)
      .execute()

    await db.schema
      .createTable('message_receipts')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('message_id', 'text', (c) => c.notNull())
      .addColumn('recipient', 'text', (c) => c.notNull())
      .addColumn('receipt_type', 'text', (c) => c.notNull())
      .addColumn('at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('message_receipts_pk', [
        'device_id',
        'account',
        'message_id',
        'recipient',
        'receipt_type',
      ])
      .execute()

    await db.schema
      .createTable('reactions')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('message_id', 'text', (c) => c.notNull())
      .addColumn('sender', 'text', (c) => c.notNull())
      .addColumn('emoji', 'text', (c) => c.notNull())
      .addColumn('at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('reactions_pk', ['device_id', 'account', 'chat_id', 'message_id', 'sender'])
      .execute()

    await db.schema
      .createTable('contacts')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('jid', 'text', (c) => c.notNull())
      .addColumn('lid', 'text')
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('push_name', 'text', (c) => c.notNull())
      .addColumn('verified_name', 'text', (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('contacts_pk', ['device_id', 'account', 'jid'])
      .execute()
    await db.schema
      .createIndex('contacts_by_lid')
      .on('contacts')
      .columns(['device_id', 'account', 'lid'])
      .execute()

    await db.schema
      .createTable('events')
      .addColumn('position', autoIncrement.type, autoIncrement.build)
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('seq', bigint, (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('lane', 'text', (c) => c.notNull())
      .addColumn('dedupe_key', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addUniqueConstraint('events_once', ['device_id', 'dedupe_key'])
      .addUniqueConstraint('events_in_order', ['device_id', 'seq'])
      .execute()

    await db.schema
      .createTable('webhook_endpoints')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('device_id', 'text')
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('secret', 'text', (c) => c.notNull())
      .addColumn('events', 'text', (c) => c.notNull())
      .addColumn('skip_tls_verify', 'integer', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('is_active', 'integer', (c) => c.notNull())
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('deliveries')
      .addColumn('id', autoIncrement.type, autoIncrement.build)
      .addColumn('endpoint_id', 'text', (c) => c.notNull())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('lane', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('next_attempt_at', bigint, (c) => c.notNull())
      .addColumn('last_status', 'integer')
      .addColumn('last_error', 'text')
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('delivered_at', bigint)
      .addUniqueConstraint('deliveries_once', ['endpoint_id', 'event_id'])
      .execute()
    await db.schema
      .createIndex('deliveries_due')
      .on('deliveries')
      .columns(['endpoint_id', 'id'])
      .where(sql<boolean>`state = 'pending'`)
      .execute()
    await db.schema
      .createIndex('deliveries_by_lane')
      .on('deliveries')
      .columns(['endpoint_id', 'device_id', 'lane', 'id'])
      .where(sql<boolean>`state = 'pending'`)
      .execute()

    await db.schema
      .createTable('idempotency_keys')
      .addColumn('credential', 'text', (c) => c.notNull())
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('route', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('body_hash', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('status', 'integer')
      .addColumn('response', 'text')
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('idempotency_keys_pk', ['credential', 'device_id', 'route', 'key'])
      .execute()

    await db.schema
      .createTable('settings')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('updated_at', bigint, (c) => c.notNull())
      .execute()

    if (types.dialect === 'sqlite') await describeMessages(db)
  },
}

/**
 * Tells SQLite what a large table of messages looks like (rows, then rows per value of each index column). Without it
 * the planner takes all indexes that begin alike for equally good and reads every message of an account to find one.
 */
async function describeMessages(db: Db): Promise<void> {
  const statistics = {
    sqlite_autoindex_messages_1: '1000000 100000 100000 500 1',
    messages_by_time: '1000000 100000 100000 500 2 1 1 1',
    messages_with_media: '50000 5000 5000 25 2 1 1',
    messages_by_id: '1000000 100000 1 1',
    messages_pending: '20 20 1',
  }
  await sql`analyze`.execute(db)
  for (const [index, stat] of Object.entries(statistics)) {
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values ('messages', ${index}, ${stat})`.execute(db)
  }
  await sql`analyze sqlite_schema`.execute(db)
}
