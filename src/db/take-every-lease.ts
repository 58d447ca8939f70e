import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** Takes every device's lease, so that whoever may still hold one writes no keys from then on. */
export async function takeEveryLease(tx: Tx, at: Date): Promise<void> {
  const epoch = at.getTime()
  await tx
    .updateTable('device_leases')
    .set({ epoch: sql<number>`case when epoch < ${epoch} then ${epoch} else epoch + 1 end` })
    .execute()
}
