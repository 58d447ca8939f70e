import { setImmediate } from 'node:timers/promises'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { LoggedEvent, LoggedEventFilter } from './event-log-store.ts'
import type { EventReader } from './event-reader.ts'

/** Somebody who follows the log. */
export interface Follower {
  readonly filter: LoggedEventFilter
  /** The place to go on behind. */
  readonly after: number
  /** Whether it has so much unread that nothing more should be given to it now; `wake` when that is over. */
  isFull(): boolean
  take(event: LoggedEvent): void
  /** Told when nothing more will come: it has not read for too long, or the gateway stops. */
  onEnd(): void
}

export interface EventStreamDeps {
  readonly reader: EventReader
  readonly clock: Clock
  readonly logger: Logger
  /** How often the log is looked at when nobody told of a commit; default 2000 ms. */
  readonly pollMs?: number
}

interface Following {
  readonly follower: Follower
  position: number
  /** Since when it reads nothing; null while it does. */
  fullSince: Date | null
}

const pageSize = 100
/** A follower that reads nothing for this long is cut off; it comes back with the last cursor it has. */
const longestFullMs = 30_000

/**
 * Lets any number of clients follow the event log, each from its own place and at its own filter. Reads only while somebody
 * follows. One that reads slowly lags behind at its own speed; one that does not read is cut off. Nobody waits for it.
 */
export class EventStream {
  readonly #deps: EventStreamDeps
  readonly #followings = new Set<Following>()
  #isReading = false
  #isWanted = false
  #isStopped = false
  #cancelPoll: () => void = () => undefined

  constructor(deps: EventStreamDeps) {
    this.#deps = deps
  }

  /** How many follow. */
  get size(): number {
    return this.#followings.size
  }

  /** Follows from now on, beginning behind the follower's place. The returned function ends it. */
  follow(follower: Follower): () => void {
    if (this.#isStopped) {
      follower.onEnd()
      return () => undefined
    }
    const following = { follower, position: follower.after, fullSince: null }
    this.#followings.add(following)
    if (this.#followings.size === 1) this.#poll()
    else this.wake()
    return () => {
      this.#followings.delete(following)
    }
  }

  /** A hint that something was committed. */
  wake(): void {
    if (this.#followings.size === 0 || this.#isStopped) return
    this.#isWanted = true
    if (!this.#isReading) void this.#read()
  }

  /** Ends all followings. */
  stop(): void {
    this.#isStopped = true
    this.#cancelPoll()
    for (const { follower } of this.#followings) follower.onEnd()
    this.#followings.clear()
  }

  #poll(): void {
    this.wake()
    this.#cancelPoll()
    if (this.#followings.size === 0) return
    this.#cancelPoll = this.#deps.clock.after(this.#deps.pollMs ?? 2000, () => this.#poll())
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (this.#isWanted && !this.#isStopped) {
        this.#isWanted = false
        const end = await this.#deps.reader.complete()
        for (const following of [...this.#followings]) {
          if (await this.#advance(following, end)) this.#isWanted = true
        }
        // One that is far behind is brought up in many turns; whatever else there is to do comes in between.
        if (this.#isWanted) await setImmediate()
      }
    } catch (thrown) {
      this.#deps.logger.error(
        { error: toError(thrown) },
        'could not read the event log for those who follow it',
      )
    } finally {
      this.#isReading = false
    }
  }

  /** One step of one follower, so that nobody waits for one that is far behind. Resolves to whether there is more for it. */
  async #advance(following: Following, end: number): Promise<boolean> {
    if (!this.#followings.has(following) || this.#isStuck(following)) return false
    const { follower, position } = following
    const { events, readTo } = await this.#deps.reader.part(follower.filter, {
      after: position,
      end,
      limit: pageSize,
    })
    for (const event of events) {
      if (!this.#followings.has(following) || this.#isStuck(following)) return false
      following.position = event.position
      follower.take(event)
    }
    following.position = readTo
    return readTo < end
  }

  /** Whether nothing can be given to it now; one of which that is true for too long is cut off. */
  #isStuck(following: Following): boolean {
    const { follower } = following
    if (!follower.isFull()) {
      following.fullSince = null
      return false
    }
    const now = this.#deps.clock.now()
    following.fullSince ??= now
    if (now.getTime() - following.fullSince.getTime() > longestFullMs) {
      this.#deps.logger.warn({}, 'a client that follows events does not read, cutting it off')
      this.#followings.delete(following)
      follower.onEnd()
    }
    return true
  }
}
