import { PostgresAdapter } from 'kysely'
import type { DeviceId } from '../core/ids.ts'
import type { Tx } from './database.ts'

/**
 * Makes writers of one device's history take turns until the end of the transaction. Call it first, so that what is
 * read afterwards stays true and no two writers wait for each other. On SQLite there is one writer anyway.
 */
export async function lockDevice(tx: Tx, deviceId: DeviceId): Promise<void> {
  if (!(tx.getExecutor().adapter instanceof PostgresAdapter)) return
  await tx.selectFrom('devices').select('id').where('id', '=', deviceId).forUpdate().execute()
}
