import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { SessionChange, SessionListener } from '../whatsapp-session.ts'
import { closed, toClosed } from './disconnect-reason.ts'
import { isTakenOver } from './taken-over.ts'
import { within } from './time-limit.ts'

type Closed = Extract<SessionChange, { type: 'closed' }>

export interface ConnectionLifeDeps {
  readonly listener: Pick<SessionListener, 'onChange'>
  readonly clock: Clock
  readonly logger: Logger
  /** Whether a frame could be written at this moment. */
  readonly isWritable: () => boolean
  /** Called when the end begins, maybe more than once: nothing is to be begun any more. */
  readonly onEnding: () => void
  /** Closes the connection below; its end is told to `finish`. */
  readonly close: () => Promise<void>
  /** WhatsApp refused the announced version: true when another one is worth a new connection. Never rejects. */
  readonly renewVersion: () => Promise<boolean>
}

/** The life of one connection: what is reported of it, and how it ends. Exactly one end is reported, and nothing after it. */
export class ConnectionLife {
  readonly #deps: ConnectionLifeDeps
  /** Resolves with the last report. */
  readonly #ended: Promise<Closed>
  #reportEnd: (change: Closed) => void = () => undefined
  #isEnding = false
  #isClosed = false
  #isClosingByUs = false
  #cause: Closed | null = null

  constructor(deps: ConnectionLifeDeps) {
    this.#deps = deps
    this.#ended = new Promise((resolve) => {
      this.#reportEnd = resolve
    })
  }

  /** Whether stanzas may still be handled and sent. */
  get isAlive(): boolean {
    return !this.#isEnding && this.#deps.isWritable()
  }

  /** Tells what became of the connection; after its end nothing is told any more. */
  report(change: SessionChange): void {
    if (this.#isClosed) return
    this.#isClosed = change.type === 'closed'
    this.#deps.listener.onChange(change)
  }

  /** From here on nothing is handled or settled, and every send under way ends. */
  beginEnd(): void {
    this.#isEnding = true
    this.#deps.onEnding()
  }

  /**
   * Something could not be committed: this connection is given up, so that the next one brings it again. Where another
   * process has the device, it is that one's next.
   */
  giveUp(error: Error): void {
    if (this.#cause !== null || this.#isClosed) return
    this.#deps.logger.warn({ reason: error.message }, 'connection is given up')
    this.#cause = closed(isTakenOver(error) ? 'replaced' : 'connection-lost', null, error.message)
    this.beginEnd()
    this.#deps.close().catch((failure: unknown) => {
      this.#deps.logger.warn({ reason: toError(failure).message }, 'connection did not close cleanly')
    })
  }

  /** Closes without logging out; resolves once the end is reported. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosingByUs = true
    this.beginEnd()
    await this.#deps.close()
    await this.#ended
  }

  /** Reports the end, of which Baileys says `error`. */
  async finish(error: unknown): Promise<void> {
    const change = await this.#lastWord(error)
    this.report(change)
    this.#reportEnd(change)
  }

  /** Resolves once the end is reported. */
  async ended(): Promise<void> {
    await this.#ended
  }

  /** Baileys' queries do not end when the connection does; this one does, and with `late` after `limit.ms`. */
  async whileConnected<T>(work: Promise<T>, limit?: { ms: number; late: AppError }): Promise<T> {
    const lost = this.#ended.then(() => {
      throw new AppError('device_not_connected')
    })
    const inTime = limit === undefined ? work : within(this.#deps.clock, limit.ms, work, limit.late)
    return Promise.race([inTime, lost])
  }

  async #lastWord(error: unknown): Promise<Closed> {
    if (this.#isClosingByUs) return closed('closed-by-us', null, 'closed by us')
    if (this.#cause !== null) return this.#cause
    const change = toClosed(error)
    if (change.statusCode !== 405) return change
    if (await this.#deps.renewVersion()) {
      return { ...change, reason: 'restart-required', detail: 'the WhatsApp Web version was renewed' }
    }
    return { ...change, detail: `engine_outdated: ${change.detail}` }
  }
}
