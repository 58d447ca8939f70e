import type { Clock } from '../../core/clock.ts'
import type { SessionHealth } from '../whatsapp-session.ts'

type Times = Pick<SessionHealth, 'lastFrameAt' | 'lastStanzaAt' | 'lastAckAt'>

/** When WhatsApp was last heard on one connection: by any frame, by a stanza that was handled, by an ack of a message. */
export class Pulse {
  readonly #clock: Clock
  #frameAt: Date | null = null
  #stanzaAt: Date | null = null
  #ackAt: Date | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get times(): Times {
    return { lastFrameAt: this.#frameAt, lastStanzaAt: this.#stanzaAt, lastAckAt: this.#ackAt }
  }

  frame(): void {
    this.#frameAt = this.#clock.now()
  }

  /** Also when WhatsApp answered a question. */
  stanza(): void {
    this.#stanzaAt = this.#clock.now()
  }

  ack(): void {
    this.#ackAt = this.#clock.now()
    this.#stanzaAt = this.#ackAt
  }
}
