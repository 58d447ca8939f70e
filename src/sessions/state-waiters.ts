import { AppError, toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { ErrorCode } from '../core/error-codes.ts'

/** Lets callers wait for a state instead of for an event, so that nobody misses one that came early. */
export class StateWaiters {
  readonly #clock: Clock
  readonly #checks = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Resolves with what `read` gives once that is not null, rejects with what it throws, and with `late` after
   * `timeoutMs`. `read` is asked at once and again at every `check`.
   */
  until<T>(read: () => T | null, timeoutMs: number, late: ErrorCode): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#checks.delete(check)
        cancel()
      }
      const check = () => {
        try {
          const value = read()
          if (value === null) return
          end()
          resolve(value)
        } catch (error) {
          end()
          reject(toError(error))
        }
      }
      const cancel = this.#clock.after(timeoutMs, () => {
        this.#checks.delete(check)
        reject(new AppError(late))
      })
      this.#checks.add(check)
      check()
    })
  }

  /** Asks everyone who waits again. */
  check(): void {
    for (const check of [...this.#checks]) check()
  }
}
