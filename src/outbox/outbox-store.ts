import type { Insertable } from 'kysely'
import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { EventEnvelope, NewEvent } from '../core/event-envelope.ts'
import { type DeviceId, newEventId } from '../core/ids.ts'
import type { Tracing } from '../core/tracing.ts'
import type { Database, Tx } from '../db/database.ts'
import { PreparedQuery, rowOf } from '../db/prepared-query.ts'
import type { BodyChange, EndpointDirectory, Outbox } from './outbox.ts'

type Body = EventEnvelope['body']

/** What becomes of an event that waits. */
interface HeldChange {
  readonly deviceId: DeviceId
  readonly dedupeKey: string
  readonly change: BodyChange | null
  readonly columns: { readonly held_until?: null }
}

/** The outbox in the database: the tables `events` and `deliveries`, and `devices.event_seq`. */
export class SqlOutbox implements Outbox {
  readonly #endpoints: EndpointDirectory
  readonly #clock: Clock
  readonly #onWake: () => void
  readonly #onRelease: (deviceId: DeviceId, lane: string) => void
  readonly #tracing: Pick<Tracing, 'current'> | null

  constructor(deps: {
    readonly endpoints: EndpointDirectory
    readonly clock: Clock
    /** Called by `wake`; the relay's. */
    readonly onWake: () => void
    /** Called by `released`; the relay's. */
    readonly onRelease?: (deviceId: DeviceId, lane: string) => void
    /** Tells the span that an event is appended in. */
    readonly tracing?: Pick<Tracing, 'current'> | null
  }) {
    this.#endpoints = deps.endpoints
    this.#clock = deps.clock
    this.#onWake = deps.onWake
    this.#onRelease = deps.onRelease ?? (() => undefined)
    this.#tracing = deps.tracing ?? null
  }

  async append(tx: Tx, deviceId: DeviceId, event: NewEvent): Promise<boolean> {
    const now = this.#clock.now()
    // First, because it locks the device's row: on PostgreSQL two writers of one device then take turns, so numbers
    // and delivery ids become visible in their order.
    const device = await takeNumber.first(tx, { deviceId })
    if (device === undefined) throw new AppError('device_not_found')

    const id = newEventId(now)
    const inserted = await insertEvent.first(tx, {
      id,
      device_id: deviceId,
      seq: device.event_seq,
      kind: event.kind,
      lane: event.lane,
      dedupe_key: event.dedupeKey,
      body: JSON.stringify(event.body),
      created_at: now.getTime(),
      held_until: event.holdMs === undefined ? null : now.getTime() + event.holdMs,
      traceparent: event.traceparent ?? this.#tracing?.current ?? null,
    })
    if (inserted === undefined) {
      await this.#giveNumberBack(tx, deviceId)
      return false
    }

    for (const endpoint_id of this.#endpoints.wanting(deviceId, event)) {
      await insertDelivery.run(tx, {
        endpoint_id,
        event_id: id,
        device_id: deviceId,
        lane: event.lane,
        next_attempt_at: now.getTime(),
        created_at: now.getTime(),
      })
    }
    return true
  }

  complete(tx: Tx, deviceId: DeviceId, dedupeKey: string, change: BodyChange | null): Promise<Body | null> {
    return this.#changeHeld(tx, { deviceId, dedupeKey, change, columns: { held_until: null } })
  }

  amend(tx: Tx, deviceId: DeviceId, dedupeKey: string, change: BodyChange | null): Promise<Body | null> {
    return this.#changeHeld(tx, { deviceId, dedupeKey, change, columns: {} })
  }

  async #changeHeld(tx: Tx, { deviceId, dedupeKey, change, columns }: HeldChange): Promise<Body | null> {
    const held = await tx
      .selectFrom('events')
      .select(['id', 'body'])
      .where('device_id', '=', deviceId)
      .where('dedupe_key', '=', dedupeKey)
      .where('held_until', 'is not', null)
      .executeTakeFirst()
    if (held === undefined) return null
    const before = JSON.parse(held.body) as Body // written by `append` from such an object
    const body = change === null ? before : change(before)
    const written = { ...columns, ...(change === null ? {} : { body: JSON.stringify(body) }) }
    if (Object.keys(written).length > 0)
      await tx.updateTable('events').set(written).where('id', '=', held.id).execute()
    return body
  }

  released(deviceId: DeviceId, lane: string): void {
    this.#onRelease(deviceId, lane)
  }

  wake(): void {
    this.#onWake()
  }

  /** The row is locked since the number was taken, so nobody has taken a later one. */
  async #giveNumberBack(tx: Tx, deviceId: DeviceId): Promise<void> {
    await tx
      .updateTable('devices')
      .set((set) => ({ event_seq: set('event_seq', '-', 1) }))
      .where('id', '=', deviceId)
      .execute()
  }
}

const takeNumber = new PreparedQuery((db, values: { readonly deviceId: DeviceId }) =>
  db
    .updateTable('devices')
    .set((set) => ({ event_seq: set('event_seq', '+', 1) }))
    .where('id', '=', values.deviceId)
    .returning('event_seq'),
)

type EventRow = Omit<Insertable<Database['events']>, 'position'>

const insertEvent = new PreparedQuery((db, row: EventRow) =>
  db
    .insertInto('events')
    .values(
      rowOf(row, [
        'id',
        'device_id',
        'seq',
        'kind',
        'lane',
        'dedupe_key',
        'body',
        'created_at',
        'held_until',
        'traceparent',
      ]),
    )
    .onConflict((conflict) => conflict.columns(['device_id', 'dedupe_key']).doNothing())
    .returning('id'),
)

type DeliveryRow = Pick<
  Insertable<Database['deliveries']>,
  'endpoint_id' | 'event_id' | 'device_id' | 'lane' | 'next_attempt_at' | 'created_at'
>

const insertDelivery = new PreparedQuery((db, row: DeliveryRow) =>
  db.insertInto('deliveries').values({
    ...rowOf(row, ['endpoint_id', 'event_id', 'device_id', 'lane', 'next_attempt_at', 'created_at']),
    state: 'pending',
    attempts: 0,
  }),
)
