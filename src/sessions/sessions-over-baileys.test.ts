import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Person } from '../../simulator/index.ts'
import { EngineWorld, hastyClock } from '../../test/engine-world.ts'
import { silentLogger } from '../core/logger.ts'
import { openDatabase } from '../db/open-database.ts'
import { DeviceLog } from '../features/devices/device-log.ts'
import { DeviceReader } from '../features/devices/device-reader.ts'
import { DeviceStore } from '../features/devices/device-store.ts'
import { SqlOutbox } from '../outbox/outbox-store.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import type { WhatsAppEngine } from '../whatsapp/whatsapp-session.ts'
import type { DeviceChange, SessionStatus } from './session-status.ts'
import { Sessions } from './sessions.ts'

/** Waits that take a minute are over in seconds; handshakes still have the time they need. */
const haste = 15

describe('sessions over Baileys and the simulator', () => {
  let world: EngineWorld
  let sessions: Sessions
  let makeSessions: (engine: WhatsAppEngine) => Sessions
  let devices: DeviceReader
  let changes: DeviceChange[]
  let events: WhatsAppEvent[]

  beforeEach(async () => {
    const database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
    world = await EngineWorld.start(database)
    const clock = hastyClock(haste)
    const store = new DeviceStore()
    const { db, inTransaction } = database
    const outbox = new SqlOutbox({ endpoints: { wanting: () => [] }, clock, onWake: () => undefined })
    devices = new DeviceReader({ db, store })
    changes = []
    events = []
    makeSessions = (engine) =>
      new Sessions({
        engine,
        registry: new DeviceLog({ db, inTransaction, store, outbox, clock }),
        inbox: {
          apply: async (_deviceId, _account, batch) => {
            events.push(...batch)
          },
        },
        clock,
        logger: silentLogger,
      })
    sessions = makeSessions(world.engine)
    sessions.subscribe((change) => changes.push(change))
    await inTransaction((tx) => store.insert(tx, world.deviceId, clock.now()))
    sessions.ensure(world.deviceId)
  })

  afterEach(async () => {
    await sessions.stop()
    await world.close()
    await world.database.close()
  })

  const status = () => sessions.status(world.deviceId)

  /** Waits until the status is as told. */
  async function becomes(wanted: Partial<SessionStatus>): Promise<void> {
    await vi.waitFor(() => expect(status()).toMatchObject(wanted), { timeout: 10_000, interval: 10 })
  }

  async function link(person: Person = world.owner): Promise<void> {
    await person.scanQr((await sessions.login(world.deviceId)).text)
    await becomes({ phase: 'open' })
  }

  /** Waits until that many connections have opened and were written down. */
  async function connectedTimes(count: number): Promise<void> {
    await vi.waitFor(
      async () => {
        const rows = await world.database.db
          .selectFrom('events')
          .select('id')
          .where('kind', '=', 'device.connected')
          .execute()
        expect(rows).toHaveLength(count)
      },
      { timeout: 10_000, interval: 10 },
    )
  }

  /** Whether what the contact writes now arrives. */
  async function hears(text: string, person: Person = world.owner): Promise<void> {
    await world.contact.sendText(person, text)
    await vi.waitFor(
      () =>
        expect(events).toContainEqual(
          expect.objectContaining({
            type: 'message.received',
            message: expect.objectContaining({ text }) as unknown,
          }),
        ),
      { timeout: 10_000, interval: 10 },
    )
  }

  it('links once when two ask at the same time, and refuses while connected', async () => {
    const [first, second] = await Promise.all([
      sessions.login(world.deviceId),
      sessions.login(world.deviceId),
    ])
    expect(first).toEqual(second)
    await world.owner.scanQr(first.text)
    await becomes({ phase: 'open', isLoggedIn: true })
    await expect(sessions.login(world.deviceId)).rejects.toMatchObject({ code: 'already_logged_in' })
    expect(await devices.find(world.deviceId)).toMatchObject({ jid: world.owner.jid, isLinked: true })
    await hears('hello')
  })

  it('links by pairing code, also after a wrong one', async () => {
    const wrong = await sessions.requestPairingCode(world.deviceId, world.owner.phone)
    await expect(
      world.owner.enterPairingCode(wrong === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA'),
    ).rejects.toThrow()
    const code = await sessions.requestPairingCode(world.deviceId, world.owner.phone)
    await world.owner.enterPairingCode(code)
    await becomes({ phase: 'open' })
    await hears('by code')
  })

  it('comes back when the socket is cut between the link and its restart', async () => {
    world.simulator.faults.dropBeforeRestart()
    await link()
    expect(changes.filter((change) => change.type === 'paired')).toHaveLength(1)
    await hears('after the cut')
  })

  it('is not linked when the socket is cut before the link is signed, and links at the next login', async () => {
    world.simulator.faults.dropBeforePairSign()
    const code = await sessions.login(world.deviceId)
    await world.owner.scanQr(code.text).catch((error: unknown) => expect(error).toBeInstanceOf(Error))
    await vi.waitFor(() => expect(status().phase).not.toBe('pairing'), { timeout: 10_000 })
    await vi.waitFor(() => expect(status().isLinked).toBe(false), { timeout: 10_000 })
    await link()
    await hears('at last')
  })

  it.each([500, 503, 515])('comes back after stream error %i', async (code) => {
    await link()
    await connectedTimes(1)
    world.simulator.faults.streamError(world.owner, code)
    await connectedTimes(2)
    await hears(`after ${code}`)
  })

  it('renews an outdated version by itself, and says so when that does not help', async () => {
    await link()
    await connectedTimes(1)
    world.simulator.faults.failNextLogin(world.owner, 405)
    world.simulator.dropConnections()
    await connectedTimes(2)
    await hears('with the new version')
    world.simulator.faults.failNextLogin(world.owner, 405, 9)
    world.simulator.dropConnections()
    await becomes({ phase: 'parked', closeReason: 'outdated', isLinked: true })
    await expect(sessions.login(world.deviceId)).rejects.toMatchObject({ code: 'engine_outdated' })
  })

  it('comes back once when replaced, then leaves it to the other side until told', async () => {
    await link()
    world.simulator.faults.streamError(world.owner, 440)
    await becomes({ phase: 'waiting', closeReason: 'replaced' })
    await becomes({ phase: 'open' })
    world.simulator.faults.streamError(world.owner, 440)
    await becomes({ phase: 'parked', closeReason: 'replaced' })
    await sessions.reconnect(world.deviceId)
    await hears('back')
  })

  it.each([
    [403, 'banned', 'parked'],
    [406, 'banned', 'parked'],
    [411, 'unusable', 'parked'],
    [402, 'temporarily-banned', 'parked'],
  ] as const)('does what a failed login with %i calls for', async (code, closeReason, phase) => {
    await link()
    world.simulator.faults.failNextLogin(world.owner, code)
    world.simulator.dropConnections()
    await becomes({ phase, closeReason, isLinked: true })
    expect(await world.engine.account(world.deviceId)).not.toBeNull()
    if (code === 411) await link()
    else await sessions.reconnect(world.deviceId)
    await hears(`after ${code}`)
  })

  it('keeps the slot when unlinked on the phone, and takes another number afterwards', async () => {
    await link()
    await world.owner.unlink()
    await becomes({ phase: 'idle', closeReason: 'logged-out', isLinked: false })
    expect(await devices.find(world.deviceId)).toMatchObject({ jid: world.owner.jid, isLinked: false })
    const other = world.simulator.addPerson({ name: 'Other' })
    await link(other)
    await hears('to the other', other)
    expect(await devices.find(world.deviceId)).toMatchObject({ jid: other.jid, isLinked: true })
  })

  it('logs out at WhatsApp and can be linked again', async () => {
    await link()
    await sessions.logout(world.deviceId)
    expect(status()).toMatchObject({ phase: 'idle', isLinked: false })
    expect(await world.engine.account(world.deviceId)).toBeNull()
    await link()
    await hears('again')
  })

  it('does not believe a server that cannot prove itself, and keeps its keys', async () => {
    await link()
    world.simulator.faults.wrongNoiseCertificate()
    world.simulator.dropConnections()
    await becomes({ phase: 'waiting', closeReason: 'untrusted-server', isLinked: true })
    await sessions.reconnect(world.deviceId)
    await hears('after the impostor')
  })

  it.each([401, 403, 405])('takes no HTTP answer %i to the upgrade for a word of WhatsApp', async (code) => {
    await link()
    await sessions.stop()
    let knocks = 0
    const portal = createServer()
    portal.on('upgrade', (_request, socket) => {
      // The client hangs up as soon as it has read the answer.
      socket.on('error', () => undefined)
      knocks += 1
      socket.end(`HTTP/1.1 ${code} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    })
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve))
    const { port } = portal.address() as AddressInfo // a TCP server has an address of this form
    sessions = makeSessions(world.newEngine({ websocketUrl: `ws://127.0.0.1:${port}/ws/chat` }))
    await sessions.start()
    await vi.waitFor(() => expect(knocks).toBeGreaterThan(1), { timeout: 15_000, interval: 10 })
    expect(status()).toMatchObject({ isLinked: true, isConnected: false })
    expect(await world.engine.account(world.deviceId)).not.toBeNull()
    portal.close()
  })
})
