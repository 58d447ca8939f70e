import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { type DeviceId, newDeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { CloseReason, SessionHealth } from '../../whatsapp/whatsapp-session.ts'
import { type Device, parseDeviceId } from './device.ts'
import { type DeviceStore, largeTableNames } from './device-store.ts'

/** What a device's connection is doing, as far as this feature needs it. */
export interface ConnectionState {
  readonly isConnected: boolean
  readonly isLoggedIn: boolean
  /** Where the connection is in its life; the rest says why. Absent where nobody keeps it. */
  readonly phase?: (typeof connectionPhases)[number]
  /** Why the last connection ended; null while one lives. */
  readonly closeReason?: CloseReason | null
  /** When the next attempt is due, while `waiting`. */
  readonly retryAt?: Date | null
  readonly health?: SessionHealth | null
}

/** `waiting`: another attempt follows by itself; `parked`: only a command goes on. */
export const connectionPhases = ['idle', 'connecting', 'pairing', 'open', 'waiting', 'parked'] as const

/** How the service reaches the devices' connections; `Sessions` is one. */
export interface DeviceSessions {
  ensure(deviceId: DeviceId): void
  status(deviceId: DeviceId): ConnectionState
  logout(deviceId: DeviceId): Promise<void>
  reconnect(deviceId: DeviceId): Promise<void>
  remove(deviceId: DeviceId): Promise<void>
}

/** A slot with what its connection is doing. */
export interface DeviceView extends Device, ConnectionState {}

export interface DeviceServiceDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly store: DeviceStore
  readonly sessions: DeviceSessions
  readonly clock: Clock
  readonly logger: Logger
  /** Told when everything of a device is gone. */
  readonly onRemoved?: (deviceId: DeviceId) => Promise<void>
}

/** Rows per transaction while a device is deleted, so that no other work waits long. */
const deleteAtOnce = 500

/** Creates, shows, renames, reconnects, unlinks and deletes slots. Unknown ids are `device_not_found`. */
export class DeviceService {
  readonly #deps: DeviceServiceDeps

  constructor(deps: DeviceServiceDeps) {
    this.#deps = deps
  }

  /** Every slot, oldest first. */
  async list(): Promise<DeviceView[]> {
    const devices = await this.#deps.store.all(this.#deps.db)
    return devices.map((device) => this.#view(device))
  }

  async get(id: DeviceId): Promise<DeviceView> {
    return this.#view(await this.#known(id))
  }

  /** Adds an empty slot under the wished id, or a new UUID. Rejects with `validation_failed`, `device_exists`. */
  async add(wished: string | undefined): Promise<DeviceView> {
    const id = wished === undefined || wished === '' ? newDeviceId() : parseDeviceId(wished)
    const { inTransaction, store, clock } = this.#deps
    if (!(await inTransaction((tx) => store.insert(tx, id, clock.now())))) {
      throw new AppError('device_exists', { message: `device ${id} already exists` })
    }
    this.#deps.sessions.ensure(id)
    this.#deps.logger.info({ deviceId: id }, 'device added')
    return this.get(id)
  }

  /** Has people see another name for it, or none (''); programs know it by its id as before. */
  async rename(id: DeviceId, name: string): Promise<DeviceView> {
    const { inTransaction, store, clock } = this.#deps
    await inTransaction((tx) => store.setName(tx, id, name, clock.now()))
    return this.get(id)
  }

  /** Closes the connection, opens it anew, and resolves once it is open. Rejects with `device_not_logged_in`, `whatsapp_unreachable`, … */
  async reconnect(id: DeviceId): Promise<void> {
    await this.#known(id)
    await this.#deps.sessions.reconnect(id)
  }

  /** Unlinks the account; slot and history stay. Rejects with `device_not_logged_in`. */
  async logout(id: DeviceId): Promise<void> {
    await this.#known(id)
    await this.#deps.sessions.logout(id)
  }

  /**
   * Forgets the device: closes its connection and deletes everything kept of it, without unlinking it at WhatsApp. The slot
   * goes last, so a deletion that was cut off can be asked for again.
   */
  async remove(id: DeviceId): Promise<void> {
    await this.#known(id)
    const { inTransaction, store, sessions, logger } = this.#deps
    // A deletion that was cut off has left a slot that the sessions no longer know.
    sessions.ensure(id)
    await sessions.remove(id)
    for (const table of largeTableNames) {
      let deleted: number
      do deleted = await inTransaction((tx) => store.deleteSome(tx, table, id, deleteAtOnce))
      while (deleted === deleteAtOnce)
    }
    await inTransaction((tx) => store.deleteEverything(tx, id))
    logger.info({ deviceId: id }, 'device removed')
    await this.#deps.onRemoved?.(id)
  }

  async #known(id: DeviceId): Promise<Device> {
    const device = await this.#deps.store.find(this.#deps.db, id)
    if (device !== null) return device
    throw new AppError('device_not_found', { message: `device ${id} not found`, details: { deviceId: id } })
  }

  #view(device: Device): DeviceView {
    const { isConnected, isLoggedIn, phase, closeReason, retryAt, health } = this.#deps.sessions.status(
      device.id,
    )
    if (phase === undefined) return { ...device, isConnected, isLoggedIn }
    const why = { closeReason: closeReason ?? null, retryAt: retryAt ?? null, health: health ?? null }
    return { ...device, isConnected, isLoggedIn, phase, ...why }
  }
}
