import type { SchemaMigration } from '../migration.ts'

/** Which trace events and messages belong to, for work that is still to come. */
export const traces: SchemaMigration = {
  name: '0014-traces',
  async up(db) {
    await db.schema.alterTable('events').addColumn('traceparent', 'text').execute()
    await db.schema.alterTable('messages').addColumn('traceparent', 'text').execute()
  },
}
