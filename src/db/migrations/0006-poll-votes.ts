import type { SchemaMigration } from '../migration.ts'

/** What everybody chose in polls, so that a vote can be told with the count so far. */
export const pollVotes: SchemaMigration = {
  name: '0006-poll-votes',
  async up(db, { bigint }) {
    await db.schema
      .createTable('poll_votes')
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('poll_id', 'text', (c) => c.notNull())
      .addColumn('voter', 'text', (c) => c.notNull())
      .addColumn('options', 'text', (c) => c.notNull())
      .addColumn('at', bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('poll_votes_pk', ['device_id', 'account', 'chat_id', 'poll_id', 'voter'])
      .execute()
  },
}
