import { ALL_WA_PATCH_NAMES, type AuthenticationCreds, type BinaryNode, type WASocket } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { DeviceKeys } from './device-keys.ts'
import { childrenOf } from './incoming/node-reading.ts'
import { messageTurn } from './message-turn.ts'
import { within } from './time-limit.ts'

export interface AppStateSyncDeps {
  readonly socket: { readonly ev: Pick<WASocket['ev'], 'flush'> } & Pick<WASocket, 'resyncAppState'>
  readonly keys: Pick<DeviceKeys, 'creds' | 'keys'>
  readonly isAlive: () => boolean
  readonly clock: Clock
  readonly logger: Logger
}

type Collection = (typeof ALL_WA_PATCH_NAMES)[number]

/** What one stanza says is new. */
interface News {
  readonly collections: readonly Collection[]
  readonly resolve: () => void
}

/** Times between attempts to get the account's state; the last one repeats. */
const retryDelaysMs = [30_000, 120_000, 600_000]

/** How long other notifications wait for WhatsApp to tell what is new in the account's state. */
const newsLimitMs = 20_000

/**
 * Fetches the account's state (names, archived and muted chats) once after linking, beside everything else. Baileys would do
 * it inside the handling of the first piece of history, and while WhatsApp does not answer no message would be handled.
 * News that could not be fetched are asked for again, here and by the next connection: their stanzas stay in the journal.
 */
export class AppStateSync {
  readonly #deps: AppStateSyncDeps
  readonly #announced = new WeakMap<BinaryNode, Promise<void>>()
  readonly #open = new Set<News>()
  #attempts = 0
  #isRunning = false
  /** Questions about news in a row that failed. */
  #failures = 0
  #isAsking = false
  #isAskingLater = false

  constructor(deps: AppStateSyncDeps) {
    this.#deps = deps
  }

  /**
   * Takes a stanza that is about to be handled: what it says is new in the account's state is fetched, all of it and what there
   * is, because Baileys looks at the first collection alone, known or not. Baileys is left nothing but to acknowledge it. Never
   * rejects. Nobody waits while WhatsApp does not answer.
   */
  takeStanza(node: BinaryNode): Promise<void> | undefined {
    if (node.tag !== 'notification' || node.attrs.type !== 'server_sync') return undefined
    const named = new Set(childrenOf(node).map(({ attrs }) => attrs.name))
    node.content = []
    const collections = ALL_WA_PATCH_NAMES.filter((name) => named.has(name))
    if (collections.length === 0) return undefined
    const fetched = new Promise<void>((resolve) => this.#open.add({ collections, resolve }))
    this.#announced.set(node, fetched)
    if (this.#isAsking) return undefined
    const isBehind = this.#failures > 0
    const asked = this.#askForNews()
    return isBehind ? undefined : asked
  }

  /** Resolves when what the stanza says is new is here; a connection that ends before leaves it so for ever. */
  announcedBy(node: BinaryNode): Promise<void> | undefined {
    return this.#announced.get(node)
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
      clock.after(retryDelayMs(this.#attempts++), () => {
        if (isAlive()) void this.begin()
      })
    } finally {
      this.#isRunning = false
    }
  }

  async #askForNews(): Promise<void> {
    const { socket, clock, isAlive, logger } = this.#deps
    this.#isAsking = true
    try {
      while (this.#open.size > 0) {
        const news = [...this.#open]
        const named = new Set(news.flatMap(({ collections }) => collections))
        const fetched = socket.resyncAppState(
          ALL_WA_PATCH_NAMES.filter((name) => named.has(name)),
          false,
        )
        await within(clock, newsLimitMs, fetched, new AppError('whatsapp_timeout'))
        // What it told as it ended may not have been heard.
        if (!isAlive()) return
        this.#close(news)
      }
    } catch (error) {
      if (!isAlive()) return
      logger.warn({ reason: toError(error).message }, "news of the account's state was not fetched yet")
      this.#askLater()
    } finally {
      this.#isAsking = false
    }
  }

  #close(news: readonly News[]): void {
    this.#failures = 0
    // Told now, so that whoever waits for the commit of what came up waits for this as well.
    this.#deps.socket.ev.flush()
    for (const each of news) {
      this.#open.delete(each)
      each.resolve()
    }
  }

  #askLater(): void {
    const delayMs = retryDelayMs(this.#failures++)
    if (this.#isAskingLater) return
    this.#isAskingLater = true
    this.#deps.clock.after(delayMs, () => {
      this.#isAskingLater = false
      if (this.#deps.isAlive() && !this.#isAsking) void this.#askForNews()
    })
  }
}

function retryDelayMs(failures: number): number {
  return retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? 0
}

/**
 * Keeps Baileys from fetching the account's state by itself, and from holding events back for up to 20 s after the first
 * login: to it this is a device that has synced before (rc14 lib/Socket/chats.js, `accountSyncCounter`).
 */
export function markSynced(creds: AuthenticationCreds): void {
  if (creds.accountSyncCounter === 0) creds.accountSyncCounter = 1
}
