import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { scenario } from '../scenario.ts'

describe('a socket that drops in the middle of the offline queue', () => {
  scenario('loses nothing and doubles nothing, drop after drop', async (stage) => {
    const { gateway, world, clock } = stage
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = world
    const group = simulator.addGroup({ subject: 'Two', owner: bo, members: [ada, bo] })
    clock.haste = 20
    await simulator.cutNetwork()
    const written: string[] = []
    for (let number = 0; number < 30; number += 1) {
      const text = `waiting ${number}`
      await bo.sendText(number % 3 === 0 ? group : ada, text)
      written.push(text)
    }
    for (const after of [1, 4, 9]) simulator.faults.dropDuringOffline(after, { person: ada })
    await simulator.restoreNetwork()

    const told = () => world.events('message').map(({ payload }) => payload.body)
    await eventually(
      'every message as an event',
      () => new Set(told()).size >= written.length || undefined,
      told,
    )
    await gateway.loggedIn('main')
    await bo.sendText(ada, 'the last')
    await world.nextEvent('message', ({ payload }) => payload.body === 'the last')
    expect(told().sort()).toEqual([...written, 'the last'].sort())
    const stored = [
      ...(await gateway.messages('main', bo.jid)),
      ...(await gateway.messages('main', group.jid)),
    ]
    expect(stored.map(({ content }) => content).sort()).toEqual([...written, 'the last'].sort())
    // All of them, and none asked for a second time.
    for (const { type } of bo.log.receipts) expect(type).not.toBe('retry')
    const [device] = ada.linkedDevices
    expect(device?.logins).toBeGreaterThanOrEqual(5)
  })
})
