import type { BinaryNode } from 'baileys'
import type { Clock } from '../../core/clock.ts'
import { toNumber } from './incoming/content.ts'

/** How the wait for WhatsApp's ack of a message ended. */
export type AckOutcome =
  | { readonly type: 'accepted'; readonly at: Date }
  | { readonly type: 'refused'; readonly whatsappCode: number }
  /** No answer in time; the message may have arrived. */
  | { readonly type: 'timed-out' }
  /** The connection ended before an answer. */
  | { readonly type: 'closed' }

/** One wait. `startTimer` begins the time limit (once the frame has left); `cancel` gives up without an outcome. */
export interface AckWait {
  readonly outcome: Promise<AckOutcome>
  startTimer(timeoutMs: number): void
  cancel(): void
}

/**
 * Matches `<ack class="message">` stanzas with the sends that wait for them. Only such stanzas count: a receipt
 * carries the same id, so waiting for "anything with this id" would take a receipt that overtakes for the ack.
 */
export class AckWaiter {
  readonly #clock: Clock
  readonly #waits = new Map<string, (outcome: AckOutcome) => void>()
  #isClosed = false

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock
  }

  /** Begins to wait for the ack of message `id`; call before the message leaves. */
  expect(id: string): AckWait {
    let stopTimer: () => void = () => undefined
    let settle: (outcome: AckOutcome) => void = () => undefined
    const outcome = new Promise<AckOutcome>((resolve) => {
      settle = (result) => {
        stopTimer()
        if (this.#waits.get(id) === settle) this.#waits.delete(id)
        resolve(result)
      }
    })
    if (this.#isClosed) settle({ type: 'closed' })
    else this.#waits.set(id, settle)
    return {
      outcome,
      startTimer: (timeoutMs) => {
        stopTimer = this.#clock.after(timeoutMs, () => settle({ type: 'timed-out' }))
      },
      cancel: () => {
        stopTimer()
        if (this.#waits.get(id) === settle) this.#waits.delete(id)
      },
    }
  }

  /** Takes an `<ack class="message">`; true when a send was waiting for it. */
  settle(ack: BinaryNode): boolean {
    const settle = this.#waits.get(ack.attrs.id ?? '')
    if (settle === undefined) return false
    settle(ackOutcome(ack, this.#clock))
    return true
  }

  /** Ends every wait, now and later, with `closed`. */
  close(): void {
    this.#isClosed = true
    for (const settle of [...this.#waits.values()]) settle({ type: 'closed' })
  }
}

/** What an ack of a message says. An ack without a time is taken to be of now. */
export function ackOutcome(ack: BinaryNode, clock: Clock): AckOutcome {
  if (ack.attrs.error !== undefined) return { type: 'refused', whatsappCode: toNumber(ack.attrs.error) }
  const seconds = toNumber(ack.attrs.t)
  return { type: 'accepted', at: seconds > 0 ? new Date(seconds * 1000) : clock.now() }
}
