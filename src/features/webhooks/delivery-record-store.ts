import { sql } from 'kysely'
import type { EventKind } from '../../core/event-envelope.ts'
import { asDeviceId, asEventId, type DeviceId, type EventId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'

export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** One event on its way to one endpoint, as it is looked at. Bodies are the event log's. */
export interface DeliveryRecord {
  /** Place in the list; a retry or replay gives a new one. */
  readonly position: number
  readonly endpointId: string
  readonly eventId: EventId
  readonly deviceId: DeviceId
  readonly kind: EventKind
  readonly seq: number
  readonly state: DeliveryState
  readonly attempts: number
  readonly queuedAt: Date
  readonly nextAttemptAt: Date | null
  readonly lastAttemptAt: Date | null
  readonly lastDurationMs: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly deliveredAt: Date | null
}

/** What one try that failed met. */
export interface DeliveryFailure {
  readonly attempt: number
  readonly at: Date
  readonly durationMs: number
  readonly status: number | null
  readonly error: string
}

/** Which deliveries to list, newest first, before `before` in the list. */
export interface DeliveryFilter {
  readonly endpointId?: string
  readonly deviceId?: string
  readonly state?: DeliveryState
  readonly before?: number
  readonly limit: number
}

/** An event that may be put on its way once more. */
export interface PastEvent {
  readonly position: number
  readonly id: EventId
  readonly deviceId: DeviceId
  readonly kind: EventKind
  readonly lane: string
  readonly body: string
}

/** Which past events: everything given has to hold. */
export interface PastEventFilter {
  readonly deviceId?: string
  readonly kinds?: readonly string[]
  readonly since?: Date
  readonly until?: Date
}

/** Reads deliveries for people, and puts events on their way once more. */
export class DeliveryRecordStore {
  async list(db: Db, filter: DeliveryFilter): Promise<DeliveryRecord[]> {
    const { endpointId, deviceId, state, before } = filter
    let query = selectRecords(db).orderBy('deliveries.id', 'desc').limit(filter.limit)
    const hasIndex = state === 'pending' || state === 'dead'
    // Otherwise not the bare column: SQLite would take the index that begins with it, and sort all of the endpoint's for a few.
    const endpoint = hasIndex ? sql.ref('deliveries.endpoint_id') : sql`deliveries.endpoint_id || ''`
    if (endpointId !== undefined) query = query.where(sql<boolean>`${endpoint} = ${endpointId}`)
    if (deviceId !== undefined) query = query.where('deliveries.device_id', '=', deviceId)
    // Written out, since the partial indexes are used only where their condition stands literally.
    if (state !== undefined) query = query.where(sql<boolean>`deliveries.state = ${sql.lit(state)}`)
    if (before !== undefined) query = query.where('deliveries.id', '<', before)
    return (await query.execute()).map(toRecord)
  }

  async find(db: Db, endpointId: string, eventId: string): Promise<DeliveryRecord | null> {
    const row = await selectRecords(db)
      .where('deliveries.endpoint_id', '=', endpointId)
      .where('deliveries.event_id', '=', eventId)
      .executeTakeFirst()
    return row === undefined ? null : toRecord(row)
  }

  /** What the failed tries of one delivery met, oldest first. */
  async failures(db: Db, endpointId: string, eventId: string): Promise<DeliveryFailure[]> {
    const rows = await db
      .selectFrom('delivery_failures')
      .selectAll()
      .where('endpoint_id', '=', endpointId)
      .where('event_id', '=', eventId)
      .orderBy('attempt')
      .execute()
    return rows.map((row) => ({
      attempt: row.attempt,
      at: new Date(row.at),
      durationMs: row.duration_ms,
      status: row.status,
      error: row.error,
    }))
  }

  /** The next events of the log behind `after`, oldest first. */
  async pastEvents(db: Db, filter: PastEventFilter, after: number, limit: number): Promise<PastEvent[]> {
    const { deviceId, kinds, since, until } = filter
    let query = db
      .selectFrom('events')
      .selectAll()
      .where('position', '>', after)
      .orderBy('position')
      .limit(limit)
    // As in `list`: every page would read and sort all of the device's events.
    if (deviceId !== undefined) query = query.where(sql<boolean>`device_id || '' = ${deviceId}`)
    if (kinds !== undefined && kinds.length > 0) query = query.where('kind', 'in', [...kinds])
    if (since !== undefined) query = query.where('created_at', '>=', since.getTime())
    if (until !== undefined) query = query.where('created_at', '<=', until.getTime())
    return (await query.execute()).map((row) => ({
      position: row.position,
      id: asEventId(row.id),
      deviceId: asDeviceId(row.device_id),
      kind: row.kind as EventKind, // written by SqlOutbox from the same union
      lane: row.lane,
      body: row.body,
    }))
  }

  /** The state of an event's delivery to an endpoint; null when there is none. */
  async stateOf(db: Db, endpointId: string, eventId: EventId): Promise<DeliveryState | null> {
    const row = await db
      .selectFrom('deliveries')
      .select('state')
      .where('endpoint_id', '=', endpointId)
      .where('event_id', '=', eventId)
      .executeTakeFirst()
    return row === undefined ? null : (row.state as DeliveryState) // written by our stores from the same union
  }

  /**
   * Puts an event on its way to an endpoint, behind everything that waits for it, whether it was delivered before or not.
   * The count of tries goes on. False when it is on its way already.
   */
  async enqueue(tx: Tx, endpointId: string, event: Pick<PastEvent, 'id' | 'deviceId' | 'lane'>, at: Date) {
    // A new row, because workers go through them by id.
    const former = await tx
      .deleteFrom('deliveries')
      .where('endpoint_id', '=', endpointId)
      .where('event_id', '=', event.id)
      .where('state', '<>', 'pending')
      .returning('attempts')
      .executeTakeFirst()
    const inserted = await tx
      .insertInto('deliveries')
      .values({
        endpoint_id: endpointId,
        event_id: event.id,
        device_id: event.deviceId,
        lane: event.lane,
        state: 'pending',
        attempts: former?.attempts ?? 0,
        next_attempt_at: at.getTime(),
        created_at: at.getTime(),
      })
      .onConflict((conflict) => conflict.columns(['endpoint_id', 'event_id']).doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  /** The event itself. */
  async event(db: Db, eventId: string): Promise<PastEvent | null> {
    const row = await db.selectFrom('events').selectAll().where('id', '=', eventId).executeTakeFirst()
    if (row === undefined) return null
    const { position, lane, body } = row
    const kind = row.kind as EventKind // written by SqlOutbox from the same union
    return { position, id: asEventId(row.id), deviceId: asDeviceId(row.device_id), kind, lane, body }
  }
}

function selectRecords(db: Db) {
  return db
    .selectFrom('deliveries')
    .innerJoin('events', 'events.id', 'deliveries.event_id')
    .selectAll('deliveries')
    .select(['events.kind', 'events.seq'])
}

type RecordRow = Awaited<ReturnType<ReturnType<typeof selectRecords>['execute']>>[number]

function toRecord(row: RecordRow): DeliveryRecord {
  const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms))
  return {
    position: row.id,
    endpointId: row.endpoint_id,
    eventId: asEventId(row.event_id),
    deviceId: asDeviceId(row.device_id),
    kind: row.kind as EventKind, // written by SqlOutbox from the same union
    seq: row.seq,
    state: row.state as DeliveryState, // written by our stores from the same union
    attempts: row.attempts,
    queuedAt: new Date(row.created_at),
    nextAttemptAt: row.state === 'pending' ? new Date(row.next_attempt_at) : null,
    lastAttemptAt: dateOf(row.last_attempt_at),
    lastDurationMs: row.last_duration_ms,
    lastStatus: row.last_status,
    lastError: row.last_error,
    deliveredAt: dateOf(row.delivered_at),
  }
}
