import type { Clock } from '../core/clock.ts'

/** A slot is free again after this long, whatever its holder does. */
const longestHeldMs = 30_000

/** Gives the slot back; more than once does nothing. */
export type ReleaseSlot = () => void

interface Waiting {
  readonly isUrgent: boolean
  readonly enter: () => void
}

/**
 * Lets only so many connections shake hands with WhatsApp at the same time, so that starting with many devices is no
 * burst. A slot is held until the connection is open, shows a code, or has ended,
 * 30 s at most.
 */
export class HandshakeLimiter {
  readonly #clock: Clock
  readonly #limit: number
  #taken = 0
  #queue: Waiting[] = []

  constructor(clock: Clock, limit = 5) {
    this.#clock = clock
    this.#limit = limit
  }

  /**
   * Resolves with a slot, or with null once `signal` is aborted. Urgent ones (somebody waits at a screen) go before
   * the others; within each kind it is first come, first served.
   */
  async acquire(signal: AbortSignal, options: { isUrgent: boolean }): Promise<ReleaseSlot | null> {
    if (signal.aborted) return null
    if (this.#taken < this.#limit) this.#taken += 1
    else if (!(await this.#waitForTurn(signal, options.isUrgent))) return null
    let isHeld = true
    const release = () => {
      if (!isHeld) return
      isHeld = false
      cancel()
      this.#release()
    }
    const cancel = this.#clock.after(longestHeldMs, release)
    return release
  }

  #waitForTurn(signal: AbortSignal, isUrgent: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        isUrgent,
        enter: () => {
          signal.removeEventListener('abort', leave)
          resolve(true)
        },
      }
      const leave = () => {
        this.#queue = this.#queue.filter((other) => other !== waiting)
        resolve(false)
      }
      signal.addEventListener('abort', leave, { once: true })
      const firstPatient = this.#queue.findIndex((other) => !other.isUrgent)
      const place = isUrgent && firstPatient !== -1 ? firstPatient : this.#queue.length
      this.#queue.splice(place, 0, waiting)
    })
  }

  #release(): void {
    const next = this.#queue.shift()
    // The slot passes to the next one without becoming free, so nobody can slip in between.
    if (next === undefined) this.#taken -= 1
    else next.enter()
  }
}
