import { AppError, toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import { SerialQueue } from '../core/serial-queue.ts'
import type { Account, CloseReason, SessionChange, WhatsAppEngine } from '../whatsapp/whatsapp-session.ts'
import { CloseCounter } from './close-counter.ts'
import { errorOfPairing, nothingYet } from './close-error.ts'
import { isAlive, watchConnection } from './connection-watch.ts'
import type { DeviceRegistry, EventApplier, RegisteredDevice } from './device-registry.ts'
import { DeviceWrites } from './device-writes.ts'
import type { HandshakeLimiter, ReleaseSlot } from './handshake-limiter.ts'
import { LiveSession } from './live-session.ts'
import { RetryTimer } from './retry-timer.ts'
import type { DeviceChange, QrCode, SessionPhase, SessionStatus } from './session-status.ts'
import { StateWaiters } from './state-waiters.ts'

export interface SupervisorDeps {
  readonly engine: WhatsAppEngine
  readonly registry: DeviceRegistry
  readonly inbox: EventApplier
  readonly limiter: HandshakeLimiter
  readonly clock: Clock
  readonly logger: Logger
  /** In [0, 1); spreads reconnects. */
  readonly random: () => number
  readonly tell: (change: DeviceChange) => void
}

const longestWaitMs = 45_000
/** A connect that gave way to a command comes back, unless the command connected. */
const giveWayMs = 1_000
/** After trouble of our own (the database, say) the next try comes by the clock. */
const retryFailedMs = 30_000
/** A login that meets an account unlinked on the phone starts over once, with a fresh pairing. */
const loginRounds = 2

/**
 * Keeps one device connected. Commands run one after another, at most one connection lives at a time, and what follows a
 * close is decided by the reconnect policy. Must not send or read messages: it only lends out the session.
 */
export class Supervisor {
  readonly deviceId: DeviceId
  readonly #deps: SupervisorDeps
  readonly #logger: Logger
  readonly #commands = new SerialQueue()
  readonly #writes: DeviceWrites
  readonly #waiters: StateWaiters
  readonly #closes: CloseCounter
  readonly #retry: RetryTimer
  #phase: SessionPhase = 'idle'
  #live: LiveSession | null = null
  #isLinked: boolean
  #isRefusing = false
  #isStopped = false
  #closeReason: CloseReason | null = null
  #releaseSlot: ReleaseSlot = () => undefined
  #waitForSlot = new AbortController()

  constructor(device: RegisteredDevice, deps: SupervisorDeps) {
    this.deviceId = device.id
    this.#isLinked = device.isLinked
    this.#deps = deps
    this.#logger = deps.logger.child({ deviceId: device.id })
    this.#writes = new DeviceWrites(device.id, deps.registry)
    this.#waiters = new StateWaiters(deps.clock)
    this.#closes = new CloseCounter(deps.clock)
    this.#retry = new RetryTimer(deps.clock)
  }

  // === Questions

  status(): SessionStatus {
    const isUp = (this.#phase === 'open' || this.#phase === 'pairing') && this.#isAlive()
    return {
      deviceId: this.deviceId,
      phase: this.#phase,
      isConnected: isUp,
      isLoggedIn: isUp && this.#phase === 'open',
      isLinked: this.#isLinked,
      closeReason: this.#closeReason,
      retryAt: this.#retry.at,
      health: this.#live?.health ?? null,
    }
  }

  /** The session that can send now. Throws `device_not_logged_in` or `device_not_connected`. */
  sender() {
    const sender = this.#live?.sender ?? null
    if (sender !== null) return sender
    throw new AppError(this.#isLinked ? 'device_not_connected' : 'device_not_logged_in')
  }

  // === Commands

  /** Connects a linked device in the background; does nothing for one that is not. */
  start(): void {
    this.#inBackground(() => this.#connectLinked(false))
  }

  /**
   * A code that a phone can scan now, of the pairing under way or of a new one. Rejects with `already_logged_in` when the
   * device is linked and could be connected, else with what stood in the way.
   */
  async login(): Promise<QrCode> {
    for (let round = 1; round <= loginRounds; round += 1) {
      await this.#command(() => this.#connectOrPair())
      const code = await this.#waiters.until(() => this.#codeOrTrouble(), longestWaitMs, 'qr_channel_failed')
      if (code !== 'unlinked') return code
    }
    throw new AppError('qr_channel_failed')
  }

  /** Asks WhatsApp for a pairing code for `phone` (digits only); 8 characters. Rejects like `login`, and with `pairing_code_failed`. */
  async requestPairingCode(phone: string): Promise<string> {
    await this.login()
    const live = this.#live
    try {
      const connection = live?.connection
      if (connection === null || connection === undefined) throw new AppError('device_not_connected')
      return await connection.requestPairingCode(phone)
    } catch (error) {
      // What the failed attempt left in the credentials must not meet the next one.
      this.#logger.info({ err: toError(error) }, 'pairing code refused')
      if (!this.#isRefusing) await this.#command(() => this.#endPairing(live))
      throw errorOfPairing(error)
    }
  }

  /** Closes and opens the connection anew, whatever the policy was waiting for. Resolves once it is open. */
  async reconnect(): Promise<void> {
    await this.#command(async () => {
      if ((await this.#linkedAccount()) === null) throw new AppError('device_not_logged_in')
      await this.#letGo()
      this.#closes.reset()
      await this.#connectLinked(true)
    })
    await this.#waiters.until(() => this.#openOrTrouble(), longestWaitMs, 'whatsapp_unreachable')
  }

  /** Unlinks the device at WhatsApp as far as its connection allows, and forgets its keys. Slot and history stay. */
  async logout(): Promise<void> {
    await this.#command(async () => {
      if ((await this.#linkedAccount()) === null) throw new AppError('device_not_logged_in')
      const live = this.#detach()
      if (live?.sender) await this.#unlink(live)
      else this.#logger.warn({}, 'logged out without a connection: the phone still lists this device')
      await live?.close()
      await this.#forget('logged-out', 'request')
    })
  }

  /** Refuses commands from now on, and ends what callers wait for, with `shutting_down`; a live connection stays. */
  refuseCommands(): void {
    this.#isRefusing = true
    this.#waiters.check()
  }

  /** Closes without logging out, for good: later commands are refused with `shutting_down`. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.refuseCommands()
    this.#interrupt()
    await this.#commands.run(() => this.#letGo())
    await this.#writes.drained()
  }

  // === Connecting

  /** Runs a command after those before it, ending first what those may be waiting for. */
  #command<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isRefusing) return Promise.reject(new AppError('shutting_down'))
    this.#interrupt()
    return this.#commands.run(() => {
      if (this.#isRefusing) throw new AppError('shutting_down')
      return work()
    })
  }

  /** Lets a connect that still queues for a handshake slot give way. */
  #interrupt(): void {
    this.#waitForSlot.abort()
    this.#waitForSlot = new AbortController()
  }

  async #linkedAccount(): Promise<Account | null> {
    const account = await this.#deps.engine.account(this.deviceId)
    this.#isLinked = account !== null
    return account
  }

  async #connectLinked(isUrgent: boolean): Promise<void> {
    if (this.#isStopped || this.#live !== null) return
    const wasLinked = this.#isLinked
    const account = await this.#linkedAccount()
    if (account !== null) return this.#open(account, isUrgent)
    if (wasLinked) await this.#forget('unusable', 'phone')
    this.#enter('idle')
  }

  /** Makes sure that a connection lives: with the credentials there are, else a pairing with fresh ones. */
  async #connectOrPair(): Promise<void> {
    if (this.#live !== null) return
    const account = await this.#linkedAccount()
    if (account !== null && this.#closeReason !== 'unusable') return this.#open(account, true)
    await this.#deps.engine.forget(this.deviceId)
    this.#isLinked = false
    await this.#open(null, true)
  }

  async #open(account: Account | null, isUrgent: boolean): Promise<void> {
    this.#retry.cancel()
    const release = await this.#deps.limiter.acquire(this.#waitForSlot.signal, { isUrgent })
    if (release === null) return this.#isLinked ? this.#retryAfter(giveWayMs) : this.#enter('idle')
    this.#releaseSlot = release
    this.#closeReason = null
    const live = new LiveSession({
      deviceId: this.deviceId,
      account,
      inbox: this.#deps.inbox,
      clock: this.#deps.clock,
      onChange: (session, change) => this.#onChange(session, change),
      written: () => this.#writes.drained(),
    })
    this.#live = live
    this.#enter('connecting')
    try {
      await live.open(this.#deps.engine)
      this.#watch(live)
    } catch (error) {
      this.#logger.error({ err: toError(error) }, 'opening a session failed')
      live.fail(toError(error))
    }
    this.#waiters.check()
  }

  #watch(live: LiveSession): void {
    const isOver = () => live !== this.#live
    const isHandshaking = () => this.#phase === 'connecting'
    const giveUp = (why: string) => {
      this.#logger.warn({ health: live.health, why }, 'closing a connection that is of no use')
      this.#inBackground(() => (isOver() ? Promise.resolve() : live.close()))
    }
    watchConnection({ isOver, isHandshaking, isAlive: () => this.#isAlive(), giveUp }, this.#deps.clock)
  }

  #isAlive(): boolean {
    const live = this.#live
    return live !== null && isAlive(live.startedAt, live.health, this.#deps.clock.now())
  }

  /** Takes the connection out of service: what it still says about itself no longer counts. */
  #detach(): LiveSession | null {
    const live = this.#live
    this.#live = null
    this.#retry.cancel()
    this.#releaseSlot()
    return live
  }

  async #letGo(): Promise<void> {
    await this.#detach()?.close()
    this.#enter('idle')
  }

  async #endPairing(live: LiveSession | null): Promise<void> {
    if (live === null || live !== this.#live || this.#isLinked) return
    await this.#letGo()
    await this.#deps.engine.forget(this.deviceId)
  }

  async #unlink(live: LiveSession): Promise<void> {
    try {
      await live.sender?.logout()
    } catch (error) {
      // The user wants the link gone; the keys are forgotten either way.
      this.#logger.warn({ err: toError(error) }, 'logout did not reach the server')
    }
  }

  async #forget(reason: CloseReason, by: 'request' | 'phone'): Promise<void> {
    await this.#deps.engine.forget(this.deviceId)
    await this.#writes.add((registry, id) => registry.applyLoggedOut(id, reason))
    this.#isLinked = false
    this.#closeReason = reason
    this.#closes.reset()
    this.#enter('idle')
    this.#logger.info({ by }, 'device logged out')
    this.#deps.tell({ type: 'logged-out', deviceId: this.deviceId, by })
  }

  // === What the connection tells

  #onChange(live: LiveSession, change: SessionChange): void {
    if (live !== this.#live) return
    switch (change.type) {
      case 'qr':
        this.#releaseSlot()
        return this.#enter('pairing')
      case 'paired':
        this.#isLinked = true
        this.#logger.info({}, 'device linked')
        this.#write(live, async (registry, deviceId) => {
          await registry.applyLinked(deviceId, change.account)
          // Told only now: whoever asks for the device then finds it linked.
          this.#deps.tell({ type: 'paired', deviceId, account: change.account })
        })
        return this.#waiters.check()
      case 'open':
        this.#isLinked = true
        this.#releaseSlot()
        this.#write(live, (registry, id) => registry.applyConnected(id, change.account))
        this.#logger.info({}, 'device connected')
        return this.#enter('open')
      case 'renamed':
        return this.#write(live, (registry, id) => registry.applyRenamed(id, change.account))
      case 'closed':
        return this.#onClosed(live, change)
    }
  }

  #onClosed(live: LiveSession, close: Extract<SessionChange, { type: 'closed' }>): void {
    this.#detach()
    const { reason, statusCode, detail } = close
    this.#closeReason = reason
    this.#logger.info({ reason, statusCode, detail }, 'connection closed')
    if (live.openedAt !== null && reason !== 'logged-out') {
      this.#write(live, (registry, id) => registry.applyDisconnected(id, reason))
    }
    const next = this.#closes.nextStep(close, {
      isLinked: this.#isLinked,
      openedAt: live.openedAt,
      random: this.#deps.random(),
    })
    switch (next.action) {
      case 'retry':
        return this.#retryAfter(next.delayMs)
      case 'park':
        this.#logger.warn({ reason }, 'not reconnecting until told to')
        return this.#enter('parked')
      case 'end':
        this.#closes.reset()
        return this.#enter('idle')
      case 'forget':
        this.#phase = 'waiting'
        return this.#inBackground(() => this.#forget(reason, 'phone'))
    }
  }

  #retryAfter(delayMs: number): void {
    const again = () =>
      this.#inBackground(() => (this.#isLinked ? this.#connectLinked(false) : this.#connectOrPair()))
    if (this.#isStopped) return
    if (delayMs === 0) again()
    else this.#retry.set(delayMs, again)
    this.#enter('waiting')
  }

  /** Runs a command that nobody waits for; one that fails is tried again by the clock. */
  #inBackground(work: () => Promise<void>): void {
    this.#commands
      .run(async () => {
        if (!this.#isStopped) await work()
      })
      .catch((error: unknown) => {
        this.#logger.error({ err: toError(error) }, 'keeping the device connected failed')
        if (this.#live === null && !this.#isStopped) this.#retryAfter(retryFailedMs)
      })
  }

  /** Writes in order; what cannot be written ends the connection, so that it is told again. */
  #write(live: LiveSession, write: Parameters<DeviceWrites['add']>[0]): void {
    this.#writes.add(write).catch((error: unknown) => {
      this.#logger.error({ err: toError(error) }, 'writing the device down failed')
      this.#inBackground(() => live.close())
    })
  }

  #enter(phase: SessionPhase): void {
    this.#phase = phase
    this.#waiters.check()
    this.#deps.tell({ type: 'status', deviceId: this.deviceId })
  }

  // === What callers wait for; null means not yet

  #codeOrTrouble(): QrCode | 'unlinked' | null {
    if (this.#isRefusing) throw new AppError('shutting_down')
    if (this.#live?.sender) throw new AppError('already_logged_in')
    const code = this.#live?.code ?? null
    if (code !== null) return code
    if (this.#phase === 'idle' && this.#closeReason === 'logged-out') return 'unlinked'
    return nothingYet(this.#live !== null, this.#phase, this.#closeReason)
  }

  #openOrTrouble(): true | null {
    if (this.#isRefusing) throw new AppError('shutting_down')
    return this.#live?.sender ? true : nothingYet(this.#live !== null, this.#phase, this.#closeReason)
  }
}
