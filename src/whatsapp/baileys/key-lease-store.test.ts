import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EngineWorld, TestListener } from '../../../test/engine-world.ts'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { KeyMaterial } from './key-material.ts'

describeEachDialect('the lease of a device', (open) => {
  let world: EngineWorld
  beforeEach(async () => {
    world = await EngineWorld.start(await open())
  })
  afterEach(() => world.close())

  /** The keys as another process has them. */
  function otherKeys(): KeyMaterial {
    const { db, inTransaction, cipher } = world.database
    return new KeyMaterial({ db, inTransaction, cipher, clock: systemClock, logger: silentLogger })
  }

  it('is taken by whoever opens the device, and who lost it ends as replaced at its next key', async () => {
    const { listener } = await world.linked()
    await otherKeys().load(world.deviceId)
    const { id } = await world.contact.sendText(world.owner, 'under the old lease')
    expect(await listener.heard('closed')).toMatchObject({
      reason: 'replaced',
      detail: 'another gateway process has opened this device; stop that one, then reconnect',
    })
    expect(listener.texts()).not.toContain('under the old lease')
    // The phone has it, this device does not say so.
    const told = world.contact.log.receipts.filter(({ messageId }) => messageId === id)
    expect(told.filter(({ fromDevice }) => fromDevice !== 0).map(({ type }) => type)).toEqual([])
    const former = world.engine
    world.newEngine()
    const { listener: next } = await world.open()
    await next.committed('message.received', ({ message }) => message.text === 'under the old lease')
    expect(world.contact.retriesAsked).toBe(0)
    await former.close()
  })

  it('goes from one of two running engines to the other, and letters go on without a gap', async () => {
    const first = await world.linked()
    await world.contact.sendText(world.owner, 'to the first')
    await first.listener.committed('message.received', ({ message }) => message.text === 'to the first')
    await world.settled()
    const former = world.engine
    world.newEngine()
    const second = await world.open()
    await second.listener.heard('open')
    expect(await first.listener.heard('closed')).toMatchObject({ reason: 'replaced' })
    for (const text of ['one', 'two', 'three']) await world.contact.sendText(world.owner, text)
    await vi.waitFor(() => expect(second.listener.texts()).toEqual(['one', 'two', 'three']), 10_000)
    // The first takes it back with what the second left, not with what it remembers.
    const again = new TestListener()
    await former.open(world.deviceId, again)
    await again.heard('open')
    await world.contact.sendText(world.owner, 'back')
    await again.committed('message.received', ({ message }) => message.text === 'back')
    expect(world.contact.retriesAsked).toBe(0)
    await former.close()
  })

  it('keeps a process that lost it from every write of keys and credentials', async () => {
    const [first, second] = [otherKeys(), otherKeys()]
    const lost = await first.load(world.deviceId)
    const held = await second.load(world.deviceId)
    const takenOver = { code: 'device_taken_over' }
    await expect(lost.keys.set({ 'device-list': { '1': ['0'] } })).rejects.toMatchObject(takenOver)
    lost.creds.accountSyncCounter = 7
    await expect(lost.saveCreds()).rejects.toMatchObject(takenOver)
    await expect(lost.reset()).rejects.toMatchObject(takenOver)
    await held.keys.set({ 'device-list': { '1': ['5'] } })
    expect(await held.keys.get('device-list', ['1'])).toEqual({ '1': ['5'] })
    // A deletion ends every lease, also when the device is begun anew afterwards.
    await first.forget(world.deviceId)
    await expect(held.keys.set({ 'device-list': { '1': ['6'] } })).rejects.toMatchObject(takenOver)
    const anew = await otherKeys().load(world.deviceId)
    expect(await anew.keys.get('device-list', ['1'])).toEqual({})
  })

  it('waits for what its holder is writing', async () => {
    const { db, inTransaction } = world.database
    const rows = () => db.selectFrom('signal_keys').select('id').where('type', '=', 'device-list').execute()
    const first = otherKeys()
    const { keys } = await first.load(world.deviceId)
    const writes = Array.from({ length: 50 }, async (_, index) => {
      const id = String(index)
      try {
        await keys.set({ 'device-list': { [id]: ['0'] } })
        return id
      } catch (error) {
        expect(error).toMatchObject({ code: 'device_taken_over' })
        return null
      }
    })
    await inTransaction(async () => undefined)
    await otherKeys().load(world.deviceId)
    const seen = new Set((await rows()).map(({ id }) => id))
    for (const id of await Promise.all(writes)) if (id !== null) expect(seen).toContain(id)
    expect(new Set((await rows()).map(({ id }) => id))).toEqual(seen)
  })
})
