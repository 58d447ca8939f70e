import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { InTransaction } from '../db/transaction.ts'
import type { DeliveryStore, Settlement } from './delivery-store.ts'

const maxPerCommit = 200
const retryMs = 1000

interface Waiting {
  readonly settlement: Settlement
  readonly resolve: () => void
}

/**
 * Writes down outcomes, as many per commit as wait at the moment. A database that fails is tried again every second;
 * meanwhile whoever waits for `settle` waits, so nothing runs ahead of what is known to be durable.
 */
export class SettlementQueue {
  readonly #inTransaction: InTransaction
  readonly #store: DeliveryStore
  readonly #clock: Clock
  readonly #logger: Logger
  #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #isClosing = false
  #endPause: () => void = () => undefined

  constructor(deps: {
    readonly inTransaction: InTransaction
    readonly store: DeliveryStore
    readonly clock: Clock
    readonly logger: Logger
  }) {
    this.#inTransaction = deps.inTransaction
    this.#store = deps.store
    this.#clock = deps.clock
    this.#logger = deps.logger
  }

  /** Resolves once the outcome is durable, or once it is sure that it will not be because of `close`. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ settlement, resolve })
      this.#writing ??= this.#write()
    })
  }

  /** Writes what is waiting, without trying again when the database fails: those deliveries are then made once more. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#endPause()
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxPerCommit)
      const isDone = await this.#commit(batch.map((entry) => entry.settlement))
      if (isDone || this.#isClosing) {
        for (const entry of batch) entry.resolve()
      } else {
        this.#waiting.unshift(...batch)
        await this.#pause()
      }
    }
    this.#writing = null
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(retryMs, resolve)
      this.#endPause = () => {
        cancel()
        resolve()
      }
    })
  }

  async #commit(settlements: readonly Settlement[]): Promise<boolean> {
    try {
      await this.#inTransaction((tx) => this.#store.settle(tx, settlements, this.#clock.now()))
      return true
    } catch (thrown) {
      this.#logger.error(
        { error: toError(thrown), count: settlements.length },
        'could not write down what became of deliveries',
      )
      return false
    }
  }
}
