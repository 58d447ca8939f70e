import { sql } from 'kysely'
import type { EventEnvelope, EventKind } from '../core/event-envelope.ts'
import { asDeviceId, asEventId, type DeviceId, type EventId } from '../core/ids.ts'
import type { TraceParent } from '../core/tracing.ts'
import type { Db, Tx } from '../db/database.ts'
import { PreparedQuery, prefersSingleRows } from '../db/prepared-query.ts'

/** A delivery not yet settled, found while looking for work. */
export interface PendingMark {
  readonly id: number
  readonly deviceId: DeviceId
  readonly lane: string
}

/** A delivery to try, with the event it carries. */
export interface PendingDelivery {
  readonly id: number
  /** Failed tries so far. */
  readonly attempts: number
  readonly nextAttemptAt: Date
  /** When it was put on its way: with the event, or when a retry or replay was asked for. */
  readonly queuedAt: Date
  /** The event waits for something until then, unless that comes before. */
  readonly heldUntil: Date | null
  /** The span that the event came of; null where nothing was traced. */
  readonly traceparent: TraceParent | null
  readonly envelope: EventEnvelope
}

interface Tried {
  readonly id: number
  readonly status: number | null
  readonly startedAt: Date
  readonly durationMs: number
}

interface Failed extends Tried {
  readonly error: string
  readonly endpointId: string
  readonly deviceId: DeviceId
  readonly eventId: EventId
  readonly attempt: number
}

/** What became of a try. `retry` keeps the delivery pending until `nextAttemptAt`. */
export type Settlement =
  | ({ readonly state: 'delivered' } & Tried)
  | ({ readonly state: 'dead' } & Failed)
  | ({ readonly state: 'retry'; readonly nextAttemptAt: Date } & Failed)

/** How much an endpoint has still to get. */
export interface Backlog {
  readonly endpointId: string
  readonly pending: number
  /** Since when the oldest waits; null when nothing does. */
  readonly oldestAt: Date | null
}

/** Reads and settles rows of `deliveries`. */
export class DeliveryStore {
  /** How many deliveries each of these endpoints waits for. */
  async backlog(db: Db, endpointIds: readonly string[]): Promise<Backlog[]> {
    if (endpointIds.length === 0) return []
    const rows = await db
      .selectFrom('deliveries')
      .select(({ fn }) => ['endpoint_id', fn.countAll().as('pending'), fn.min('id').as('first_id')])
      .where('state', '=', 'pending')
      .where('endpoint_id', 'in', endpointIds)
      .groupBy('endpoint_id')
      .execute()
    const firstIds = rows.map(({ first_id }) => first_id)
    const first = db.selectFrom('deliveries').select(['endpoint_id', 'created_at'])
    const oldest = rows.length === 0 ? [] : await first.where('id', 'in', firstIds).execute()
    return endpointIds.map((endpointId) => {
      const pending = rows.find((row) => row.endpoint_id === endpointId)?.pending ?? 0
      const since = oldest.find((row) => row.endpoint_id === endpointId)?.created_at
      return { endpointId, pending: Number(pending), oldestAt: since === undefined ? null : new Date(since) }
    })
  }

  /** Pending deliveries of an endpoint with an id above `afterId`, in order of id. */
  async pendingMarks(db: Db, endpointId: string, afterId: number, limit: number): Promise<PendingMark[]> {
    const rows = await selectMarks.all(db, { endpointId, afterId, limit })
    return rows.map((row) => ({ id: row.id, deviceId: asDeviceId(row.device_id), lane: row.lane }))
  }

  /** The first pending deliveries of one lane with an id above `afterId`: what has to go out next, in this order. */
  async headOfLane(
    db: Db,
    endpointId: string,
    lane: { readonly deviceId: DeviceId; readonly lane: string },
    afterId: number,
    limit: number,
  ): Promise<PendingDelivery[]> {
    const rows = await selectHead.all(db, { endpointId, ...lane, afterId, limit })
    return rows.map((row) => ({
      id: row.delivery_id,
      attempts: row.attempts,
      nextAttemptAt: new Date(row.next_attempt_at),
      queuedAt: new Date(row.queued_at),
      heldUntil: row.held_until === null ? null : new Date(row.held_until),
      traceparent: row.traceparent,
      envelope: toEnvelope(row),
    }))
  }

  /** Writes down what became of tries. Applying the same settlements again changes nothing but the count of tries. */
  async settle(tx: Tx, settlements: readonly Settlement[], at: Date): Promise<void> {
    const delivered = settlements.filter((settlement) => settlement.state === 'delivered')
    if (prefersSingleRows(tx)) {
      for (const { id, status, durationMs, startedAt } of delivered)
        await settleDelivered.run(tx, {
          id,
          status,
          durationMs,
          startedAt: startedAt.getTime(),
          at: at.getTime(),
        })
    } else if (delivered.length > 0) await this.#settleDelivered(tx, delivered, at)
    for (const settlement of settlements) {
      if (settlement.state !== 'delivered') await this.#settleFailure(tx, settlement)
    }
  }

