import type { DeviceId } from '../../core/ids.ts'

/** A stanza as the journal keeps it. */
export interface JournaledStanza {
  /** Same for every redelivery of the stanza (`stanzaKey`). */
  readonly key: string
  readonly node: Uint8Array
  readonly receivedAt: Date
}

/** The write-ahead journal of inbound stanzas: what is in it has arrived and is not yet settled. */
export interface StanzaJournal {
  /** Resolves once all are durable. One that is there already stays as it is. */
  add(device: DeviceId, stanzas: readonly JournaledStanza[]): Promise<void>
  /** Everything not settled, in the order of arrival. */
  unsettled(device: DeviceId): Promise<JournaledStanza[]>
  /** Settles: what the stanzas led to is committed, they need not come again. */
  settle(device: DeviceId, keys: readonly string[]): Promise<void>
  /** Forgets everything of a device whose link is gone. */
  clear(device: DeviceId): Promise<void>
}
