import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long works may run before the event loop gets a turn. */
const budgetMs = 8

interface WaitingWork {
  run(): void
}

/**
 * Runs short synchronous works at once while their turn of the event loop has time left, and keeps the others, in order,
 * for the turns that follow: a send to a thousand devices must not hold up everybody else.
 */
export class TurnGate {
  readonly #waiting: WaitingWork[] = []
  #spentMs = 0
  #isTurnPlanned = false
  /** When this turn was first asked about; null before. */
  #turnBeganAt: number | null = null

  /** Runs `work`, now or in a later turn. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = () => {
        const startedAt = performance.now()
        try {
          resolve(work())
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
        this.#spentMs += performance.now() - startedAt
      }
      if (this.#waiting.length === 0 && this.#spentMs < budgetMs) run()
      else this.#waiting.push({ run })
      this.#planTurn()
    })
  }

  /**
   * Resolves at once while this turn of the event loop has time left, else in the next one; for a row of steps that wait for
   * each other and for nothing outside, which would never let anybody else have a turn.
   */
  async breathe(): Promise<void> {
    if (this.#turnBeganAt === null) {
      this.#turnBeganAt = performance.now()
      setImmediate(() => {
        this.#turnBeganAt = null
      })
    } else if (performance.now() - this.#turnBeganAt >= budgetMs) {
      await nextTurn()
    }
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return
    this.#isTurnPlanned = true
    setImmediate(() => {
      this.#isTurnPlanned = false
      this.#spentMs = 0
      while (this.#spentMs < budgetMs) {
        const next = this.#waiting.shift()
        if (next === undefined) return
        next.run()
      }
      if (this.#waiting.length > 0) this.#planTurn()
    })
  }
}
