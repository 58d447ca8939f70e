import { ALL_WA_PATCH_NAMES, type AuthenticationCreds, type BinaryNode, type WASocket } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { DeviceKeys } from './device-keys.ts'
import { childrenOf } from './incoming/node-reading.ts'
import { messageTurn } from './message-turn.ts'
import { within } from './time-limit.ts'

export interface AppStateSyncDeps {
  readonly socket: Pick<WASocket, 'resyncAppState'>
  readonly keys: Pick<DeviceKeys, 'creds' | 'keys'>
  readonly isAlive: () => boolean
  readonly clock: Clock
  readonly logger: Logger
}

/** Times between attempts to get the account's state; the last one repeats. */
const retryDelaysMs = [30_000, 120_000, 600_000]

/** How long other notifications wait for WhatsApp to tell what is new in the account's state. */
const newsLimitMs = 20_000

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

  /**
   * Takes a stanza that is about to be handled: what it says is new in the account's state is fetched, all of it and what there
   * is, because Baileys looks at the first collection alone, known or not. Baileys is left nothing but to acknowledge it. Never
   * rejects.
   */
  takeStanza(node: BinaryNode): Promise<void> | undefined {
    if (node.tag !== 'notification' || node.attrs.type !== 'server_sync') return undefined
    const named = new Set(childrenOf(node).map(({ attrs }) => attrs.name))
    node.content = []
    const collections = ALL_WA_PATCH_NAMES.filter((name) => named.has(name))
    return collections.length === 0 ? undefined : this.#fetchNews(collections)
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

  async #fetchNews(collections: (typeof ALL_WA_PATCH_NAMES)[number][]): Promise<void> {
    const { socket, clock, isAlive, logger } = this.#deps
    try {
      const fetched = socket.resyncAppState(collections, false)
      await within(clock, newsLimitMs, fetched, new AppError('whatsapp_timeout'))
    } catch (error) {
      // Fetched with the next news of the same collection, or before it is written.
      if (isAlive())
        logger.warn({ reason: toError(error).message }, "news of the account's state was not fetched")
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
