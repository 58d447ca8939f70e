import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'

/** The name, among the settings, of the last place up to which events were deleted for their age. */
export const deletedToSetting = 'events_deleted_to'

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

  /** The same for what failed tries met. */
  async deleteFailures(tx: Tx, before: Date, limit: number): Promise<number> {
    const old = await tx
      .selectFrom('delivery_failures')
      .select(['endpoint_id', 'event_id', 'attempt'])
      .where('at', '<', before.getTime())
      .orderBy('at')
      .limit(limit)
      .execute()
    for (const { endpoint_id, event_id, attempt } of old) {
      await tx
        .deleteFrom('delivery_failures')
        .where('endpoint_id', '=', endpoint_id)
        .where('event_id', '=', event_id)
        .where('attempt', '=', attempt)
        .execute()
    }
    return old.length
  }

  /**
   * The same for events, with what was put on its way once more since: a delivery without its event is never made. Keeps up to
   * which place they went, for those who come back from before it.
   */
  async deleteEvents(tx: Tx, before: Date, limit: number, now: Date): Promise<number> {
    const front = await tx
      .selectFrom('events')
      .select(['position', 'created_at'])
      .orderBy('position')
      .limit(limit)
      .execute()
    const last = lastBefore(front, before)
    if (last === null) return 0
    await tx
      .deleteFrom('deliveries')
      .where('event_id', 'in', (events) =>
        events.selectFrom('events').select('events.id').where('events.position', '<=', last.position),
      )
      .execute()
    const { numDeletedRows } = await tx
      .deleteFrom('events')
      .where('position', '<=', last.position)
      .executeTakeFirstOrThrow()
    const row = { value: String(last.position), updated_at: now.getTime() }
    await tx
      .insertInto('settings')
      .values({ name: deletedToSetting, ...row })
      .onConflict((conflict) =>
        // Another gateway on the same database may have been further.
        conflict
          .column('name')
          .doUpdateSet(row)
          .where(sql`cast(settings.value as bigint)`, '<', last.position),
      )
      .execute()
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
