import { AppError, toError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'
import { SerialQueue } from '../core/serial-queue.ts'
import { errorOfPairing, nothingYet } from './close-error.ts'
import { DeviceConnection, type DeviceConnectionDeps } from './device-connection.ts'
import type { RegisteredDevice } from './device-registry.ts'
import type { LiveSession } from './live-session.ts'
import type { QrCode, SessionStatus } from './session-status.ts'
import { StateWaiters } from './state-waiters.ts'

/** What a device's connection needs, save for what its supervisor gives it. */
export type SupervisorDeps = Omit<DeviceConnectionDeps, 'onChange' | 'inBackground' | 'isStopped'>

const longestWaitMs = 45_000
/** A login that meets an account unlinked on the phone starts over once, with a fresh pairing. */
const loginRounds = 2

/**
 * Keeps one device connected, and takes the commands about it: one after another, each waiting for the state it promises.
 * Must not send or read messages: it only lends out the session.
 */
export class Supervisor {
  readonly #logger: Logger
  readonly #commands = new SerialQueue()
  readonly #waiters: StateWaiters
  readonly #connection: DeviceConnection
  #isRefusing = false
  #isStopped = false

  constructor(device: RegisteredDevice, deps: SupervisorDeps) {
    this.#logger = deps.logger.child({ deviceId: device.id })
    this.#waiters = new StateWaiters(deps.clock)
    this.#connection = new DeviceConnection(device, {
      ...deps,
      logger: this.#logger,
      onChange: () => this.#waiters.check(),
      inBackground: (work) => this.#inBackground(work),
      isStopped: () => this.#isStopped,
    })
  }

  // === Questions

  status(): SessionStatus {
    return this.#connection.status()
  }

  /** The session that can send now. Throws `device_not_logged_in` or `device_not_connected`. */
  sender() {
    const sender = this.#connection.live?.sender ?? null
    if (sender !== null) return sender
    throw new AppError(this.#connection.isLinked ? 'device_not_connected' : 'device_not_logged_in')
  }

  // === Commands

  /** Connects a linked device in the background; does nothing for one that is not. */
  start(): void {
    this.#inBackground(() => this.#connection.connectLinked(false))
  }

  /**
   * A code that a phone can scan now, of the pairing under way or of a new one. Rejects with `already_logged_in` when the
   * device is linked and could be connected, else with what stood in the way.
   */
  async login(): Promise<QrCode> {
    for (let round = 1; round <= loginRounds; round += 1) {
      await this.#command(() => this.#connection.connectOrPair())
      const code = await this.#waiters.until(() => this.#codeOrTrouble(), longestWaitMs, 'qr_channel_failed')
      if (code !== 'unlinked') return code
    }
    throw new AppError('qr_channel_failed')
  }

  /** Asks WhatsApp for a pairing code for `phone` (digits only); 8 characters. Rejects like `login`, and with `pairing_code_failed`. */
  async requestPairingCode(phone: string): Promise<string> {
    await this.login()
    const { live } = this.#connection
    try {
      const connection = live?.connection
      if (connection === null || connection === undefined) throw new AppError('device_not_connected')
      return await connection.requestPairingCode(phone)
    } catch (error) {
      // What the failed attempt left in the credentials must not meet the next one.
      this.#logger.info({ err: toError(error) }, 'pairing code refused')
      if (!this.#isRefusing) await this.#command(() => this.#connection.endPairing(live))
      throw errorOfPairing(error)
    }
  }

  /** Closes and opens the connection anew, whatever the policy was waiting for. Resolves once it is open. */
  async reconnect(): Promise<void> {
    await this.#command(async () => {
      if ((await this.#connection.linkedAccount()) === null) throw new AppError('device_not_logged_in')
      await this.#connection.letGo()
      this.#connection.startOver()
      await this.#connection.connectLinked(true)
    })
    await this.#waiters.until(() => this.#openOrTrouble(), longestWaitMs, 'whatsapp_unreachable')
  }

  /** Unlinks the device at WhatsApp as far as its connection allows, and forgets its keys. Slot and history stay. */
  async logout(): Promise<void> {
    await this.#command(async () => {
      if ((await this.#connection.linkedAccount()) === null) throw new AppError('device_not_logged_in')
      const live = this.#connection.detach()
      if (live?.sender) await this.#unlink(live)
      else this.#logger.warn({}, 'logged out without a connection: the phone still lists this device')
      await live?.close()
      await this.#connection.forget('logged-out', 'request')
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
    this.#connection.interrupt()
    await this.#commands.run(() => this.#connection.letGo())
    await this.#connection.written()
  }

  // === Running

  /** Runs a command after those before it, ending first what those may be waiting for. */
  #command<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isRefusing) return Promise.reject(new AppError('shutting_down'))
    this.#connection.interrupt()
    return this.#commands.run(() => {
      if (this.#isRefusing) throw new AppError('shutting_down')
      return work()
    })
  }

  async #unlink(live: LiveSession): Promise<void> {
    try {
      await live.sender?.logout()
    } catch (error) {
      // The user wants the link gone; the keys are forgotten either way.
      this.#logger.warn({ err: toError(error) }, 'logout did not reach the server')
    }
  }

  /** Runs a command that nobody waits for; one that fails is tried again by the clock. */
  #inBackground(work: () => Promise<void>): void {
    this.#commands
      .run(async () => {
        if (!this.#isStopped) await work()
      })
      .catch((error: unknown) => this.#connection.failed(toError(error)))
  }

  // === What callers wait for; null means not yet

  #codeOrTrouble(): QrCode | 'unlinked' | null {
    if (this.#isRefusing) throw new AppError('shutting_down')
    const { live, isUnlinkedByPhone } = this.#connection
    if (live?.sender) throw new AppError('already_logged_in')
    if (live?.code) return live.code
    return isUnlinkedByPhone ? 'unlinked' : this.#nothingYet()
  }

  #openOrTrouble(): true | null {
    if (this.#isRefusing) throw new AppError('shutting_down')
    return this.#connection.live?.sender ? true : this.#nothingYet()
  }

  #nothingYet(): null {
    const { phase, closeReason } = this.status()
    return nothingYet(this.#connection.live !== null, phase, closeReason)
  }
}
