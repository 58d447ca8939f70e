import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/event-envelope.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { Account, CloseReason } from '../../whatsapp/whatsapp-session.ts'
import type { Device } from './device.ts'
import {
  toConnectedEvent,
  toDeafEvent,
  toDisconnectedEvent,
  toLoggedOutEvent,
  toQrEvent,
} from './device-events.ts'
import type { DeviceStore } from './device-store.ts'

export interface DeviceLogDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly store: DeviceStore
  readonly outbox: Outbox
  readonly clock: Clock
}

/** Writes down what happened to a device's link and connection, each with its event in one transaction (a `DeviceRegistry`). */
export class DeviceLog {
  readonly #deps: DeviceLogDeps

  constructor(deps: DeviceLogDeps) {
    this.#deps = deps
  }

  /** Every slot, oldest first. */
  async all(): Promise<readonly Device[]> {
    return this.#deps.store.all(this.#deps.db)
  }

  /** The phone accepted the link; the slot shows the account from now on. */
  async applyLinked(deviceId: DeviceId, account: Account): Promise<void> {
    await this.#write(async (tx, at) => this.#deps.store.setAccount(tx, deviceId, account, at))
  }

  /** The account's own name changed. */
  async applyRenamed(deviceId: DeviceId, account: Account): Promise<void> {
    await this.applyLinked(deviceId, account)
  }

  /** The connection opened: `device.connected`. */
  async applyConnected(deviceId: DeviceId, account: Account): Promise<void> {
    await this.#write(async (tx, at) => {
      await this.#deps.store.setAccount(tx, deviceId, account, at)
      await this.#append(tx, deviceId, (device) => toConnectedEvent(device, at))
    })
  }

  /** A code to scan is there: `device.qr`. */
  async applyQr(
    deviceId: DeviceId,
    code: { readonly text: string; readonly expiresAt: Date },
  ): Promise<void> {
    await this.#write((tx, at) => this.#append(tx, deviceId, (device) => toQrEvent(device, code, at)))
  }

  /** An open connection was found deaf: `device.deaf`. */
  async applyDeaf(deviceId: DeviceId, silentForMs: number): Promise<void> {
    await this.#write(async (tx, at) => {
      await this.#deps.store.setCloseReason(tx, deviceId, 'deaf', at)
      await this.#append(tx, deviceId, (device) => toDeafEvent(device, silentForMs, at))
    })
  }

  /** An open connection ended: `device.disconnected`. */
  async applyDisconnected(deviceId: DeviceId, reason: CloseReason): Promise<void> {
    await this.#write(async (tx, at) => {
      await this.#deps.store.setCloseReason(tx, deviceId, reason, at)
      await this.#append(tx, deviceId, (device) => toDisconnectedEvent(device, reason, at))
    })
  }

  /** The link is gone: `device.logged_out`. Slot, account name and history stay. */
  async applyLoggedOut(deviceId: DeviceId, reason: CloseReason): Promise<void> {
    await this.#write(async (tx, at) => {
      await this.#deps.store.setUnlinked(tx, deviceId, reason, at)
      await this.#append(tx, deviceId, (device) => toLoggedOutEvent(device, reason, at))
    })
  }

  async #write(work: (tx: Tx, at: Date) => Promise<void>): Promise<void> {
    await this.#deps.inTransaction((tx) => work(tx, this.#deps.clock.now()))
    this.#deps.outbox.wake()
  }

  async #append(tx: Tx, deviceId: DeviceId, toEvent: (device: Device) => NewEvent): Promise<void> {
    const device = await this.#deps.store.find(tx, deviceId)
    if (device === null) throw new AppError('device_not_found', { details: { deviceId } })
    await this.#deps.outbox.append(tx, deviceId, toEvent(device))
  }
}
