import type { SchemaMigration } from '../migration.ts'

/** What people call a device, beside its id, which programs know it by. */
export const namesOfDevices: SchemaMigration = {
  name: '0016-names-of-devices',
  async up(db) {
    await db.schema
      .alterTable('devices')
      .addColumn('name', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
