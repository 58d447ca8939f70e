import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineWorld } from '../../../test/engine-world.ts'
import { silentLogger } from '../../core/logger.ts'
import { type OpenDatabase, openDatabase } from '../../db/open-database.ts'

describe('linking a device', () => {
  let database: OpenDatabase
  let world: EngineWorld

  beforeEach(async () => {
    database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
    world = await EngineWorld.start(database)
  })

  afterEach(async () => {
    await world.close()
    await database.close()
  })

  it('links by pairing code', async () => {
    const { session, listener } = await world.open()
    const code = await session.requestPairingCode(world.owner.phone)
    await world.owner.enterPairingCode(code)
    expect((await listener.heard('paired')).account.jid).toBe(world.owner.jid)
    expect(await listener.heard('closed')).toMatchObject({ reason: 'restart-required' })
    const next = await world.connected()
    expect((await next.listener.heard('open')).account).toMatchObject({
      jid: world.owner.jid,
      lid: world.owner.lid,
    })
    await next.session.close()
  })

  it('is not linked by a wrong code, and links by QR code afterwards', async () => {
    const { session } = await world.open()
    const code = await session.requestPairingCode(world.owner.phone)
    await world.owner.enterPairingCode(code, { wrong: true })
    await session.close()
    expect(await world.engine.account(world.deviceId)).toBeNull()

    const { session: linked } = await world.linked()
    expect((await world.engine.account(world.deviceId))?.jid).toBe(world.owner.jid)
    await linked.close()
  })

  it('shows a QR code that links after a wrong pairing code, which changed the secret', async () => {
    const { session, listener } = await world.open()
    const code = await session.requestPairingCode(world.owner.phone)
    await world.owner.enterPairingCode(code, { wrong: true })
    const shown = await listener.heardAgain('qr', 2)
    await world.owner.scanQr(shown.text)
    await listener.heard('paired')
    await listener.heard('closed')
    await session.close()
  })

  it('resets half-paired credentials also after a restart of the process', async () => {
    const { session, listener } = await world.open()
    await session.requestPairingCode(world.owner.phone)
    // Whatever makes the library save them meanwhile.
    world.owner.refreshPairing()
    await listener.heardAgain('qr', 2)
    await session.close()
    await world.engine.close()
    world.newEngine()
    const again = await world.open()
    await again.listener.heard('qr')
    await again.session.close()
  })

  it('gives no pairing code once the connection is gone', async () => {
    const { session, listener } = await world.open()
    await listener.heard('qr')
    world.simulator.dropConnections()
    await expect(session.requestPairingCode(world.owner.phone)).rejects.toMatchObject({
      code: 'device_not_connected',
    })
  })

  it('renews the secret in the code when WhatsApp asks for it: the old picture no longer links', async () => {
    const { session, listener } = await world.open()
    const old = await listener.heard('qr')
    world.owner.refreshPairing()
    const renewed = await listener.heardAgain('qr', 2)
    expect(renewed.text.split(',')[0]).toBe(old.text.split(',')[0])
    expect(renewed.text).not.toBe(old.text)
    await world.owner.scanQr(renewed.text)
    await listener.heard('paired')
    await listener.heard('closed')
    await session.close()
  })

  it('refuses an account whose signature is forged', async () => {
    world.simulator.faults.forgedAccountSignature()
    const { listener } = await world.open()
    const code = await listener.heard('qr')
    const scanned = world.owner.scanQr(code.text).catch((error: unknown) => error)
    expect(await listener.heard('closed')).toMatchObject({ reason: 'untrusted-server' })
    expect(await world.engine.account(world.deviceId)).toBeNull()
    await scanned
  })

  it("refuses a server whose certificate is not the root's", async () => {
    world.simulator.faults.wrongNoiseCertificate()
    const { listener } = await world.open()
    expect(await listener.heard('closed')).toMatchObject({ reason: 'untrusted-server' })
    expect(listener.changes.map((change) => change.type)).toEqual(['closed'])
  })

  it('shows that WhatsApp has let the device in while what the login asks is unanswered', async () => {
    await world.pair()
    for (const xmlns of ['encrypt', 'passive']) world.simulator.faults.ignoreIq(xmlns, { count: 1_000 })
    const { session, listener } = await world.open()
    await vi.waitFor(() => expect(session.health().lastStanzaAt).not.toBeNull())
    expect(listener.changes).toEqual([])
    await session.close()
  })

  it('keeps the link when the socket breaks between pair-success and the restart', async () => {
    world.simulator.faults.dropBeforeRestart()
    const { listener } = await world.open()
    await world.owner.scanQr((await listener.heard('qr')).text)
    expect(await listener.heard('closed')).toMatchObject({ reason: 'connection-lost' })
    expect(listener.changes.map((change) => change.type)).toEqual(['qr', 'paired', 'closed'])
    // As after a kill: nothing is known but what is on disk.
    world.newEngine()
    const { session } = await world.connected()
    await session.close()
  })

  it.each([
    [401, 'logged-out'],
    [403, 'banned'],
    [402, 'temporarily-banned'],
    [411, 'unusable'],
    [503, 'connection-lost'],
  ])('reports a login refused with %i as %s', async (code, reason) => {
    await world.pair()
    world.simulator.faults.failNextLogin(world.owner, code)
    const { listener } = await world.open()
    expect(await listener.heard('closed')).toMatchObject({ reason, statusCode: code })
  })

  it.each([
    [515, 'restart-required'],
    [503, 'connection-lost'],
    [440, 'replaced'],
    [401, 'logged-out'],
    [500, 'connection-lost'],
  ])('reports stream error %i as %s', async (code, reason) => {
    const { listener } = await world.linked()
    world.simulator.faults.streamError(world.owner, code)
    expect(await listener.heard('closed')).toMatchObject({ reason, statusCode: code })
  })

  it('renews the announced version once when it is refused, and keeps it over a restart', async () => {
    await world.pair()
    world.simulator.requireWebVersion([2, 3000, 1_999_999_999])
    const { listener } = await world.open()
    expect(await listener.heard('closed')).toMatchObject({ reason: 'restart-required', statusCode: 405 })
    world.newEngine()
    const { session } = await world.connected()
    await session.close()
  })

  it('calls itself outdated when no newer version is to be had', async () => {
    await world.pair()
    world.simulator.requireWebVersion([2, 3000, 1_999_999_999])
    world.newEngine({ webVersionUrl: 'http://127.0.0.1:9/nothing' })
    const { listener } = await world.open()
    const change = await listener.heard('closed')
    expect(change).toMatchObject({ reason: 'outdated', statusCode: 405 })
    expect(change.detail).toContain('engine_outdated')
  })

  it('reports a server that cannot be reached, and never throws', async () => {
    await world.pair()
    world.newEngine({ websocketUrl: 'ws://127.0.0.1:9/ws/chat' })
    const { session, listener } = await world.open()
    expect(await listener.heard('closed')).toMatchObject({ reason: 'connection-lost' })
    await session.close()

    world.newEngine({ websocketUrl: 'no address' })
    const broken = await world.open()
    expect(await broken.listener.heard('closed')).toMatchObject({ reason: 'connection-lost' })
    await expect(broken.session.findOnWhatsApp(world.contactJid)).rejects.toMatchObject({
      code: 'device_not_connected',
    })
  })

  it("tells the account's name once it is known, and when it changes", async () => {
    const { session, listener } = await world.linked()
    expect((await listener.heard('renamed')).account.pushName).toBe('Owner')
    await world.owner.setPushName('Renamed')
    expect((await listener.heardAgain('renamed', 2)).account.pushName).toBe('Renamed')
    await session.close()
  })
})
