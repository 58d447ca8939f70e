import type { DeviceId } from '../core/ids.ts'
import type { Jid } from '../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import type { Account, CloseReason } from '../whatsapp/whatsapp-session.ts'

/** A slot as the sessions need to know it at start. */
export interface RegisteredDevice {
  readonly id: DeviceId
  /** Whether the account's credentials were good when the gateway last knew. */
  readonly isLinked: boolean
}

/**
 * Where the sessions write down what happened to a device. Each call is one transaction that commits the state and the
 * event that tells of it; a rejection means that nothing was written.
 */
export interface DeviceRegistry {
  /** Every slot, oldest first. */
  all(): Promise<readonly RegisteredDevice[]>
  /** The phone accepted the link. `account` may be another one than the slot had before. */
  applyLinked(deviceId: DeviceId, account: Account): Promise<void>
  /** The connection is open and authenticated. */
  applyConnected(deviceId: DeviceId, account: Account): Promise<void>
  /** The account's own name changed. */
  applyRenamed(deviceId: DeviceId, account: Account): Promise<void>
  /** A code to scan is there; the next one replaces it. */
  applyQr(deviceId: DeviceId, code: { readonly text: string; readonly expiresAt: Date }): Promise<void>
  /** A connection was open and deaf: nothing came on it for `silentForMs`, not even the answer to a question. */
  applyDeaf(deviceId: DeviceId, silentForMs: number): Promise<void>
  /** A connection that was open has ended. */
  applyDisconnected(deviceId: DeviceId, reason: CloseReason): Promise<void>
  /** The link is gone; the slot and its history stay. */
  applyLoggedOut(deviceId: DeviceId, reason: CloseReason): Promise<void>
}

/** Commits what WhatsApp told about one account; the inbox is one. */
export interface EventApplier {
  apply(deviceId: DeviceId, account: Jid, events: readonly WhatsAppEvent[]): Promise<void>
}
