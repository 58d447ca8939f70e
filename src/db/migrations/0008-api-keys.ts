import type { SchemaMigration } from '../migration.ts'

/** Keys that may call the gateway, of which only hashes are kept, and one-time tickets for streams. */
export const apiKeys: SchemaMigration = {
  name: '0008-api-keys',
  async up(db, { bigint, bytes }) {
    await db.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('secret_hash', bytes, (c) => c.notNull())
      .addColumn('scopes', 'text', (c) => c.notNull())
      .addColumn('devices', 'text')
      .addColumn('requests_per_minute', 'integer')
      .addColumn('created_at', bigint, (c) => c.notNull())
      .addColumn('created_by', 'text', (c) => c.notNull())
      .addColumn('expires_at', bigint)
      .addColumn('last_used_at', bigint)
      .addColumn('revoked_at', bigint)
      .execute()
    await db.schema
      .createTable('stream_tickets')
      .addColumn('ticket_hash', bytes, (c) => c.primaryKey())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('key_id', 'text')
      .addColumn('expires_at', bigint, (c) => c.notNull())
      .execute()
  },
}
