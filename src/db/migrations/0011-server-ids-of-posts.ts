import type { SchemaMigration } from '../migration.ts'

/** The number by which WhatsApp knows a channel's post; reactions and views name posts by it. */
export const serverIdsOfPosts: SchemaMigration = {
  name: '0011-server-ids-of-posts',
  async up(db, { bigint }) {
    await db.schema.alterTable('messages').addColumn('server_id', bigint).execute()
  },
}
