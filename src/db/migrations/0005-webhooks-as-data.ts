import { sql } from 'kysely'
import type { SchemaMigration } from '../migration.ts'

/** Endpoints that callers set up, and what every failed try at a delivery met. */
export const webhooksAsData: SchemaMigration = {
  name: '0005-webhooks-as-data',
  async up(db, { bigint }) {
    const table = () => db.schema.alterTable('webhook_endpoints')
    await table()
      .addColumn('ignore_jids', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
    await table()
      .addColumn('headers', 'text', (c) => c.notNull().defaultTo('{}'))
      .execute()
    await table()
      .addColumn('format', 'text', (c) => c.notNull().defaultTo('plain'))
      .execute()
    await table()
      .addColumn('when_gone', 'text', (c) => c.notNull().defaultTo('retry'))
      .execute()
    await table()
      .addColumn('disabled_reason', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
    await db.schema
      .createIndex('webhook_endpoints_by_device')
      .on('webhook_endpoints')
      .column('device_id')
      .execute()

    await db.schema.alterTable('deliveries').addColumn('last_attempt_at', bigint).execute()
    await db.schema.alterTable('deliveries').addColumn('last_duration_ms', 'integer').execute()
    await db.schema
      .createIndex('deliveries_dead')
      .on('deliveries')
      .columns(['endpoint_id', 'id'])
      .where(sql<boolean>`state = 'dead'`)
      .execute()

    await db.schema.createIndex('deliveries_by_event').on('deliveries').column('event_id').execute()

    await db.schema
      .createTable('delivery_failures')
      .addColumn('endpoint_id', 'text', (c) => c.notNull())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('device_id', 'text', (c) => c.notNull())
      .addColumn('attempt', 'integer', (c) => c.notNull())
      .addColumn('at', bigint, (c) => c.notNull())
      .addColumn('duration_ms', 'integer', (c) => c.notNull())
      .addColumn('status', 'integer')
      .addColumn('error', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('delivery_failures_pk', ['endpoint_id', 'event_id', 'attempt'])
      .execute()
    await db.schema.createIndex('delivery_failures_by_age').on('delivery_failures').column('at').execute()
    await db.schema
      .createIndex('delivery_failures_by_device')
      .on('delivery_failures')
      .column('device_id')
      .execute()
  },
}
