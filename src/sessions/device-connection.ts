import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import type { Account, CloseReason, SessionChange, WhatsAppEngine } from '../whatsapp/whatsapp-session.ts'
import { CloseCounter } from './close-counter.ts'
import { isAlive, watchConnection, watchHearing } from './connection-watch.ts'
import type { DeviceRegistry, EventApplier, RegisteredDevice } from './device-registry.ts'
import { DeviceWrites } from './device-writes.ts'
import type { HandshakeLimiter, ReleaseSlot } from './handshake-limiter.ts'
import { LiveSession } from './live-session.ts'
import { RetryTimer } from './retry-timer.ts'
import type { DeviceChange, SessionPhase, SessionStatus } from './session-status.ts'

export interface DeviceConnectionDeps {
  readonly engine: WhatsAppEngine
  readonly registry: DeviceRegistry
  readonly inbox: EventApplier
  readonly limiter: HandshakeLimiter
  readonly clock: Clock
  readonly logger: Logger
  /** In [0, 1); spreads reconnects. */
  readonly random: () => number
  readonly tell: (change: DeviceChange) => void
  /** Called when phase, code or evidence may have changed. */
  readonly onChange: () => void
  /** Runs work after the commands given so far; does nothing once the device is stopped. */
  readonly inBackground: (work: () => Promise<void>) => void
  /** Whether the device is out of service for good. */
  readonly isStopped: () => boolean
}

/** A connect that gave way to a command comes back, unless the command connected. */
const giveWayMs = 1_000
/** So long after a pairing WhatsApp may take to ask for the restart that makes a device of it. */
const longestRestartMs = 30_000
/** After trouble of our own (the database, say) the next try comes by the clock. */
const retryFailedMs = 30_000

/**
 * The connection of one device: at most one lives at a time, what it tells is written down, and what follows its end is
 * decided by the reconnect policy. Must not be told two things at once: its supervisor does that.
 */
export class DeviceConnection {
  readonly deviceId: DeviceId
  readonly #deps: DeviceConnectionDeps
  readonly #logger: Logger
  readonly #writes: DeviceWrites
  readonly #closes: CloseCounter
  readonly #retry: RetryTimer
  #phase: SessionPhase = 'idle'
  #live: LiveSession | null = null
  #isLinked: boolean
  /** Linked, but the device's row does not say so yet: whoever asks for the account would find none. */
  #isUnwritten = false
  #closeReason: CloseReason | null = null
  #releaseSlot: ReleaseSlot = () => undefined
  #waitForSlot = new AbortController()

  constructor(device: RegisteredDevice, deps: DeviceConnectionDeps) {
    this.deviceId = device.id
    this.#isLinked = device.isLinked
    this.#deps = deps
    this.#logger = deps.logger
    this.#writes = new DeviceWrites(device.id, deps.registry)
    this.#closes = new CloseCounter(deps.clock)
    this.#retry = new RetryTimer(deps.clock)
  }

  // === Questions

  /** The session under way; null when there is none. */
  get live(): LiveSession | null {
    return this.#live
  }

  get isLinked(): boolean {
    return this.#isLinked
  }

