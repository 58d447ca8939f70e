import { PostgresAdapter, type SelectQueryBuilder } from 'kysely'
import type { DeviceId } from '../core/ids.ts'
import type { Database, Db, Tx } from './database.ts'

/**
 * Makes writers of one device's history take turns until the end of the transaction. Call it first, so that what is
 * read afterwards stays true and no two writers wait for each other. On SQLite there is one writer anyway.
 */
export async function lockDevice(tx: Tx, deviceId: DeviceId): Promise<void> {
  if (!(tx.getExecutor().adapter instanceof PostgresAdapter)) return
  await tx.selectFrom('devices').select('id').where('id', '=', deviceId).forUpdate().execute()
}

/**
 * Keeps the rows that a query finds from being changed by others until the end of the transaction; others may do the same
 * beside it. On SQLite there is one writer anyway.
 */
export function sharingRow<Table extends keyof Database, Row>(
  db: Db,
  query: SelectQueryBuilder<Database, Table, Row>,
): SelectQueryBuilder<Database, Table, Row> {
  return db.getExecutor().adapter instanceof PostgresAdapter ? query.forShare() : query
}
