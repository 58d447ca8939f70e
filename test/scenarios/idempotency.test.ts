import { describe, expect } from 'vitest'
import { eventually, type Gateway } from '../harness.ts'
import { messageIdOf, scenario } from '../scenario.ts'

describe('a send with an Idempotency-Key', () => {
  scenario('is sent once however often it is asked for, over a restart too', async (stage) => {
    const { bo } = await stage.linkedPair()
    const first = await send(stage.gateway, bo.phone, 'only once')
    expect(first.status).toBe(200)
    const again = await send(stage.gateway, bo.phone, 'only once')
    expect(again.json).toEqual(first.json)
    const gateway = await stage.restart()
    expect((await send(gateway, bo.phone, 'only once')).json).toEqual(first.json)
    await gateway.loggedIn('main')
    expect((await send(gateway, bo.phone, 'another', 'another key')).status).toBe(200)
    await bo.receives('another')
    expect(bo.inbox.map(({ text }) => text)).toEqual(['only once', 'another'])
  })

  scenario('is refused with another body under the same key', async (stage) => {
    const { bo } = await stage.linkedPair()
    await send(stage.gateway, bo.phone, 'one thing')
    expect(await send(stage.gateway, bo.phone, 'another thing')).toMatchObject({
      status: 422,
      json: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
    await bo.receives('one thing')
    expect(bo.inbox).toHaveLength(1)
  })

  scenario('is refused while the first one runs, and told its outcome afterwards', async (stage) => {
    const { bo } = await stage.linkedPair()
    const { gateway, world } = stage
    world.simulator.faults.delay(700)
    const running = send(gateway, bo.phone, 'slow')
    await bo.receives('slow')
    expect(await send(gateway, bo.phone, 'slow')).toMatchObject({
      status: 409,
      json: { code: 'IDEMPOTENCY_IN_PROGRESS' },
    })
    const first = await running
    expect(first.status).toBe(200)
    const again = await send(gateway, bo.phone, 'slow')
    expect(messageIdOf(again)).toBe(messageIdOf(first))
    expect(bo.inbox).toHaveLength(1)
  })

  scenario('is each device’s own', async (stage) => {
    const { gateway } = stage
    const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
    await gateway.link(ada, 'ada')
    await gateway.link(cy, 'cy')
    const sent = [
      await send(gateway, bo.phone, 'hi', 'k', 'ada'),
      await send(gateway, bo.phone, 'hi', 'k', 'cy'),
    ]
    expect(sent.map(({ status }) => status)).toEqual([200, 200])
    await eventually('both', () => bo.inbox.length === 2 || undefined)
  })
})

function send(gateway: Gateway, phone: string, message: string, key = 'a key', device = 'main') {
  return gateway.call('POST', '/send/message', {
    device,
    body: { phone, message },
    headers: { 'idempotency-key': key },
  })
}
