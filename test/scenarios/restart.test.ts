import { describe, expect } from 'vitest'
import { scenario } from '../scenario.ts'

describe('a restart', () => {
  scenario(
    'keeps every device linked, with its chats, and brings what was written meanwhile',
    async (stage) => {
      const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
      await stage.gateway.link(ada, 'ada')
      await stage.gateway.link(cy, 'cy')
      await bo.sendText(ada, 'before')
      await stage.world.nextEvent('message', ({ payload }) => payload.body === 'before')
      await stage.gateway.stop()
      expect(stage.world.simulator.connections()).toHaveLength(0)
      await bo.sendText(cy, 'meanwhile')

      const gateway = await stage.start()
      for (const device of ['ada', 'cy']) await gateway.loggedIn(device)
      await stage.world.nextEvent('message', ({ payload }) => payload.body === 'meanwhile')
      expect([ada, cy].map(({ linkedDevices }) => linkedDevices.length)).toEqual([1, 1])
      expect(await gateway.messages('ada', bo.jid)).toMatchObject([{ content: 'before' }])
      for (const device of ['ada', 'cy']) {
        expect(await gateway.sendText(device, bo.phone, `after, from ${device}`)).toMatchObject({
          status: 200,
        })
        await bo.receives(`after, from ${device}`)
      }
      expect(stage.world.events('message')).toHaveLength(2)
    },
  )
})
