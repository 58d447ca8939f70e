import { describe, expect } from 'vitest'
import { WebhookReceiver } from '../../src/features/webhooks/webhook-receiver.ts'
import { eventually } from '../harness.ts'
import { scenario } from '../scenario.ts'

const newer = [2, 3000, 2_000_000_000] as const

describe('a WhatsApp Web version that WhatsApp no longer takes', () => {
  scenario(
    "is renewed from WhatsApp's page, once for all devices, and kept over a restart",
    async (stage) => {
      const { world, clock } = stage
      const [ada, bo] = stage.people('Ada', 'Bo')
      await stage.gateway.link(ada, 'ada')
      await stage.gateway.link(bo, 'bo')
      clock.haste = 50
      world.simulator.requireWebVersion(newer)
      world.simulator.dropConnections()
      for (const person of [ada, bo]) {
        await eventually('a second login', () => person.linkedDevices[0]?.logins === 2 || undefined)
      }
      for (const device of ['ada', 'bo']) await stage.gateway.loggedIn(device)

      const before = world.simulator.acceptedConnections
      const gateway = await stage.restart()
      for (const device of ['ada', 'bo']) await gateway.loggedIn(device)
      // Refused once more it would have needed further sockets.
      expect(world.simulator.acceptedConnections).toBe(before + 2)
    },
  )

  scenario('is renewed for the first pairing too', async ({ gateway, world }) => {
    const ada = world.simulator.addPerson()
    world.simulator.requireWebVersion(newer)
    await gateway.link(ada, 'main')
  })

  scenario(
    'of which the page knows no newer one is said to be outdated, and nothing knocks on after that',
    async (stage) => {
      const { world, clock } = stage
      const page = new WebhookReceiver()
      const pageUrl = await page.listen()
      page.respond = (_request, response) => response.end('"client_revision":1043857760,')
      try {
        const gateway = await stage.start({
          WHATSAPP_WEB_VERSION_URL: pageUrl,
          WHATSAPP_WEB_VERSION: '2.3000.1043857760',
        })
        const { ada } = await stage.linkedPair()
        const before = world.simulator.acceptedConnections
        clock.haste = 50
        world.simulator.requireWebVersion(newer)
        world.simulator.dropConnections()
        await gateway.inState('main', 'disconnected')
        const outdated = { status: 503, json: { code: 'ENGINE_OUTDATED' } }
        await eventually('an outdated engine', async () => {
          const answer = await gateway.call('POST', '/devices/main/reconnect')
          return answer.json.code === 'ENGINE_OUTDATED' || undefined
        })
        const tries = world.simulator.acceptedConnections - before
        expect(tries).toBeLessThanOrEqual(4)
        expect(await gateway.call('GET', '/devices/main/login')).toMatchObject(outdated)
        expect(page.received.length).toBeLessThanOrEqual(tries + 2)
        world.simulator.requireWebVersion(undefined)
        expect(await gateway.call('POST', '/devices/main/reconnect')).toMatchObject({ status: 200 })
        expect(ada.linkedDevices).toHaveLength(1)
      } finally {
        await page.close()
      }
    },
    { startsGateway: false },
  )
})
