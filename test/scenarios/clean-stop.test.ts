import { afterEach, describe, expect } from 'vitest'
import { ChildGateway } from '../child-gateway.ts'
import { freePort } from '../free-port.ts'
import { Gateway } from '../harness.ts'
import { type Stage, scenario } from '../scenario.ts'

describe('a gateway process', () => {
  const children: ChildGateway[] = []

  afterEach(async () => {
    for (const child of children.splice(0)) await child.end('SIGKILL')
  })

  /** A process on the world's database and data folder, and the verbs to use it with. */
  async function process({ world }: Stage): Promise<{ child: ChildGateway; gateway: Gateway }> {
    const child = new ChildGateway({ ...world.settings, APP_PORT: String(await freePort()) })
    children.push(child)
    return {
      child,
      gateway: new Gateway({ address: child.url, stop: async () => void (await child.end('SIGTERM')) }),
    }
  }

  scenario(
    'that gets SIGTERM answers the send that is under way, leaves within 10 s and stays linked',
    async (stage) => {
      const [ada, bo] = stage.people('Ada', 'Bo')
      const { child, gateway } = await process(stage)
      await child.start()
      await gateway.link(ada, 'main')
      await gateway.sendText('main', bo.phone, 'warm')
      stage.world.simulator.faults.delay(1_500)
      const underWay = gateway.sendText('main', bo.phone, 'under way')
      await bo.receives('under way')
      const askedAt = performance.now()
      const ended = child.end('SIGTERM')
      const answer = await underWay
      expect(answer).toMatchObject({ status: 200, json: { code: 'SUCCESS' } })
      expect(await ended).toBe(0)
      expect(performance.now() - askedAt).toBeLessThan(10_000)
      expect(ada.linkedDevices.map(({ isOnline }) => isOnline)).toEqual([false])

      await bo.sendText(ada, 'meanwhile')
      await child.start()
      await gateway.loggedIn('main')
      await stage.world.nextEvent('message', ({ payload }) => payload.body === 'meanwhile')
      expect(await gateway.messages('main', bo.jid)).toMatchObject([
        { content: 'meanwhile' },
        { content: 'under way', status: 'delivered' },
        { content: 'warm', status: 'delivered' },
      ])
    },
    { startsGateway: false, timeoutMs: 60_000 },
  )

  scenario(
    'that is killed leaves nothing that keeps the next one from starting, connected',
    async (stage) => {
      const [ada] = stage.people('Ada')
      const { child, gateway } = await process(stage)
      await child.start()
      await gateway.link(ada, 'main')
      const other = await process(stage)
      if (stage.dialect === 'sqlite') {
        await expect(other.child.start()).rejects.toThrow('is in use by another Gatewa process')
        expect(ada.linkedDevices.map(({ logins }) => logins)).toEqual([1])
      }
      await child.end('SIGKILL')
      await other.child.start()
      await other.gateway.loggedIn('main')
    },
    { startsGateway: false, timeoutMs: 60_000 },
  )
})
