import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Jid } from '../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import type {
  Account,
  SessionChange,
  SessionHealth,
  SessionListener,
  WhatsAppEngine,
  WhatsAppSession,
} from '../whatsapp/whatsapp-session.ts'
import type { EventApplier } from './device-registry.ts'
import type { QrCode } from './session-status.ts'

export interface LiveSessionDeps {
  readonly deviceId: DeviceId
  /** The account that is linked at opening; null for a pairing. */
  readonly account: Account | null
  readonly inbox: EventApplier
  readonly clock: Clock
  /** Hears every change once this session has taken it in. */
  readonly onChange: (session: LiveSession, change: SessionChange) => void
  /** Resolves once everything said about the device so far is written down. */
  readonly written: () => Promise<void>
}

/** The port promises 5 s. */
const closeLimitMs = 6_000

/** One connection with what it has told so far: its account, its current code, when it opened. */
export class LiveSession implements SessionListener {
  readonly #deps: LiveSessionDeps
  readonly startedAt: Date
  #session: WhatsAppSession | null = null
  #account: Account | null
  #openedAt: Date | null = null
  #code: QrCode | null = null
  readonly #commits = new Set<Promise<void>>()
  #isClosed = false
  #isRetired = false

  constructor(deps: LiveSessionDeps) {
    this.#deps = deps
    this.#account = deps.account
    this.startedAt = deps.clock.now()
  }

  /** Starts the connection; what becomes of it is told as changes. */
  async open(engine: WhatsAppEngine): Promise<void> {
    this.#session = await engine.open(this.#deps.deviceId, this)
  }

  /** Ends the connection that could not even be started. */
  fail(error: Error): void {
    const change = { statusCode: null, detail: error.message, retryAfterMs: null }
    this.onChange({ type: 'closed', reason: 'connection-lost', ...change })
  }

  /** The authenticated session, or null when it is not ready to send. */
  get sender(): WhatsAppSession | null {
    return this.#openedAt === null || this.#isClosed ? null : this.#session
  }

  /** The session whatever its state, for a pairing code or a close; null before it exists and after its end. */
  get connection(): WhatsAppSession | null {
    return this.#isClosed ? null : this.#session
  }

  get openedAt(): Date | null {
    return this.#openedAt
  }

  get account(): Account | null {
    return this.#account
  }

  /** The code that a phone can scan now, or null. */
  get code(): QrCode | null {
    if (this.#isClosed || this.#code === null || this.#deps.clock.now() >= this.#code.expiresAt) return null
    return this.#code
  }

  get health(): SessionHealth | null {
    return this.#session?.health() ?? null
  }

  /**
   * Closes without logging out; resolves when nothing more is being written and nothing more will be. One that does not
   * end in time is given up and counts as closed.
   */
  async close(): Promise<void> {
    const isDone = await Promise.race([this.#end().then(() => true), this.#closeDeadline()])
    if (!isDone && !this.#isClosed) this.fail(new Error('the connection did not close in time'))
  }

  async #end(): Promise<void> {
    await this.connection?.close()
    this.#isRetired = true
    await Promise.allSettled(this.#commits)
  }

  #closeDeadline(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#deps.clock.after(closeLimitMs, () => resolve(false))
    })
  }

  onChange(change: SessionChange): void {
    switch (change.type) {
      case 'qr': {
        const shownAt = this.#deps.clock.now()
        this.#code = {
          text: change.text,
          shownAt,
          expiresAt: new Date(shownAt.getTime() + change.lifetimeMs),
        }
        break
      }
      case 'paired':
        this.#account = change.account
        this.#code = null
        break
      case 'open':
        this.#account = change.account
        this.#openedAt = this.#deps.clock.now()
        break
      case 'renamed':
        this.#account = change.account
        break
      case 'closed':
        this.#isClosed = true
        this.#code = null
        break
    }
    this.#deps.onChange(this, change)
  }

  /**
   * Commits what arrived, under the account of this very connection: a slot that is linked anew never mixes two.
   * The device's own row is written first, so that readers find the account that the facts belong to.
   */
  async onEvents(events: readonly WhatsAppEvent[]): Promise<void> {
    const account = this.#account
    if (account === null) {
      throw new AppError('device_not_logged_in', { message: 'facts arrived before the device was linked' })
    }
    // Late facts would be written under a slot that may be deleted by now; they are journaled and come again.
    if (this.#isRetired) throw new AppError('shutting_down')
    const commit = this.#commit(account.jid, events)
    this.#commits.add(commit)
    try {
      await commit
    } finally {
      this.#commits.delete(commit)
    }
  }

  async #commit(account: Jid, events: readonly WhatsAppEvent[]): Promise<void> {
    await this.#deps.written()
    await this.#deps.inbox.apply(this.#deps.deviceId, account, events)
  }
}
