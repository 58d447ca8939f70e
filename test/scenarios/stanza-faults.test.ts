import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { type Stage, scenario } from '../scenario.ts'

describe('messages that come damaged, twice or out of order', () => {
  scenario(
    'one that cannot be decrypted is asked for again and told once, as the real one',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      await bo.sendText(ada, 'a good one')
      const broken = await bo.sendUndecryptable(ada, 'the real one')
      await bo.getsReceipt(broken, 'retry')
      const event = await world.nextEvent('message', ({ payload }) => payload.body === 'the real one')
      expect(event.payload.id).toBe(broken.id)
      await theLast(stage, ada, bo)
      expect(bodies(stage)).toEqual(['a good one', 'the real one', 'the last'])
      expect(await gateway.messages('main', bo.jid)).toHaveLength(3)
    },
  )

  scenario('one whose ciphertext was damaged on its way is asked for again and told once', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    await bo.sendText(ada, 'before')
    await world.nextEvent('message')
    world.simulator.faults.undecryptable({ person: ada })
    const sent = await bo.sendText(ada, 'damaged')
    await bo.getsReceipt(sent, 'retry')
    await world.nextEvent('message', ({ payload }) => payload.id === sent.id)
    await theLast(stage, ada, bo)
    expect(bodies(stage)).toEqual(['before', 'damaged', 'the last'])
    expect(await gateway.messages('main', bo.jid)).toHaveLength(3)
  })

  scenario('one that comes twice is told once, one to one and in groups', async (stage) => {
    const { world } = stage
    const { ada, bo } = await stage.linkedPair()
    const group = world.simulator.addGroup({ subject: 'Two', owner: bo, members: [ada, bo] })
    world.simulator.faults.duplicateStanza({ person: ada, count: 6 })
    for (let number = 0; number < 3; number += 1) {
      await bo.sendText(ada, `to Ada ${number}`)
      await bo.sendText(group, `to the group ${number}`)
    }
    await theLast(stage, ada, bo)
    const wanted = ['the last', 'to Ada 0', 'to Ada 1', 'to Ada 2']
    const inGroup = ['to the group 0', 'to the group 1', 'to the group 2']
    await eventually('all', () => bodies(stage).length >= 7 || undefined)
    expect(bodies(stage).sort()).toEqual([...wanted, ...inGroup].sort())
    expect(bo.log.receipts.filter(({ type }) => type === 'retry')).toEqual([])
  })

  scenario('ones that overtake each other are told once each', async (stage) => {
    const { world } = stage
    const { ada, bo } = await stage.linkedPair()
    await bo.sendText(ada, 'hello')
    world.simulator.faults.reorder({ person: ada })
    await bo.sendText(ada, 'one')
    await bo.sendText(ada, 'two')
    world.simulator.faults.reorder({ person: ada })
    await bo.sendText(ada, 'three')
    await bo.sendText(ada, 'four')
    await theLast(stage, ada, bo)
    expect(bodies(stage)).toEqual(['hello', 'two', 'one', 'four', 'three', 'the last'])
    expect(bo.log.receipts.filter(({ type }) => type === 'retry')).toEqual([])
  })

  scenario('a message that the recipient cannot decrypt is encrypted for it again', async (stage) => {
    const { bo } = await stage.linkedPair()
    bo.failsToDecrypt()
    expect(await stage.gateway.sendText('main', bo.phone, 'try again')).toMatchObject({ status: 200 })
    await bo.receives('try again')
    expect(bo.retriesAsked).toBe(1)
    expect(bo.inbox).toHaveLength(1)
  })
})

/** Lets one more message through, behind which nothing of the earlier ones can still be on its way. */
async function theLast({ world }: Stage, ada: Parties[0], bo: Parties[1]): Promise<void> {
  await bo.sendText(ada, 'the last')
  await world.nextEvent('message', ({ payload }) => payload.body === 'the last')
}

type Pair = Awaited<ReturnType<Stage['linkedPair']>>
type Parties = [Pair['ada'], Pair['bo']]

function bodies({ world }: Stage): (string | undefined)[] {
  return world.events('message').map(({ payload }) => payload.body)
}
