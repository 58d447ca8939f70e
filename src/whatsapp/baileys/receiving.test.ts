import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { preKeysLow } from '../../../simulator/protocol/push/notifications.ts'
import { EngineWorld, TestListener } from '../../../test/engine-world.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import type { KeySource } from './key-source.ts'

describeEachDialect('receiving without losing or doubling', (open) => {
  let database: OpenDatabase
  let world: EngineWorld

  beforeEach(async () => {
    database = await open()
    world = await EngineWorld.start(database, { logger: silentLogger })
  })

  afterEach(async () => {
    await world.close()
  })

  /** How many delivery receipts of our device the contact got; the owner's phone sends its own. */
  function deliveries(id: string): number {
    return world.contact
      .receiptsFor(id)
      .filter(({ type, fromDevice }) => fromDevice !== 0 && (type === 'delivered' || type === 'inactive'))
      .length
  }

  it('receives a text, receipts it and settles it', async () => {
    const { session, listener } = await world.linked()
    const sent = await world.contact.sendText(world.owner, 'hello')
    const event = await listener.committed('message.received')
    expect(event).toMatchObject({
      isOffline: false,
      message: { id: sent.id, text: 'hello', pushName: 'Ayu' },
    })
    const isOf = ({ phone }: { phone: string }) => phone === world.contact.jid
    await listener.committed('identities.learned', ({ pairs }) => pairs.some(isOf))
    await vi.waitFor(() => expect(deliveries(sent.id)).toBe(1))
    await world.settled()
    expect(session.health()).toMatchObject({ unsettledStanzas: 0, decryptFailures: 0 })
    await session.close()
  })

  it('receives a group message and what was typed on the own phone', async () => {
    const group = world.simulator.addGroup({ subject: 'Lunch', owner: world.owner, members: [world.contact] })
    const { session, listener } = await world.linked()
    await world.contact.sendText(group, 'hi all')
    const inGroup = await listener.committed('message.received', (event) => event.message.text === 'hi all')
    expect(inGroup.message).toMatchObject({ chat: group.jid, isFromMe: false })
    expect([inGroup.message.sender, inGroup.message.senderAlt].sort()).toEqual(
      [world.contact.jid, world.contact.lid].sort(),
    )
    await world.owner.typesOnPhone(world.contact, 'from my phone')
    const own = await listener.committed('message.received', (event) => event.message.isFromMe)
    expect(own.message.text).toBe('from my phone')
    expect([world.contact.jid, world.contact.lid]).toContain(own.message.chat)
    await session.close()
  })

  it('tells reactions, edits and revokes with their targets', async () => {
    const { session, listener } = await world.linked()
    const sent = await world.contact.sendText(world.owner, 'frist')
    await listener.committed('message.received')
    await world.contact.edit(sent, 'first')
    expect(await listener.committed('message.edited')).toMatchObject({ targetId: sent.id, text: 'first' })
    await world.contact.reactTo(sent, '👍')
    expect(await listener.committed('message.reacted')).toMatchObject({ targetId: sent.id, emoji: '👍' })
    await world.contact.revoke(sent)
    expect(await listener.committed('message.revoked')).toMatchObject({
      targetId: sent.id,
      targetIsFromMe: false,
    })
    await session.close()
  })

  it('stores the history that the phone shares', async () => {
    const { session, listener } = await world.linked()
    await listener.committed('history.synced')
    await world.settled()
    await session.close()
  })

  it('keeps receipting and telling in step: nothing is settled before its facts are committed', async () => {
    const { session, listener } = await world.linked()
    await world.settled()
    const release = listener.hold()
    const sent = await world.contact.sendText(world.owner, 'held')
    await vi.waitFor(() => expect(deliveries(sent.id)).toBe(1))
    expect(await world.isJournaled(sent.id)).toBe(true)
    expect(session.health().unsettledStanzas).toBeGreaterThan(0)
    release()
    await world.settled()
    expect(listener.texts()).toEqual(['held'])
    await session.close()
  })

  it('tells a message again that was receipted and not committed when the process was killed', async () => {
    const { listener } = await world.linked()
    await world.settled()
    listener.hold()
    const sent = await world.contact.sendText(world.owner, 'receipted only')
    await vi.waitFor(() => expect(deliveries(sent.id)).toBe(1))
    // Killed: nothing of the old engine goes on, and the server has nothing left to deliver.
    world.newEngine()
    world.simulator.dropConnections()
    const next = await world.connected()
    const event = await next.listener.committed('message.received')
    expect(event.message).toMatchObject({ id: sent.id, text: 'receipted only' })
    await world.settled()
    expect(next.listener.texts()).toEqual(['receipted only'])
    await next.session.close()
  })

  it('tells a message that was decrypted and not receipted when the process was killed', async () => {
    await world.pair()
    let isKilled = false
    world.newEngine({}, (keys) => stallingAfterDecrypt(keys, () => isKilled))
    const { listener } = await world.connected()
    await world.settled()
    isKilled = true
    const sent = await world.contact.sendText(world.owner, 'decrypted only')
    await vi.waitFor(async () => {
      const rows = await database.db.selectFrom('decrypted_messages').select('decrypted_at').execute()
      expect(rows.length).toBeGreaterThan(0)
    })
    expect(deliveries(sent.id)).toBe(0)
    expect(listener.texts()).toEqual([])
    world.newEngine()
    world.simulator.dropConnections()
    const next = await world.connected()
    await next.listener.committed('message.received', (event) => event.message.text === 'decrypted only')
    await vi.waitFor(() => expect(deliveries(sent.id)).toBeGreaterThan(0))
    await world.settled()
    // The session is whole: the next message of the same contact decrypts.
    await world.contact.sendText(world.owner, 'and on')
    await next.listener.committed('message.received', (event) => event.message.text === 'and on')
    expect(next.session.health().decryptFailures).toBe(0)
    await next.session.close()
  })

  it('loses and doubles nothing when the socket breaks in the middle of the offline queue', async () => {
    const { session } = await world.linked()
    await session.close()
    const texts = Array.from({ length: 30 }, (_, index) => `waiting ${index}`)
    for (const text of texts) await world.contact.sendText(world.owner, text)
    const told: string[] = []
    for (const after of [3, 11, 7]) {
      world.simulator.faults.dropDuringOffline(after, { person: world.owner })
      const { listener } = await world.open()
      await listener.heard('closed')
      told.push(...listener.texts())
    }
    const last = await world.connected()
    await last.listener.committed('message.received', (event) => event.message.text === 'waiting 29')
    await world.settled()
    told.push(...last.listener.texts())
    expect([...new Set(told)]).toEqual(texts)
    expect(last.listener.all('message.undecryptable')).toEqual([])
    await last.session.close()
  })

  it('uploads plenty of prekeys when the server runs low', async () => {
    const { session } = await world.linked()
    const device = await world.owner.hasClientOnline()
    const before = device.preKeys.count
    world.simulator.router.deliver(device, preKeysLow(3))
    await vi.waitFor(() => expect(device.preKeys.count).toBeGreaterThanOrEqual(before + 100), {
      timeout: 5_000,
    })
    await world.settled()
    await session.close()
  })

  it('marks what had waited on the server as offline', async () => {
    const { session } = await world.linked()
    await session.close()
    await world.contact.sendText(world.owner, 'while away')
    const { session: again, listener } = await world.connected()
    expect(await listener.committed('message.received')).toMatchObject({ isOffline: true })
    await again.close()
  })

  it('renews the connection when facts cannot be committed, and tells them again', async () => {
    const { listener } = await world.linked()
    await world.settled()
    listener.failure = new Error('database is gone')
    const sent = await world.contact.sendText(world.owner, 'not committed')
    expect(await listener.heard('closed')).toMatchObject({
      reason: 'connection-lost',
      detail: 'database is gone',
    })
    expect(await world.isJournaled(sent.id)).toBe(true)
    const next = await world.connected()
    await next.listener.committed('message.received', (event) => event.message.text === 'not committed')
    await world.settled()
    await next.session.close()
  })

  it('takes a stanza that comes twice for one message', async () => {
    const { session, listener } = await world.linked()
    world.simulator.faults.duplicateStanza({ person: world.owner })
    const sent = await world.contact.sendText(world.owner, 'once')
    await listener.committed('message.received')
    await world.contact.sendText(world.owner, 'next')
    await listener.committed('message.received', (event) => event.message.text === 'next')
    await world.settled()
    const ids = new Set(listener.all('message.received').map((event) => event.message.id))
    expect(ids.size).toBe(2)
    expect(ids.has(sent.id as never)).toBe(true)
    expect(listener.all('message.undecryptable')).toEqual([])
    await session.close()
  })

  it('tells a message that cannot be decrypted, asks for it again and tells the real one', async () => {
    const { session, listener } = await world.linked()
    await world.contact.sendText(world.owner, 'before')
    await listener.committed('message.received')
    const sent = await world.contact.sendUndecryptable(world.owner, 'once more')
    expect(await listener.committed('message.undecryptable')).toMatchObject({ id: sent.id })
    const real = await listener.committed('message.received', (event) => event.message.id === sent.id)
    expect(real.message.text).toBe('once more')
    expect(session.health().decryptFailures).toBe(1)
    await world.settled()
    await session.close()
  })

  it('closes although facts wait to be committed, and forgets what an unlinked account left in the journal', async () => {
    const { session, listener } = await world.linked()
    await world.settled()
    const release = listener.hold()
    const sent = await world.contact.sendText(world.owner, 'for the old account')
    await vi.waitFor(async () => expect(await world.isJournaled(sent.id)).toBe(true))
    await session.close()
    await world.engine.forget(world.deviceId)
    release()
    expect(await world.journaled()).toEqual([])
    expect(await world.engine.account(world.deviceId)).toBeNull()
  })

  it('tells a flood that waited on the server in its order', async () => {
    const { session } = await world.linked()
    await session.close()
    for (let index = 0; index < 200; index++) await world.contact.sendText(world.owner, `flood ${index}`)
    const listener = new TestListener()
    const opened = await world.open(listener)
    await listener.committed('message.received', (event) => event.message.text === 'flood 199')
    expect(listener.texts()).toEqual(Array.from({ length: 200 }, (_, index) => `flood ${index}`))
    await opened.session.close()
  })
})

/** Key material whose decryption commits and then never returns, as if the process died at that moment. */
function stallingAfterDecrypt(keys: KeySource, isKilled: () => boolean): KeySource {
  return {
    account: (device) => keys.account(device),
    forget: (device) => keys.forget(device),
    load: async (device) => {
      const loaded = await keys.load(device)
      const make = loaded.makeSignalRepository
      return new Proxy(loaded, {
        get: (target, property): unknown => {
          if (property !== 'makeSignalRepository') {
            const value: unknown = Reflect.get(target, property, target)
            return typeof value === 'function' ? value.bind(target) : value
          }
          return (...args: Parameters<typeof make>) => {
            const repository = make(...args)
            const decrypt = repository.decryptMessage.bind(repository)
            repository.decryptMessage = async (message) => {
              const plaintext = await decrypt(message)
              return isKilled() ? new Promise<never>(() => undefined) : plaintext
            }
            return repository
          }
        },
      })
    },
  }
}
