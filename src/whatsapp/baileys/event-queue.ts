import { toError } from '../../core/app-error.ts'
import type { WhatsAppEvent } from '../whatsapp-event.ts'

/** Most events handed over for one commit. */
const maxBatch = 200

/**
 * The one line in which a device's facts are committed: in order, those that gathered during a commit together in the
 * next. The first failed commit ends the queue: nothing after it is tried, because it would overtake.
 */
export class EventQueue {
  readonly #commit: (events: readonly WhatsAppEvent[]) => Promise<void>
  readonly #onFailure: (error: Error) => void
  #pending: WhatsAppEvent[] = []
  #pushed = 0
  #committed = 0
  #waiters: {
    readonly mark: number
    readonly resolve: () => void
    readonly reject: (error: Error) => void
  }[] = []
  #isRunning = false
  #failure: Error | null = null

  constructor(deps: {
    commit: (events: readonly WhatsAppEvent[]) => Promise<void>
    onFailure: (error: Error) => void
  }) {
    this.#commit = deps.commit
    this.#onFailure = deps.onFailure
  }

  /** Adds facts behind all that were added before. */
  push(events: readonly WhatsAppEvent[]): void {
    if (this.#failure !== null || events.length === 0) return
    for (const event of events) this.#pending.push(event)
    this.#pushed += events.length
    if (!this.#isRunning) void this.#run()
  }

  /** Resolves once everything pushed so far is committed; rejects when a commit failed. */
  committed(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (this.#committed === this.#pushed) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiters.push({ mark: this.#pushed, resolve, reject })
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, maxBatch)
      try {
        await this.#commit(batch)
      } catch (error) {
        this.#fail(toError(error))
        return
      }
      this.#committed += batch.length
      while (this.#waiters[0] !== undefined && this.#waiters[0].mark <= this.#committed) {
        this.#waiters.shift()?.resolve()
      }
    }
    this.#isRunning = false
  }

  #fail(error: Error): void {
    this.#failure = error
    this.#pending = []
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
    this.#onFailure(error)
  }
}
