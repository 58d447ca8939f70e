import type { Clock } from '../core/clock.ts'

/** One pending attempt at most, and when it is due. */
export class RetryTimer {
  readonly #clock: Clock
  #at: Date | null = null
  #stop: () => void = () => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** When the attempt is due; null when none is pending. */
  get at(): Date | null {
    return this.#at
  }

  /** Calls `attempt` after `delayMs`, in place of what was pending. */
  set(delayMs: number, attempt: () => void): void {
    this.cancel()
    this.#at = new Date(this.#clock.now().getTime() + delayMs)
    this.#stop = this.#clock.after(delayMs, () => {
      this.#at = null
      attempt()
    })
  }

  /** Drops what is pending; does nothing when nothing is. */
  cancel(): void {
    this.#stop()
    this.#at = null
  }
}
