import type { Clock } from '../core/clock.ts'
import type { CloseReason } from '../whatsapp/whatsapp-session.ts'
import { type NextStep, nextStepAfter, stableAfterMs } from './reconnect-policy.ts'

/** Remembers how connections of one device ended since one last stayed open, and asks the policy what follows. */
export class CloseCounter {
  readonly #clock: Clock
  readonly #byReason = new Map<CloseReason, number>()
  #attempts = 0
  #unopenedInARow = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Starts counting anew: somebody asked for a connection, or one stayed open. */
  reset(): void {
    this.#attempts = 0
    this.#unopenedInARow = 0
    this.#byReason.clear()
  }

  /** Counts a close and tells what follows it. `openedAt` is null for a connection that never opened. */
  nextStep(
    close: { readonly reason: CloseReason; readonly retryAfterMs: number | null },
    facts: { readonly isLinked: boolean; readonly openedAt: Date | null; readonly random: number },
  ): NextStep {
    const openMs = facts.openedAt === null ? 0 : this.#clock.now().getTime() - facts.openedAt.getTime()
    if (openMs >= stableAfterMs) this.reset()
    // A restart that WhatsApp asks for is no failure.
    if (close.reason !== 'restart-required') this.#attempts += 1
    this.#unopenedInARow = facts.openedAt === null ? this.#unopenedInARow + 1 : 0
    const forReason = (this.#byReason.get(close.reason) ?? 0) + 1
    this.#byReason.set(close.reason, forReason)
    return nextStepAfter(
      {
        reason: close.reason,
        retryAfterMs: close.retryAfterMs,
        isLinked: facts.isLinked,
        hasOpened: facts.openedAt !== null,
        attempt: this.#attempts,
        unopenedInARow: this.#unopenedInARow,
        attemptForReason: forReason,
      },
      facts.random,
    )
  }
}
