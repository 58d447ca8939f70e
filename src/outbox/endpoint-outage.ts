import type { Clock } from '../core/clock.ts'

const firstPauseMs = 1000
const longestPauseMs = 30_000

/**
 * Tells an endpoint that is down from a single event that it does not like: when as many different lanes have failed as
 * may be tried at once, with no success in between, everything waits, and one try at a time finds out whether it is back.
 */
export class EndpointOutage {
  readonly #clock: Clock
  readonly #lanesToSuspect: number
  readonly #failedLanes = new Set<string>()
  #pauses = 0
  #pausedUntil = 0

  constructor(clock: Clock, lanesToSuspect: number) {
    this.#clock = clock
    this.#lanesToSuspect = lanesToSuspect
  }

  get isDown(): boolean {
    return this.#failedLanes.size >= this.#lanesToSuspect
  }

  /** Milliseconds until the next try may be made; 0 when it may be made now. */
  get pauseMs(): number {
    return this.isDown ? Math.max(0, this.#pausedUntil - this.#clock.now().getTime()) : 0
  }

  /** Notes a failed try of a lane's head. */
  failed(lane: string): void {
    if (this.#failedLanes.size < this.#lanesToSuspect) this.#failedLanes.add(lane)
    // A try that began before the pause and fails within it is no news.
    if (!this.isDown || this.pauseMs > 0) return
    this.#pausedUntil =
      this.#clock.now().getTime() + Math.min(longestPauseMs, firstPauseMs * 2 ** this.#pauses)
    this.#pauses = Math.min(this.#pauses + 1, 10)
  }

  /** Notes a success; true when it ends an outage. */
  succeeded(): boolean {
    const wasDown = this.isDown
    this.#failedLanes.clear()
    this.#pauses = 0
    return wasDown
  }
}
