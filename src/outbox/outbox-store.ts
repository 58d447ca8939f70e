import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { NewEvent } from '../core/event-envelope.ts'
import { type DeviceId, newEventId } from '../core/ids.ts'
import type { Tx } from '../db/database.ts'
import type { EndpointDirectory, Outbox } from './outbox.ts'

/** The outbox in the database: the tables `events` and `deliveries`, and `devices.event_seq`. */
export class SqlOutbox implements Outbox {
  readonly #endpoints: EndpointDirectory
  readonly #clock: Clock
  readonly #onWake: () => void

  constructor(deps: {
    readonly endpoints: EndpointDirectory
    readonly clock: Clock
    /** Called by `wake`; the relay's. */
    readonly onWake: () => void
  }) {
    this.#endpoints = deps.endpoints
    this.#clock = deps.clock
    this.#onWake = deps.onWake
  }

  async append(tx: Tx, deviceId: DeviceId, event: NewEvent): Promise<boolean> {
    const now = this.#clock.now()
    // First, because it locks the device's row: on PostgreSQL two writers of one device then take turns, so numbers
    // and delivery ids become visible in their order.
    const device = await tx
      .updateTable('devices')
      .set((set) => ({ event_seq: set('event_seq', '+', 1) }))
      .where('id', '=', deviceId)
      .returning('event_seq')
      .executeTakeFirst()
    if (device === undefined) throw new AppError('device_not_found')

    const id = newEventId(now)
    const inserted = await tx
      .insertInto('events')
      .values({
        id,
        device_id: deviceId,
        seq: device.event_seq,
        kind: event.kind,
        lane: event.lane,
        dedupe_key: event.dedupeKey,
        body: JSON.stringify(event.body),
        created_at: now.getTime(),
      })
      .onConflict((conflict) => conflict.columns(['device_id', 'dedupe_key']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (inserted === undefined) {
      await this.#giveNumberBack(tx, deviceId)
      return false
    }

    const endpoints = this.#endpoints.wanting(deviceId, event)
    if (endpoints.length > 0) {
      const row = {
        event_id: id,
        device_id: deviceId,
        lane: event.lane,
        state: 'pending',
        attempts: 0,
        next_attempt_at: now.getTime(),
        created_at: now.getTime(),
      }
      await tx
        .insertInto('deliveries')
        .values(endpoints.map((endpoint_id) => ({ endpoint_id, ...row })))
        .execute()
    }
    return true
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
