import type { DeviceId } from '../core/ids.ts'
import type { Account, CloseReason, SessionHealth } from '../whatsapp/whatsapp-session.ts'

/**
 * Where a device's connection is in its life. `idle`: none wanted (never linked, unlinked, or a pairing nobody
 * completed). `waiting`: another attempt follows by itself. `parked`: linked, but only a command goes on.
 */
export type SessionPhase = 'idle' | 'connecting' | 'pairing' | 'open' | 'waiting' | 'parked'

/** What is known of a device's connection right now. */
export interface SessionStatus {
  readonly deviceId: DeviceId
  readonly phase: SessionPhase
  /** The socket is up and has shown life lately. */
  readonly isConnected: boolean
  /** Connected and authenticated: ready to send. */
  readonly isLoggedIn: boolean
  /** The account's credentials are good as far as known. */
  readonly isLinked: boolean
  /** Why the last connection ended; null while one lives. */
  readonly closeReason: CloseReason | null
  /** When the next attempt is due, while `waiting`. */
  readonly retryAt: Date | null
  readonly health: SessionHealth | null
}

/** A code to scan, valid until `expiresAt`. */
export interface QrCode {
  readonly text: string
  readonly shownAt: Date
  readonly expiresAt: Date
}

/** What subscribers hear about a device. */
export type DeviceChange =
  /** Phase or evidence changed; ask for the status. */
  | { readonly type: 'status'; readonly deviceId: DeviceId }
  /** The phone accepted the link. */
  | { readonly type: 'paired'; readonly deviceId: DeviceId; readonly account: Account }
  /** The link is gone: by our own logout (`request`) or on the phone. */
  | { readonly type: 'logged-out'; readonly deviceId: DeviceId; readonly by: 'request' | 'phone' }
  /** The slot was deleted. */
  | { readonly type: 'removed'; readonly deviceId: DeviceId }

export type DeviceChangeListener = (change: DeviceChange) => void
