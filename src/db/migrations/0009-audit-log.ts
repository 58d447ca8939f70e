import type { SchemaMigration } from '../migration.ts'

/** Who did what to which device: a chain of hashes, only ever added to. */
export const auditLog: SchemaMigration = {
  name: '0009-audit-log',
  async up(db, { bigint }) {
    await db.schema
      .createTable('audit_log')
      .addColumn('position', bigint, (c) => c.primaryKey())
      .addColumn('at', bigint, (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('operation', 'text', (c) => c.notNull())
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('status', 'integer', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('audit_chain')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('position', bigint, (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute()
  },
}