  /** All in one statement, for PostgreSQL, where each costs a way there and back. */
  async #settleDelivered(tx: Tx, delivered: readonly Tried[], at: Date): Promise<void> {
    const ids = delivered.map(({ id }) => id)
    const statuses = delivered.map(({ status }) => status)
    const starts = delivered.map(({ startedAt }) => startedAt.getTime())
    const durations = delivered.map(({ durationMs }) => durationMs)
    await sql`
      update deliveries set state = 'delivered', attempts = attempts + 1, last_status = tried.status,
        last_error = null, last_attempt_at = tried.started_at, last_duration_ms = tried.duration_ms,
        delivered_at = ${at.getTime()}
      from unnest(${ids}::bigint[], ${statuses}::int[], ${starts}::bigint[], ${durations}::int[])
        as tried (id, status, started_at, duration_ms)
      where deliveries.id = tried.id
    `.execute(tx)
  }

  async #settleFailure(tx: Tx, settlement: Exclude<Settlement, { state: 'delivered' }>): Promise<void> {
    await tx
      .updateTable('deliveries')
      .set((set) => ({
        state: settlement.state === 'dead' ? 'dead' : 'pending',
        attempts: set('attempts', '+', 1),
        last_status: settlement.status,
        last_error: settlement.error.slice(0, 500),
        last_attempt_at: settlement.startedAt.getTime(),
        last_duration_ms: settlement.durationMs,
        ...(settlement.state === 'retry' ? { next_attempt_at: settlement.nextAttemptAt.getTime() } : {}),
      }))
      .where('id', '=', settlement.id)
      .execute()
    await tx
      .insertInto('delivery_failures')
      .values({
        endpoint_id: settlement.endpointId,
        event_id: settlement.eventId,
        device_id: settlement.deviceId,
        attempt: settlement.attempt,
        at: settlement.startedAt.getTime(),
        duration_ms: settlement.durationMs,
        status: settlement.status,
        error: settlement.error.slice(0, 500),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

interface Delivered {
  readonly id: number
  readonly status: number | null
  readonly startedAt: number
  readonly durationMs: number
  readonly at: number
}

const settleDelivered = new PreparedQuery((db, values: Delivered) =>
  db
    .updateTable('deliveries')
    .set((set) => ({
      state: 'delivered',
      attempts: set('attempts', '+', 1),
      last_status: values.status,
      last_error: null,
      last_attempt_at: values.startedAt,
      last_duration_ms: values.durationMs,
      delivered_at: values.at,
    }))
    .where('id', '=', values.id),
)

interface FromMark {
  readonly endpointId: string
  readonly afterId: number
  readonly limit: number
}

const selectMarks = new PreparedQuery((db, values: FromMark) =>
  db
    .selectFrom('deliveries')
    .select(['id', 'device_id', 'lane'])
    .where('endpoint_id', '=', values.endpointId)
    // Written out, since the partial index is used only where its condition stands literally.
    .where(sql<boolean>`state = 'pending'`)
    .where('id', '>', values.afterId)
    .orderBy('id')
    .limit(values.limit),
)

interface FromHead extends FromMark {
  readonly deviceId: DeviceId
  readonly lane: string
}

const selectHead = new PreparedQuery((db, values: FromHead) =>
  db
    .selectFrom('deliveries')
    .innerJoin('events', 'events.id', 'deliveries.event_id')
    .select([
      'deliveries.id as delivery_id',
      'deliveries.attempts',
      'deliveries.next_attempt_at',
      'deliveries.created_at as queued_at',
      'events.id',
      'events.device_id',
      'events.seq',
      'events.kind',
      'events.lane',
      'events.body',
      'events.created_at',
      'events.held_until',
      'events.traceparent',
    ])
    .where('deliveries.endpoint_id', '=', values.endpointId)
    .where('deliveries.device_id', '=', values.deviceId)
    .where('deliveries.lane', '=', values.lane)
    .where(sql<boolean>`deliveries.state = 'pending'`)
    .where('deliveries.id', '>', values.afterId)
    .orderBy('deliveries.id')
    .limit(values.limit),
)

/** A row of `events`, as far as an envelope is made of it. */
export interface EventRow {
  readonly id: string
  readonly device_id: string
  readonly seq: number
  readonly kind: string
  readonly lane: string
  readonly body: string
  readonly created_at: number
}

/** Makes the envelope of a row. */
export function toEnvelope(row: EventRow): EventEnvelope {
  return {
    id: asEventId(row.id),
    deviceId: asDeviceId(row.device_id),
    seq: row.seq,
    kind: row.kind as EventKind, // written by SqlOutbox from the same union
    lane: row.lane,
    body: JSON.parse(row.body) as EventEnvelope['body'], // written by SqlOutbox from such an object
    createdAt: new Date(row.created_at),
  }
}