  status(): SessionStatus {
    const isUp = (this.#phase === 'open' || this.#phase === 'pairing') && this.#isAlive()
    return {
      deviceId: this.deviceId,
      phase: this.#phase,
      isConnected: isUp,
      isLoggedIn: isUp && this.#phase === 'open' && !this.#isUnwritten,
      isLinked: this.#isLinked,
      closeReason: this.#closeReason,
      retryAt: this.#retry.at,
      health: this.#live?.health ?? null,
    }
  }

  /** Whether the account was found unlinked on the phone, and nothing goes on by itself. */
  get isUnlinkedByPhone(): boolean {
    return this.#phase === 'idle' && this.#closeReason === 'logged-out'
  }

  // === For the supervisor's commands

  /** Lets a connect that still queues for a handshake slot give way. */
  interrupt(): void {
    this.#waitForSlot.abort()
    this.#waitForSlot = new AbortController()
  }

  /** The account that the stored credentials are of. */
  async linkedAccount(): Promise<Account | null> {
    const account = await this.#deps.engine.account(this.deviceId)
    this.#isLinked = account !== null
    return account
  }

  /** Connects when the device is linked; forgets what can no longer be used. */
  async connectLinked(isUrgent: boolean): Promise<void> {
    if (this.#deps.isStopped() || this.#live !== null) return
    const wasLinked = this.#isLinked
    const account = await this.linkedAccount()
    if (account !== null) return this.#open(account, isUrgent)
    if (wasLinked) await this.forget('unusable', 'phone')
    this.#enter('idle')
  }

  /** Makes sure that a connection lives: with the credentials there are, else a pairing with fresh ones. */
  async connectOrPair(): Promise<void> {
    if (this.#live !== null) return
    const account = await this.linkedAccount()
    if (account !== null && this.#closeReason !== 'unusable') return this.#open(account, true)
    await this.#deps.engine.forget(this.deviceId)
    this.#isLinked = false
    await this.#open(null, true)
  }

  /** Ends the connection and all that was to follow it. */
  async letGo(): Promise<void> {
    await this.detach()?.close()
    this.#enter('idle')
  }

  /** Forgets how connections ended before: the next one is tried at once. */
  startOver(): void {
    this.#closes.reset()
  }

  /** Ends a pairing that failed, and what it left in the credentials. */
  async endPairing(live: LiveSession | null): Promise<void> {
    if (live === null || live !== this.#live || this.#isLinked) return
    await this.letGo()
    await this.#deps.engine.forget(this.deviceId)
  }

  /** Takes the connection out of service: what it still says about itself no longer counts. */
  detach(): LiveSession | null {
    const live = this.#live
    this.#live = null
    this.#retry.cancel()
    this.#releaseSlot()
    return live
  }

  /** Forgets the link: the device's keys, and in its row that it is linked. */
  async forget(reason: CloseReason, by: 'request' | 'phone'): Promise<void> {
    await this.#deps.engine.forget(this.deviceId)
    await this.#writes.add((registry, id) => registry.applyLoggedOut(id, reason))
    this.#isLinked = false
    this.#closeReason = reason
    this.#closes.reset()
    this.#enter('idle')
    this.#logger.info({ by }, 'device logged out')
    this.#deps.tell({ type: 'logged-out', deviceId: this.deviceId, by })
  }

  /** Resolves once everything told so far is written down, or has failed. */
  written(): Promise<void> {
    return this.#writes.drained()
  }

  /** A command that nobody waits for has failed: the next try comes by the clock. */
  failed(error: Error): void {
    this.#logger.error({ err: error }, 'keeping the device connected failed')
    if (this.#live === null && !this.#deps.isStopped()) this.#retryAfter(retryFailedMs)
  }

  // === Connecting

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
    this.#deps.onChange()
  }

  #watch(live: LiveSession): void {
    const isOver = () => live !== this.#live
    const isHandshaking = () => this.#phase === 'connecting'
    const giveUp = (why: string) => this.#giveUp(live, why)
    const isLetIn = () => (live.health?.lastStanzaAt ?? null) !== null
    const isShowingLife = () => this.#isAlive()
    watchConnection({ isOver, isHandshaking, isLetIn, isAlive: isShowingLife, giveUp }, this.#deps.clock)
    watchHearing(
      {
        isOver,
        lastHeardAt: () => (live.openedAt === null ? null : (live.health?.lastStanzaAt ?? live.openedAt)),
        probe: async () => live.connection?.probe(),
        onDeaf: (silentForMs) => {
          this.#write(live, (registry, id) => registry.applyDeaf(id, silentForMs))
          giveUp('connection is open and deaf')
        },
      },
      this.#deps.clock,
    )
  }

  /** Closes a connection unless it has ended; what follows is decided as after any other end. */
  #giveUp(live: LiveSession, why: string): void {
    this.#logger.warn({ health: live.health, why }, 'closing a connection that is of no use')
    this.#deps.inBackground(() => (live === this.#live ? live.close() : Promise.resolve()))
  }

  #isAlive(): boolean {
    const live = this.#live
    return live !== null && isAlive(live.startedAt, live.health, this.#deps.clock.now())
  }

  // === What the connection tells

  #onChange(live: LiveSession, change: SessionChange): void {
    if (live !== this.#live) return
    switch (change.type) {
      case 'qr':
        this.#releaseSlot()
        this.#noteCode(live)
        return this.#enter('pairing')
      case 'paired':
        this.#isLinked = true
        this.#isUnwritten = true
        this.#logger.info({}, 'device linked')
        this.#deps.clock.after(longestRestartMs, () => {
          if (live === this.#live) this.#giveUp(live, 'no restart after the pairing')
        })
        this.#write(live, async (registry, deviceId) => {
          await registry.applyLinked(deviceId, change.account)
          this.#isUnwritten = false
          // Told only now: whoever asks for the device then finds it linked.
          this.#deps.tell({ type: 'paired', deviceId, account: change.account })
        })
        return this.#deps.onChange()
      case 'open':
        this.#isLinked = true
        this.#releaseSlot()
        this.#write(live, async (registry, id) => {
          await registry.applyConnected(id, change.account)
          this.#isUnwritten = false
        })
        this.#logger.info({}, 'device connected')
        return this.#enter('open')
      case 'renamed':
        return this.#write(live, (registry, id) => registry.applyRenamed(id, change.account))
      case 'closed':
        return this.#onClosed(live, change)
    }
  }

  #noteCode(live: LiveSession): void {
    const { code } = live
    if (code !== null) this.#write(live, (registry, id) => registry.applyQr(id, code))
  }

  #onClosed(live: LiveSession, close: Extract<SessionChange, { type: 'closed' }>): void {
    this.detach()
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
        return this.#deps.inBackground(() => this.forget(reason, 'phone'))
    }
  }

  #retryAfter(delayMs: number): void {
    const again = () =>
      this.#deps.inBackground(() => (this.#isLinked ? this.connectLinked(false) : this.connectOrPair()))
    if (this.#deps.isStopped()) return
    if (delayMs === 0) again()
    else this.#retry.set(delayMs, again)
    this.#enter('waiting')
  }

  /** Writes in order; what cannot be written ends the connection, so that it is told again. */
  #write(live: LiveSession, write: Parameters<DeviceWrites['add']>[0]): void {
    this.#writes.add(write).catch((error: unknown) => {
      this.#logger.error({ err: toError(error) }, 'writing the device down failed')
      this.#deps.inBackground(() => live.close())
    })
  }

  #enter(phase: SessionPhase): void {
    this.#phase = phase
    this.#deps.onChange()
    this.#deps.tell({ type: 'status', deviceId: this.deviceId })
  }
}
