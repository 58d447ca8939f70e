import type { Tx } from '../../db/database.ts'
import type { KeyDatabase } from './key-row-store.ts'

const rowsPerPruning = 500

/**
 * Deletes the kept plaintexts of all devices that are older than `olderThan`, in steps that hold nobody up; resolves with
 * how many there were.
 */
export async function pruneDecrypted({ inTransaction }: KeyDatabase, olderThan: Date): Promise<number> {
  let total = 0
  for (;;) {
    const count = await inTransaction((tx) => pruneStep(tx, olderThan))
    total += count
    if (count < rowsPerPruning) return total
  }
}

async function pruneStep(tx: Tx, olderThan: Date): Promise<number> {
  const rows = await tx
    .selectFrom('decrypted_messages')
    .select(['device_id', 'ciphertext_hash'])
    .where('decrypted_at', '<', olderThan.getTime())
    .orderBy('decrypted_at')
    .limit(rowsPerPruning)
    .execute()
  for (const [device, group] of Map.groupBy(rows, (row) => row.device_id)) {
    const hashes = group.map((row) => row.ciphertext_hash)
    await tx
      .deleteFrom('decrypted_messages')
      .where('device_id', '=', device)
      .where('ciphertext_hash', 'in', hashes)
      .execute()
  }
  return rows.length
}
