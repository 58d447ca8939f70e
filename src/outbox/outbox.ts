import type { EventEnvelope, EventKind, NewEvent } from '../core/event-envelope.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Tx } from '../db/database.ts'

/**
 * Where facts become events. An event is appended in the transaction that writes the state it tells of, so there is
 * never one without the other; everything outward (webhooks, WebSocket) is delivered from what was committed here.
 */
export interface Outbox {
  /**
   * Adds `event` to the device's log, with one delivery for every endpoint that wants it. Resolves to `false`, having
   * changed nothing, when the device's log already holds an event with the same `dedupeKey`.
   * Rejects with `device_not_found` when there is no such device.
   */
  append(tx: Tx, deviceId: DeviceId, event: NewEvent): Promise<boolean>
  /**
   * Ends the wait of an event that was appended with `holdMs`, with another body when `change` makes one. Resolves to the
   * event's body, or to null, having changed nothing, when it is unknown or was completed before. Call `released` after the
   * commit.
   */
  complete(
    tx: Tx,
    deviceId: DeviceId,
    dedupeKey: string,
    change: BodyChange | null,
  ): Promise<EventEnvelope['body'] | null>
  /** As `complete`, but the event goes on waiting; when its time is up before, it goes as it has become. */
  amend(
    tx: Tx,
    deviceId: DeviceId,
    dedupeKey: string,
    change: BodyChange | null,
  ): Promise<EventEnvelope['body'] | null>
  /** Tells the relay, after the commit, that an event of this lane waits no longer; a lost hint costs the rest of the wait. */
  released(deviceId: DeviceId, lane: string): void
  /** Tells the relay that something was committed. Call it after the commit; a hint only, a lost one costs a poll. */
  wake(): void
}

/** Makes the body that goes out from the one that was appended. */
export type BodyChange = (body: EventEnvelope['body']) => EventEnvelope['body']

/** Which endpoints want an event. The answer is needed inside a transaction, so it comes from memory. */
export interface EndpointDirectory {
  /** Ids of the active endpoints that `event` of this device goes to; empty when nobody wants it. */
  wanting(
    deviceId: DeviceId,
    event: { readonly kind: EventKind; readonly body: NewEvent['body'] },
  ): readonly string[]
}
