import { describe, expect } from 'vitest'
import { isSignedWith, WebhookReceiver } from '../../src/features/webhooks/webhook-receiver.ts'
import { eventually, type TestWorld, webhookSecret } from '../harness.ts'
import { scenario } from '../scenario.ts'

describe('webhooks', () => {
  scenario('that failed are tried again, over a restart too, with the same event id', async (stage) => {
    const { world, clock } = stage
    const { ada, bo } = await stage.linkedPair()
    answerWith(world, () => 503)
    clock.runFast(10)
    for (const number of [1, 2, 3]) await bo.sendText(ada, `message ${number}`)
    await eventually('two tries', () => world.webhooks.received.length >= 2 || undefined)
    await stage.gateway.stop()
    const [first] = world.webhooks.received
    answerWith(world, () => 200)
    clock.runFast(20)
    const before = world.webhooks.received.length
    await stage.start()
    await eventually('three deliveries', () => world.webhooks.received.length >= before + 3 || undefined)
    const delivered = world.webhooks.received.slice(before)
    expect(delivered.map(({ text }) => bodyOf(text))).toEqual(['message 1', 'message 2', 'message 3'])
    expect(delivered[0]?.text).toBe(first?.text)
    expect(delivered[0]?.headers['x-gatewa-event-id']).toBe(first?.headers['x-gatewa-event-id'])
    expect(Number(delivered[0]?.headers['x-gatewa-attempt'])).toBeGreaterThan(1)
    expect(delivered.every((webhook) => isSignedWith(webhook, webhookSecret))).toBe(true)
  })

  scenario(
    'reach one endpoint while another is dead and a third never answers',
    async (stage) => {
      const { world } = stage
      const silent = new WebhookReceiver()
      silent.respond = () => undefined
      const silentUrl = await silent.listen()
      try {
        const urls = ['http://127.0.0.1:1/dead', silentUrl, world.settings['WHATSAPP_WEBHOOK']]
        await stage.start({ WHATSAPP_WEBHOOK: urls.join(',') })
        const { ada, bo } = await stage.linkedPair()
        const startedAt = performance.now()
        for (let number = 0; number < 20; number += 1) await bo.sendText(ada, `message ${number}`)
        await eventually('twenty deliveries', () => world.events('message').length === 20 || undefined)
        // A try at the silent endpoint alone takes ten seconds.
        expect(performance.now() - startedAt).toBeLessThan(8_000)
        await silent.until((received) => received.length > 0)
      } finally {
        stage.clock.haste = 20
        await stage.gateway.stop()
        await silent.close()
      }
    },
    { startsGateway: false },
  )

  scenario('of one chat are accepted in their order, however often tries fail', async (stage) => {
    const { world, clock } = stage
    const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
    await stage.gateway.link(ada, 'main')
    const accepted: string[] = []
    const tries = new Map<string, number>()
    world.webhooks.respond = ({ headers, text }, response) => {
      const id = String(headers['x-gatewa-event-id'])
      const count = (tries.get(id) ?? 0) + 1
      tries.set(id, count)
      // Every third event fails once, every seventh twice.
      const failures = tries.size % 7 === 0 ? 2 : tries.size % 3 === 0 ? 1 : 0
      if (count > failures) accepted.push(bodyOf(text) ?? '')
      response.statusCode = count > failures ? 200 : 500
      response.end()
    }
    clock.runFast(20)
    const written: string[] = []
    for (let number = 0; number < 20; number += 1) {
      for (const person of [bo, cy]) {
        await person.sendText(ada, `${person.name} ${number}`)
        written.push(`${person.name} ${number}`)
      }
    }
    await eventually(
      'every event accepted',
      () => new Set(accepted).size === written.length || undefined,
      () => accepted,
    )
    for (const { name } of [bo, cy]) {
      const isOfChat = (text: string) => text.startsWith(name)
      expect(accepted.filter(isOfChat)).toEqual(written.filter(isOfChat))
    }
  })
})

function answerWith(world: TestWorld, status: () => number): void {
  world.webhooks.respond = (_webhook, response) => {
    response.statusCode = status()
    response.end()
  }
}

function bodyOf(text: string): string | undefined {
  return (JSON.parse(text) as { payload: { body?: string } }).payload.body // what our own gateway posted
}
