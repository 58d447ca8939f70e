import type { Db, Tx } from '../db/database.ts'
import { takeEveryLease } from '../db/take-every-lease.ts'
import type { InTransaction } from '../db/transaction.ts'

const settingName = 'restored_from'

/** Where the data came from. */
export interface RestoreNote {
  /** State of the backup. */
  readonly takenAt: string
  readonly restoredAt: string
}

/**
 * Takes every device's lease, so that whoever may still hold one writes no more, and notes where the data came from for the
 * first start.
 */
export async function markRestored(tx: Tx, note: RestoreNote, at: Date): Promise<void> {
  await takeEveryLease(tx, at)
  const value = JSON.stringify(note)
  await tx
    .insertInto('settings')
    .values({ name: settingName, value, updated_at: at.getTime() })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, updated_at: at.getTime() }))
    .execute()
}

/** The note of a restore that no start has told of yet; telling of it is the caller's, once. */
export async function takeRestoreNote(db: Db, inTransaction: InTransaction): Promise<RestoreNote | null> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', settingName)
    .executeTakeFirst()
  if (row === undefined) return null
  await inTransaction((tx) => tx.deleteFrom('settings').where('name', '=', settingName).execute())
  return JSON.parse(row.value) as RestoreNote // written above
}
