import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '../core/app-error.ts'
import { ManualClock } from '../core/clock.ts'
import { asDeviceId } from '../core/ids.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { TestDevices } from '../features/devices/test-devices.ts'
import { FakeEngine } from '../whatsapp/fake-engine.ts'
import { aFakeAccount, aTextMessage } from '../whatsapp/fake-session.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'

const one = asDeviceId('one')
const message = (): WhatsAppEvent => ({ type: 'message.received', message: aTextMessage(), isOffline: false })

describeEachDialect('sessions', (open) => {
  const aGateway = async (...args: [ConstructorParameters<typeof TestDevices>[1]?]) =>
    new TestDevices(await open(), ...args)

  describe('login', () => {
    it('links by QR code, restarts when WhatsApp asks for it, and opens', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      const code = await gateway.sessions.login(one)
      expect(code.text).toContain('#ref-1')
      expect(code.expiresAt.getTime() - code.shownAt.getTime()).toBe(60_000)
      expect(gateway.sessions.status(one)).toMatchObject({ isConnected: true, isLoggedIn: false })

      gateway.engine.session(one).scan(aFakeAccount('628111', 'Ani'))
      await gateway.open('one')
      expect(gateway.engine.opened(one)).toBe(2)
      expect(await gateway.reader.find(one)).toMatchObject({
        jid: '628111@s.whatsapp.net',
        displayName: 'Ani',
        isLinked: true,
      })
      expect(gateway.changes.filter((change) => change.type === 'paired')).toHaveLength(1)
      await gateway.until(async () =>
        expect(await gateway.eventKinds('one')).toEqual(['device.qr', 'device.connected']),
      )
    })

    it('shows a device as logged in only once its row says whose account it is', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      await gateway.sessions.login(one)
      const held = Promise.withResolvers<undefined>()
      const holding = gateway.database.inTransaction(async (tx) => {
        await tx.updateTable('devices').set({ display_name: '' }).where('id', '=', one).execute()
        await held.promise
      })
      gateway.engine.session(one).scan(aFakeAccount('628111', 'Ani'))
      await gateway.until(() => expect(gateway.sessions.status(one).phase).toBe('open'))
      expect(gateway.sessions.status(one).isLoggedIn).toBe(false)
      held.resolve(undefined)
      await holding
      await gateway.until(() => expect(gateway.sessions.status(one).isLoggedIn).toBe(true))
      expect(await gateway.reader.find(one)).toMatchObject({ jid: '628111@s.whatsapp.net' })
    })

    it('shares one flow between calls made at once, and answers later calls with the current code', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      const codes = await Promise.all([gateway.sessions.login(one), gateway.sessions.login(one)])
      expect(codes[0]).toEqual(codes[1])
      gateway.clock.advance(60_000)
      const second = gateway.engine.session(one).showCode()
      expect((await gateway.sessions.login(one)).text).toBe(second)
      expect(gateway.engine.opened(one)).toBe(1)
    })

    it('waits for the next code when the current one has just run out', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      await gateway.sessions.login(one)
      gateway.clock.advance(60_000)
      const late = gateway.sessions.login(one)
      await gateway.until(() => expect(gateway.sessions.status(one).phase).toBe('pairing'))
      const text = gateway.engine.session(one).showCode()
      expect((await late).text).toBe(text)
    })

    it('refuses while connected', async () => {
      const gateway = await aGateway()
      await gateway.addLinked('one')
      await expect(gateway.sessions.login(one)).rejects.toMatchObject({ code: 'already_logged_in' })
      expect(gateway.engine.opened(one)).toBe(2)
    })

    it('connects a linked device that is waiting for its next try, and says so', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      session.drop()
      await expect(gateway.sessions.login(one)).rejects.toMatchObject({ code: 'already_logged_in' })
      expect(gateway.engine.session(one).isOpen).toBe(true)
    })

    it('pairs anew when the link turns out to be gone', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      gateway.engine.answersByItself = false
      session.drop()
      const login = gateway.sessions.login(one)
      await gateway.until(() => expect(gateway.engine.opened(one)).toBe(3))
      gateway.engine.answersByItself = true
      gateway.engine.session(one).unlink()
      expect((await login).text).toContain('#ref-1')
      expect(gateway.engine.forgotten).toContain(one)
    })

    it('ends in a disconnected slot when nobody scans, and does not ask again by itself', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      await gateway.sessions.login(one)
      gateway.engine.session(one).expireCodes()
      expect(gateway.sessions.status(one)).toMatchObject({ phase: 'idle', isConnected: false })
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(1)
      expect((await gateway.sessions.login(one)).text).toContain('#ref-1')
    })

    it('says that WhatsApp cannot be reached when the connection breaks before a code', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      gateway.engine.answersByItself = false
      const login = gateway.sessions.login(one)
      await gateway.until(() => gateway.engine.session(one))
      gateway.engine.session(one).drop()
      await expect(login).rejects.toMatchObject({ code: 'whatsapp_unreachable' })
    })

    it('gives up when no code comes at all', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      gateway.engine.answersByItself = false
      const login = gateway.sessions.login(one)
      await gateway.until(() => gateway.engine.session(one))
      await gateway.until(() => expect(gateway.sessions.status(one).phase).toBe('connecting'))
      gateway.clock.advance(40_000)
      await expect(login).rejects.toMatchObject({ code: 'whatsapp_unreachable' })
      expect(gateway.engine.session(one).isClosed).toBe(true)
    })

    it('tries the renewed version once, then tells that the engine is outdated', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      gateway.engine.answersByItself = false
      const login = gateway.sessions.login(one)
      await gateway.until(() => gateway.engine.session(one))
      gateway.engine.session(one).end('outdated')
      gateway.clock.advance(1_000)
      await gateway.until(() => expect(gateway.engine.opened(one)).toBe(2))
      gateway.engine.session(one).end('outdated')
      await expect(login).rejects.toMatchObject({ code: 'engine_outdated' })
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(2)
    })

    it('survives a connection lost between the pairing and its restart', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      await gateway.sessions.login(one)
      gateway.engine.session(one).scan(aFakeAccount(), { restart: false })
      gateway.engine.session(one).drop()
      gateway.clock.advance(2_000)
      await gateway.open('one')
    })

    it('restarts by itself with the new credentials when WhatsApp does not ask for it after the pairing', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      await gateway.sessions.login(one)
      const paired = gateway.engine.session(one)
      paired.scan(aFakeAccount('628111', 'Ani'), { restart: false })
      await gateway.until(async () => expect((await gateway.reader.find(one))?.isLinked).toBe(true))
      gateway.clock.advance(29_999)
      expect(paired.isClosed).toBe(false)
      gateway.clock.advance(1)
      await gateway.until(() => expect(paired.isClosed).toBe(true))
      gateway.clock.advance(5_000)
      await gateway.open('one')
      expect(gateway.engine.opened(one)).toBe(2)
    })

    it('gives a device that was let in more time, since WhatsApp may leave what a login asks unanswered', async () => {
      const gateway = await aGateway()
      const first = await gateway.addLinked('one')
      gateway.engine.answersByItself = false
      first.drop()
      const again = async (count: number) => {
        await gateway.until(() => expect(gateway.engine.opened(one)).toBe(count))
        await gateway.until(() => expect(gateway.sessions.status(one).phase).toBe('connecting'))
        return gateway.engine.session(one)
      }
      gateway.clock.advance(5_000)
      const second = await again(3)
      second.letIn()
      gateway.clock.advance(89_999)
      for (let turn = 0; turn < 20; turn++) await setImmediate()
      expect(second.isClosed).toBe(false)
      gateway.clock.advance(1)
      await gateway.until(() => expect(second.isClosed).toBe(true))
      gateway.clock.advance(10_000)
      const third = await again(4)
      third.letIn()
      gateway.clock.advance(60_000)
      for (let turn = 0; turn < 20; turn++) await setImmediate()
      third.answer()
      await gateway.open('one')
    })

    it('gives a pairing code, and resets what a refused one left behind', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      expect(await gateway.sessions.requestPairingCode(one, '628111')).toBe('ABCD1234')
      gateway.engine.refusePairingCodes(new AppError('pairing_code_failed'))
      const before = gateway.engine.forgotten.length
      await expect(gateway.sessions.requestPairingCode(one, '628111')).rejects.toMatchObject({
        code: 'pairing_code_failed',
      })
      expect(gateway.engine.forgotten.length).toBe(before + 1)
      expect(gateway.sessions.status(one).phase).toBe('idle')
      gateway.engine.refusePairingCodes(null)
      await gateway.sessions.login(one)
      gateway.engine.session(one).scan()
      await gateway.open('one')
    })

    it('says that WhatsApp cannot be reached when the connection is gone before the pairing code', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      gateway.engine.refusePairingCodes(new AppError('device_not_connected'))
      await expect(gateway.sessions.requestPairingCode(one, '628111')).rejects.toMatchObject({
        code: 'whatsapp_unreachable',
      })
    })

    it('shows only the new account after a slot was linked again with another number', async () => {
      const gateway = await aGateway()
      const first = await gateway.addLinked('one', aFakeAccount('628111', 'Ani'))
      await first.receive(message())
      await gateway.sessions.logout(one)
      await gateway.sessions.login(one)
      gateway.engine.session(one).scan(aFakeAccount('628222', ''))
      const second = await gateway.open('one')
      await second.receive(message())
      expect(gateway.applied.map((batch) => batch.account)).toEqual([
        '628111@s.whatsapp.net',
        '628222@s.whatsapp.net',
      ])
      expect(await gateway.reader.find(one)).toMatchObject({ jid: '628222@s.whatsapp.net', displayName: '' })
      expect(await gateway.reader.scopeOf(one)).toEqual({ deviceId: one, account: '628222@s.whatsapp.net' })
    })
  })

  describe('a connected device', () => {
    it('is lent for sending, and refused with the reason when it cannot send', async () => {
      const gateway = await aGateway()
      await gateway.add('one')
      expect(() => gateway.sessions.for(one)).toThrow(
        expect.objectContaining({ code: 'device_not_logged_in' }),
      )
      expect(() => gateway.sessions.for(asDeviceId('nobody'))).toThrow(
        expect.objectContaining({ code: 'device_not_found' }),
      )
      await gateway.sessions.login(one)
      gateway.engine.session(one).scan()
      const session = await gateway.open('one')
      expect(gateway.sessions.for(one)).toBe(session)
      session.drop()
      expect(() => gateway.sessions.for(one)).toThrow(
        expect.objectContaining({ code: 'device_not_connected' }),
      )
    })

    it('comes back after the network failed, never inside the close, and tells both', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      session.drop()
      expect(gateway.engine.opened(one)).toBe(2)
      expect(gateway.sessions.status(one)).toMatchObject({
        phase: 'waiting',
        closeReason: 'connection-lost',
        retryAt: new Date(gateway.clock.now().getTime() + 1_500),
      })
      gateway.clock.advance(1_500)
      await gateway.open('one')
      await gateway.until(async () =>
        expect(await gateway.eventKinds('one')).toEqual([
          'device.qr',
          'device.connected',
          'device.disconnected',
          'device.connected',
        ]),
      )
    })

    it('is asked something when it was quiet for long, and renewed when it is open and deaf, which is told', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      const quiet = async (minutes: number) => {
        for (let step = 0; step < minutes * 2; step += 1) {
          session.ping()
          gateway.clock.advance(30_000)
          await setImmediate()
        }
      }
      await quiet(6)
      expect(session.probes).toBe(1)
      session.isDeaf = true
      await quiet(5)
      await gateway.until(() => expect(session.isClosed).toBe(true))
      gateway.clock.advance(60_000)
      expect(await gateway.open('one')).not.toBe(session)
      await gateway.until(async () =>
        expect(await gateway.eventKinds('one')).toEqual([
          'device.qr',
          'device.connected',
          'device.deaf',
          'device.disconnected',
          'device.connected',
        ]),
      )
    })

    it('is not fought over when the session was opened elsewhere', async () => {
      const gateway = await aGateway()
      ;(await gateway.addLinked('one')).end('replaced')
      gateway.clock.advance(29_000)
      expect(gateway.engine.opened(one)).toBe(2)
      gateway.clock.advance(31_000)
      ;(await gateway.open('one')).end('replaced')
      expect(gateway.sessions.status(one)).toMatchObject({ phase: 'parked', closeReason: 'replaced' })
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(3)
      await gateway.sessions.reconnect(one)
      expect(gateway.sessions.status(one).phase).toBe('open')
    })

    it('keeps slot and history when it is unlinked on the phone', async () => {
      const gateway = await aGateway()
      ;(await gateway.addLinked('one', aFakeAccount('628111'))).unlink()
      await gateway.until(() =>
        expect(gateway.changes.at(-1)).toEqual({ type: 'logged-out', deviceId: one, by: 'phone' }),
      )
      expect(gateway.engine.forgotten.at(-1)).toBe(one)
      expect(await gateway.reader.find(one)).toMatchObject({ jid: '628111@s.whatsapp.net', isLinked: false })
      expect(await gateway.eventKinds('one')).toEqual(['device.qr', 'device.connected', 'device.logged_out'])
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(2)
    })

    it('keeps its data and waits for a command when it is banned', async () => {
      const gateway = await aGateway()
      ;(await gateway.addLinked('one')).end('banned')
      expect(gateway.sessions.status(one)).toMatchObject({ phase: 'parked', isLinked: true })
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(2)
      expect(await gateway.engine.account(one)).not.toBeNull()
    })

    it('is reconnected when it shows no life, whatever its socket says', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      gateway.clock.advance(90_000)
      expect(session.isOpen).toBe(true)
      gateway.clock.advance(60_000)
      expect(gateway.sessions.status(one).isConnected).toBe(false)
      await gateway.until(() => expect(session.isClosed).toBe(true))
      gateway.clock.advance(2_000)
      await gateway.open('one')
    })

    it('is given up when it does not even close', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      session.close = () => new Promise(() => undefined)
      gateway.clock.advance(150_000)
      await gateway.until(() => {
        gateway.clock.advance(6_000)
        expect(gateway.sessions.status(one).closeReason).toBe('connection-lost')
      })
      gateway.clock.advance(2_000)
      await gateway.until(() => expect(gateway.engine.opened(one)).toBeGreaterThan(2))
    })

    it('takes the new name of its account', async () => {
      const gateway = await aGateway()
      ;(await gateway.addLinked('one')).rename('Ani Baru')
      await gateway.until(async () => expect((await gateway.reader.find(one))?.displayName).toBe('Ani Baru'))
    })

    it('refuses facts that could not be committed, so that they come again', async () => {
      const gateway = await aGateway({ apply: () => Promise.reject(new Error('disk full')) })
      const session = await gateway.addLinked('one')
      await expect(session.receive(message())).rejects.toThrow('disk full')
      expect(gateway.applied).toEqual([])
    })
  })

  describe('commands', () => {
    it('logs out at WhatsApp, forgets the keys, and keeps the slot', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      await gateway.sessions.logout(one)
      expect(session.isClosed).toBe(true)
      expect(gateway.changes.at(-1)).toEqual({ type: 'logged-out', deviceId: one, by: 'request' })
      expect(await gateway.reader.find(one)).toMatchObject({ isLinked: false })
      await expect(gateway.sessions.logout(one)).rejects.toMatchObject({ code: 'device_not_logged_in' })
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(2)
    })

    it('reconnects on command, and says why when that fails', async () => {
      const gateway = await aGateway()
      await gateway.addLinked('one')
      await gateway.sessions.reconnect(one)
      expect(gateway.engine.opened(one)).toBe(3)
      gateway.engine.answersByItself = false
      const reconnect = gateway.sessions.reconnect(one)
      await gateway.until(() => expect(gateway.engine.opened(one)).toBe(4))
      gateway.engine.session(one).drop()
      await expect(reconnect).rejects.toMatchObject({ code: 'whatsapp_unreachable' })
      expect(gateway.sessions.status(one).phase).toBe('waiting')
    })

    it('runs one after another, with one connection alive at most', async () => {
      const gateway = await aGateway()
      await gateway.addLinked('one')
      await Promise.allSettled([
        gateway.sessions.reconnect(one),
        gateway.sessions.login(one),
        gateway.sessions.reconnect(one),
        gateway.sessions.reconnect(one),
      ])
      await gateway.open('one')
      expect(gateway.engine.sessions.filter((session) => !session.isClosed)).toHaveLength(1)
    })

    it('stops without logging out, and refuses commands afterwards', async () => {
      const gateway = await aGateway()
      const session = await gateway.addLinked('one')
      await gateway.sessions.stop()
      expect(session.isClosed).toBe(true)
      expect(await gateway.engine.account(one)).not.toBeNull()
      await expect(gateway.sessions.login(one)).rejects.toMatchObject({ code: 'shutting_down' })
      gateway.clock.advance(3_600_000)
      expect(gateway.engine.opened(one)).toBe(2)
    })
  })

  it('connects a hundred linked devices at start, five handshakes at a time, and keeps them linked over a restart', async () => {
    const database = await open()
    const first = new TestDevices(database)
    for (let n = 1; n <= 100; n += 1) {
      const id = await first.add(`device-${n}`)
      first.engine.link(id, aFakeAccount(`62800000${n}`))
      await first.sessions.reconnect(id)
    }
    await first.sessions.stop()

    const clock = new ManualClock()
    const engine = new FakeEngine({ now: () => clock.now() })
    for (const [n, device] of (await first.reader.all()).entries()) {
      engine.link(device.id, aFakeAccount(`62800000${n + 1}`))
    }
    engine.answersByItself = false
    const second = new TestDevices(database, { engine, clock })
    await second.sessions.start()
    await second.until(() => expect(engine.sessions).toHaveLength(5))
    engine.answersByItself = true
    for (const session of [...engine.sessions]) session.answer()
    await second.until(async () => {
      const ids = await second.reader.ids()
      expect(ids.filter((id) => second.sessions.status(id).isLoggedIn)).toHaveLength(100)
    })
    expect(engine.sessions).toHaveLength(100)
    await second.sessions.stop()
  })
})
