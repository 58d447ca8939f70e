import { setImmediate } from 'node:timers/promises'
import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Tx } from '../db/database.ts'
import type { InTransaction } from '../db/transaction.ts'
import { RetentionStore } from './retention-store.ts'

const dayMs = 24 * 60 * 60_000
const sweepEveryMs = 60 * 60_000
const rowsPerCommit = 500

/**
 * Deletes events and deliveries that are older than some days each, whatever became of them: nothing that could still be
 * delivered is as old, however few days are named. Until then an event's dedupe key is known, and the event can be read and replayed.
 */
export class OutboxRetention {
  readonly #deps: {
    readonly inTransaction: InTransaction
    readonly clock: Clock
    readonly logger: Logger
  }
  readonly #store = new RetentionStore()
  readonly #keepEventsMs: number
  readonly #keepDeliveriesMs: number
  #cancel: (() => void) | null = null
  #sweeping: Promise<void> | null = null
  #isStopped = false

  /**
   * How many days events and deliveries are kept: default 14, at least 2 for events (their dedupe keys) and 1 for deliveries.
   * `triedForMs`: how long a delivery is tried; a day longer nothing is deleted, so that what was given up can be seen.
   */
  constructor(
    deps: { readonly inTransaction: InTransaction; readonly clock: Clock; readonly logger: Logger },
    options: {
      readonly eventDays?: number
      readonly deliveryDays?: number
      readonly triedForMs?: number
    } = {},
  ) {
    this.#deps = deps
    const tried = options.triedForMs === undefined ? 0 : options.triedForMs + dayMs
    this.#keepEventsMs = Math.max(tried, Math.max(2, options.eventDays ?? 14) * dayMs)
    this.#keepDeliveriesMs = Math.max(tried, Math.max(1, options.deliveryDays ?? 14) * dayMs)
  }

  /** Sweeps every hour, for the first time in an hour. */
  start(): void {
    this.#cancel = this.#deps.clock.after(sweepEveryMs, () => {
      this.start()
      this.#sweeping ??= this.#sweepOrTell()
    })
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#sweeping
  }

  /** Deletes what is old, in small commits. Resolves to how many rows went. */
  async sweep(): Promise<{ readonly deliveries: number; readonly events: number }> {
    const date = this.#deps.clock.now()
    const now = date.getTime()
    const triedBefore = new Date(now - this.#keepDeliveriesMs)
    const happenedBefore = new Date(now - this.#keepEventsMs)
    const deliveries = await this.#inSteps((tx) =>
      this.#store.deleteDeliveries(tx, triedBefore, rowsPerCommit),
    )
    await this.#inSteps((tx) => this.#store.deleteFailures(tx, triedBefore, rowsPerCommit))
    const events = await this.#inSteps((tx) =>
      this.#store.deleteEvents(tx, happenedBefore, rowsPerCommit, date),
    )
    return { deliveries, events }
  }

  async #inSteps(step: (tx: Tx) => Promise<number>): Promise<number> {
    let total = 0
    while (!this.#isStopped) {
      const deleted = await this.#deps.inTransaction(step)
      total += deleted
      if (deleted < rowsPerCommit) break
      await setImmediate()
    }
    return total
  }

  async #sweepOrTell(): Promise<void> {
    try {
      const swept = await this.sweep()
      this.#deps.logger.debug(swept, 'old events deleted')
    } catch (thrown) {
      this.#deps.logger.error(
        { error: toError(thrown) },
        'could not delete old events, trying again in an hour',
      )
    } finally {
      this.#sweeping = null
    }
  }
}
