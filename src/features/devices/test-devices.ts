import { vi } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { SqlOutbox } from '../../outbox/outbox-store.ts'
import type { DeviceChange } from '../../sessions/session-status.ts'
import { Sessions } from '../../sessions/sessions.ts'
import { FakeEngine } from '../../whatsapp/fake-engine.ts'
import type { FakeSession } from '../../whatsapp/fake-session.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { Account } from '../../whatsapp/whatsapp-session.ts'
import { DeviceLog } from './device-log.ts'
import { DeviceReader } from './device-reader.ts'
import { DeviceService } from './device-service.ts'
import { DeviceStore } from './device-store.ts'

/** What was committed for a device, as the recording inbox saw it. */
export interface Applied {
  readonly deviceId: DeviceId
  readonly account: Jid
  readonly events: readonly WhatsAppEvent[]
}

export interface TestDevicesOptions {
  readonly engine?: FakeEngine
  readonly clock?: ManualClock
  /** What the inbox does with a batch, before it is recorded. */
  readonly apply?: (applied: Applied) => Promise<void>
  /** What is told when everything of a device is gone. */
  readonly onRemoved?: () => Promise<void>
}

/** Devices, their sessions and everything under them on a real database, with WhatsApp in memory and a clock to move. */
export class TestDevices {
  readonly clock: ManualClock
  readonly engine: FakeEngine
  readonly sessions: Sessions
  readonly service: DeviceService
  readonly reader: DeviceReader
  readonly database: OpenDatabase
  readonly applied: Applied[] = []
  readonly changes: DeviceChange[] = []

  constructor(database: OpenDatabase, options: TestDevicesOptions = {}) {
    const clock = options.clock ?? new ManualClock()
    this.clock = clock
    this.engine = options.engine ?? new FakeEngine({ now: () => clock.now() })
    this.database = database
    const { db, inTransaction } = database
    const store = new DeviceStore()
    const outbox = new SqlOutbox({ endpoints: { wanting: () => [] }, clock, onWake: () => undefined })
    this.sessions = new Sessions({
      engine: this.engine,
      registry: new DeviceLog({ db, inTransaction, store, outbox, clock }),
      inbox: {
        apply: async (deviceId, account, events) => {
          await options.apply?.({ deviceId, account, events })
          this.applied.push({ deviceId, account, events })
        },
      },
      clock,
      logger: silentLogger,
      random: () => 0.5,
    })
    this.sessions.subscribe((change) => this.changes.push(change))
    this.reader = new DeviceReader({ db, store })
    this.service = new DeviceService({
      db,
      inTransaction,
      store,
      sessions: this.sessions,
      clock,
      logger: silentLogger,
      ...(options.onRemoved && { onRemoved: options.onRemoved }),
    })
  }

  /** Adds a slot. */
  async add(id: string): Promise<DeviceId> {
    return (await this.service.add(id)).id
  }

  /** Adds a slot, links it by QR code, and waits until it is open and written down. */
  async addLinked(id: string, account?: Account): Promise<FakeSession> {
    const deviceId = await this.add(id)
    await this.sessions.login(deviceId)
    this.engine.session(deviceId).scan(account)
    return this.open(id)
  }

  /** Waits until the device is open and its row says so; resolves with its session. */
  async open(id: string): Promise<FakeSession> {
    const deviceId = asDeviceId(id)
    await this.until(async () => {
      const status = this.sessions.status(deviceId)
      if (!status.isLoggedIn)
        throw new Error(`${id} is ${status.phase} (${status.closeReason ?? 'no close'})`)
      const device = await this.reader.find(deviceId)
      if (device?.isLinked !== true) throw new Error(`${id} is not written down as linked`)
    })
    return this.engine.session(deviceId)
  }

  /** Kinds of the events committed for the device, in their order. */
  async eventKinds(id: string): Promise<string[]> {
    const rows = await this.database.db
      .selectFrom('events')
      .select('kind')
      .where('device_id', '=', id)
      .orderBy('seq')
      .execute()
    return rows.map((row) => row.kind)
  }

  /** Waits until `fact` no longer throws; fails with what it threw last. */
  async until<T>(fact: () => T | Promise<T>): Promise<T> {
    return vi.waitFor(fact, { timeout: 5_000, interval: 2 })
  }
}
