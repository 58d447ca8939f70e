import { toError } from './core/app-error.ts'
import type { Clock } from './core/clock.ts'
import type { Logger } from './core/logger.ts'

/** A small piece of work that comes again and again. */
export interface Chore {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<unknown>
}

/** Soon, for gateways that never live long; not at once, because a start has enough to do. */
const firstAfterMs = 60_000

/** Runs chores at their intervals, each never twice at once. A chore that fails is logged and comes again. */
export class Housekeeping {
  readonly #chores: readonly Chore[]
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #cancels = new Map<string, () => void>()
  readonly #running = new Set<Promise<void>>()
  #isStopped = false

  constructor(deps: { readonly chores: readonly Chore[]; readonly clock: Clock; readonly logger: Logger }) {
    this.#chores = deps.chores
    this.#clock = deps.clock
    this.#logger = deps.logger
  }

  /** Plans every chore; the first runs come a minute from now (or an interval, when that is shorter). */
  start(): void {
    for (const chore of this.#chores) this.#plan(chore, Math.min(chore.everyMs, firstAfterMs))
  }

  /** Plans nothing more and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const cancel of this.#cancels.values()) cancel()
    await Promise.all(this.#running)
  }

  #plan(chore: Chore, afterMs: number): void {
    if (this.#isStopped) return
    this.#cancels.set(
      chore.name,
      this.#clock.after(afterMs, () => {
        const run = this.#run(chore)
        this.#running.add(run)
        void run.finally(() => {
          this.#running.delete(run)
          this.#plan(chore, chore.everyMs)
        })
      }),
    )
  }

  async #run(chore: Chore): Promise<void> {
    try {
      await chore.run()
    } catch (error) {
      this.#logger.warn(
        { chore: chore.name, reason: toError(error).message },
        'housekeeping failed; it comes again',
      )
    }
  }
}
