import { afterEach, beforeEach, expect, it } from 'vitest'
import { EngineWorld, hastyClock } from '../../../test/engine-world.ts'
import { silentLogger } from '../../core/logger.ts'
import { describeEachDialect } from '../../db/test-database.ts'

describeEachDialect('a probe', (open) => {
  let world: EngineWorld

  beforeEach(async () => {
    world = await EngineWorld.start(await open(), { logger: silentLogger, clock: hastyClock(20) })
  })
  afterEach(() => world.close())

  it('is answered on a good connection, and counts as having heard something', async () => {
    const { session } = await world.linked()
    const before = Date.now()
    await session.probe()
    expect(session.health().lastStanzaAt?.getTime()).toBeGreaterThanOrEqual(before)
    await session.close()
  })

  it('is not answered on one that is open and deaf, and what was not heard comes on the next one', async () => {
    const { session } = await world.linked()
    world.simulator.faults.deafen(world.owner)
    await world.contact.sendText(world.owner, 'can you hear me?')
    await expect(session.probe()).rejects.toMatchObject({ code: 'whatsapp_timeout' })
    await session.close()
    const next = await world.open()
    await next.listener.committed('message.received', ({ message }) => message.text === 'can you hear me?')
    await next.session.close()
  })
})
