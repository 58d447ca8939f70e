import type { SchemaMigration } from '../migration.ts'

/** Who may write the keys of each device: the process that took the highest number. */
export const deviceLeases: SchemaMigration = {
  name: '0007-device-leases',
  async up(db, { bigint }) {
    await db.schema
      .createTable('device_leases')
      .addColumn('device_id', 'text', (c) => c.primaryKey())
      .addColumn('epoch', bigint, (c) => c.notNull())
      .execute()
  },
}
