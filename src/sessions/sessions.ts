import { AppError, toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import type { LinkedSession, SessionLookup, WhatsAppEngine } from '../whatsapp/whatsapp-session.ts'
import type { DeviceRegistry, EventApplier, RegisteredDevice } from './device-registry.ts'
import { HandshakeLimiter } from './handshake-limiter.ts'
import type { DeviceChange, DeviceChangeListener, QrCode, SessionStatus } from './session-status.ts'
import { Supervisor } from './supervisor.ts'

export interface SessionsConfig {
  /** How many connections may shake hands at once; default 5. */
  readonly maxHandshakes?: number
  /** How long `stop` waits for connections to close; default 6,000 ms. */
  readonly stopWithinMs?: number
}

export interface SessionsDeps {
  readonly engine: WhatsAppEngine
  readonly registry: DeviceRegistry
  readonly inbox: EventApplier
  readonly clock: Clock
  readonly logger: Logger
  readonly config?: SessionsConfig
  /** In [0, 1); spreads reconnects. Default is chance. */
  readonly random?: () => number
}

/** Every device's connection: starts, lends and ends them, and tells subscribers what happens to them. */
export class Sessions implements SessionLookup {
  readonly #deps: SessionsDeps
  readonly #engine: WhatsAppEngine
  readonly #limiter: HandshakeLimiter
  readonly #supervisors = new Map<DeviceId, Supervisor>()
  readonly #listeners = new Set<DeviceChangeListener>()
  #isStopping = false

  constructor(deps: SessionsDeps) {
    this.#deps = deps
    this.#engine = checkedBeforeUse(deps.engine)
    this.#limiter = new HandshakeLimiter(deps.clock, deps.config?.maxHandshakes)
  }

  /** Takes in every slot, so that commands and questions find it; nothing connects yet. Idempotent. */
  async load(): Promise<void> {
    for (const device of await this.#deps.registry.all()) {
      if (!this.#supervisors.has(device.id)) this.#add(device)
    }
  }

  /** Connects the linked devices in the background, a few at a time. Resolves before they are open. */
  async start(): Promise<void> {
    await this.load()
    for (const supervisor of this.#supervisors.values()) {
      if (supervisor.status().isLinked) supervisor.start()
    }
  }

  /** Knows the slot from now on; a new one has no connection until somebody logs in. Idempotent. */
  ensure(deviceId: DeviceId): void {
    if (!this.#supervisors.has(deviceId)) this.#add({ id: deviceId, isLinked: false })
  }

  for(deviceId: DeviceId): LinkedSession {
    return this.#supervisor(deviceId).sender()
  }

  /** The device's state by evidence; a slot that is not (or no longer) known has no connection. */
  status(deviceId: DeviceId): SessionStatus {
    return this.#supervisors.get(deviceId)?.status() ?? noConnection(deviceId)
  }

  /** Every slot's state. */
  statuses(): SessionStatus[] {
    return [...this.#supervisors.values()].map((supervisor) => supervisor.status())
  }

  /** A QR code that can be scanned now; see `Supervisor.login`. */
  async login(deviceId: DeviceId): Promise<QrCode> {
    return this.#supervisor(deviceId).login()
  }

  /** A pairing code for `phone` (digits only), 8 characters; see `Supervisor.requestPairingCode`. */
  async requestPairingCode(deviceId: DeviceId, phone: string): Promise<string> {
    return this.#supervisor(deviceId).requestPairingCode(phone)
  }

  /** Opens the connection anew and resolves once it is open. Rejects with `device_not_logged_in`, `whatsapp_unreachable`, … */
  async reconnect(deviceId: DeviceId): Promise<void> {
    await this.#supervisor(deviceId).reconnect()
  }

  /** Unlinks the device and forgets its keys; slot and history stay. Rejects with `device_not_logged_in`. */
  async logout(deviceId: DeviceId): Promise<void> {
    await this.#supervisor(deviceId).logout()
  }

  /** Closes the device's connection and forgets its keys, without unlinking it; the slot is unknown afterwards. */
  async remove(deviceId: DeviceId): Promise<void> {
    const supervisor = this.#supervisor(deviceId)
    await supervisor.stop()
    try {
      await this.#deps.engine.forget(deviceId)
    } catch (error) {
      // The slot is still there, so it has to be kept connected as before.
      this.#add({ id: deviceId, isLinked: true }).start()
      throw error
    }
    this.#supervisors.delete(deviceId)
    this.#tell({ type: 'removed', deviceId })
  }

  /** Hears every change of every device until the returned function is called. */
  subscribe(listener: DeviceChangeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Refuses new commands and ends what callers wait for (a code, a reconnect) with `shutting_down`. Connections stay, for
   * sends under way; `stop` closes them.
   */
  refuseCommands(): void {
    this.#isStopping = true
    for (const supervisor of this.#supervisors.values()) supervisor.refuseCommands()
  }

  /** Closes every connection without logging out. Resolves when all are closed or the time is up, whichever is first. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const closing = Promise.allSettled([...this.#supervisors.values()].map((supervisor) => supervisor.stop()))
    const isDone = await Promise.race([closing.then(() => true), this.#stopDeadline()])
    if (!isDone) this.#deps.logger.warn({}, 'some connections did not close in time')
  }

  #stopDeadline(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#deps.clock.after(this.#deps.config?.stopWithinMs ?? 6_000, () => resolve(false))
    })
  }

  #add(device: RegisteredDevice): Supervisor {
    if (this.#isStopping) throw new AppError('shutting_down')
    const { registry, inbox, clock, logger, random = Math.random } = this.#deps
    const supervisor = new Supervisor(device, {
      engine: this.#engine,
      registry,
      inbox,
      limiter: this.#limiter,
      clock,
      logger,
      random,
      tell: (change) => this.#tell(change),
    })
    this.#supervisors.set(device.id, supervisor)
    return supervisor
  }

  #supervisor(deviceId: DeviceId): Supervisor {
    const supervisor = this.#supervisors.get(deviceId)
    if (supervisor === undefined) throw new AppError('device_not_found', { details: { deviceId } })
    return supervisor
  }

  #tell(change: DeviceChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change)
      } catch (error) {
        this.#deps.logger.error({ err: toError(error) }, 'a listener to device changes failed')
      }
    }
  }
}

function noConnection(deviceId: DeviceId): SessionStatus {
  return {
    deviceId,
    phase: 'idle',
    isConnected: false,
    isLoggedIn: false,
    isLinked: false,
    closeReason: null,
    retryAt: null,
    health: null,
  }
}

/** The engine, with its self-check run once before the first connection; while that fails nothing opens. */
function checkedBeforeUse(engine: WhatsAppEngine): WhatsAppEngine {
  let check: Promise<void> | null = null
  return {
    selfCheck: () => engine.selfCheck(),
    account: (deviceId) => engine.account(deviceId),
    forget: (deviceId) => engine.forget(deviceId),
    async open(deviceId, listener) {
      check ??= engine.selfCheck()
      await check
      return engine.open(deviceId, listener)
    },
  }
}
