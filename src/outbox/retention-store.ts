import type { Tx } from '../db/database.ts'

/**
 * Deletes old rows of `deliveries` and `events`, a few at a time. Neither has an index on its time and needs none: ids
 * grow with time, so what is old is at the front.
 */
export class RetentionStore {
  /** Deletes up to `limit` of the oldest deliveries if made before `before`; resolves to their number. */
  async deleteDeliveries(tx: Tx, before: Date, limit: number): Promise<number> {
    const front = await tx
      .selectFrom('deliveries')
      .select(['id', 'created_at'])
      .orderBy('id')
      .limit(limit)
      .execute()
    const last = lastBefore(front, before)
    if (last === null) return 0
    const { numDeletedRows } = await tx
      .deleteFrom('deliveries')
      .where('id', '<=', last.id)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }

  /** The same for events. Delete their deliveries first: a delivery without its event is never made. */
  async deleteEvents(tx: Tx, before: Date, limit: number): Promise<number> {
    const front = await tx
      .selectFrom('events')
      .select(['position', 'created_at'])
      .orderBy('position')
      .limit(limit)
      .execute()
    const last = lastBefore(front, before)
    if (last === null) return 0
    const { numDeletedRows } = await tx
      .deleteFrom('events')
      .where('position', '<=', last.position)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }
}

/** The end of the run of old rows at the front. */
function lastBefore<Row extends { readonly created_at: number }>(
  rows: readonly Row[],
  before: Date,
): Row | null {
  const firstKept = rows.findIndex((row) => row.created_at >= before.getTime())
  return (firstKept === -1 ? rows.at(-1) : rows[firstKept - 1]) ?? null
}
