import { ALL_WA_PATCH_NAMES, type AuthenticationCreds, type WASocket } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { DeviceKeys } from './device-keys.ts'
import { messageTurn } from './message-turn.ts'

export interface AppStateSyncDeps {
  readonly socket: Pick<WASocket, 'resyncAppState'>
  readonly keys: Pick<DeviceKeys, 'creds' | 'keys'>
  readonly isAlive: () => boolean
  readonly clock: Clock
  readonly logger: Logger
}

/** Times between attempts to get the account's state; the last one repeats. */
const retryDelaysMs = [30_000, 120_000, 600_000]

/**
 * Fetches the account's state (names, archived and muted chats) once after linking, beside everything else. Baileys would do
 * it inside the handling of the first piece of history, and while WhatsApp does not answer no message would be handled.
 */
export class AppStateSync {
  readonly #deps: AppStateSyncDeps
  #attempts = 0
  #isRunning = false

  constructor(deps: AppStateSyncDeps) {
    this.#deps = deps
  }

  /** Begins when it is due: the phone has shared its key and nothing was fetched yet. Never rejects. */
  async begin(): Promise<void> {
    const { socket, keys, isAlive, clock, logger } = this.#deps
    if (this.#isRunning || !keys.creds.myAppStateKeyId) return
    this.#isRunning = true
    try {
      const known = await keys.keys.get('app-state-sync-version', [...ALL_WA_PATCH_NAMES])
      if (!isAlive() || Object.keys(known).length > 0) return
      // The key comes in a message, whose turn this must not keep.
      await messageTurn.exit(() => socket.resyncAppState(ALL_WA_PATCH_NAMES, true))
    } catch (error) {
      if (!isAlive()) return
      logger.warn({ reason: toError(error).message }, "the account's state could not be fetched yet")
      const delayMs = retryDelaysMs[Math.min(this.#attempts++, retryDelaysMs.length - 1)] ?? 0
      clock.after(delayMs, () => {
        if (isAlive()) void this.begin()
      })
    } finally {
      this.#isRunning = false
    }
  }
}

/**
 * Keeps Baileys from fetching the account's state by itself, and from holding events back for up to 20 s after the first
 * login: to it this is a device that has synced before (rc14 lib/Socket/chats.js, `accountSyncCounter`).
 */
export function markSynced(creds: AuthenticationCreds): void {
  if (creds.accountSyncCounter === 0) creds.accountSyncCounter = 1
}
