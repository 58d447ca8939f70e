import { describe, expect, it, onTestFinished } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { TestWorld } from '../harness.ts'
import { PostgresServer } from '../postgres-server.ts'
import { HastyClock } from '../scenario.ts'

describe.runIf(testDialects().includes('postgres'))('a PostgreSQL server that goes away', () => {
  it.each([
    ['is shut down', false],
    ['dies', true],
  ])('and comes back is waited for: it %s', async (_how, dies) => {
    const server = await PostgresServer.start({ keepsCommits: true })
    onTestFinished(() => server.stop())
    const database = { uri: await server.createDatabase('gatewa'), drop: async () => undefined }
    const world = await TestWorld.open('postgres', { database })
    onTestFinished(() => world.close())
    const [ada, bo] = ['Ada', 'Bo'].map((name) => world.simulator.addPerson({ name }))
    if (ada === undefined || bo === undefined) throw new Error('nobody is there')
    const clock = new HastyClock()
    const gateway = await world.startGateway({ clock })
    await gateway.link(ada, 'main')
    await gateway.sendText('main', bo.phone, 'before')
    await bo.receives('before')

    world.simulator.faults.dropAck()
    const underWay = gateway.sendText('main', bo.phone, 'under way')
    await bo.receives('under way')
    await server.goDown({ dies })
    world.simulator.dropConnections()
    const answers = await Promise.all([underWay, gateway.call('GET', '/chats', { device: 'main' })])
    expect(answers.map(({ status, json }) => [status, json.code])).toEqual([
      [504, 'SEND_OUTCOME_UNKNOWN'],
      [503, 'DATABASE_UNAVAILABLE'],
    ])
    expect((await gateway.call('GET', '/readyz')).status).toBe(503)
    await bo.sendText(ada, 'while it was away')

    await server.comeUp()
    clock.haste = 10
    await gateway.loggedIn('main')
    await world.nextEvent('message', ({ payload }) => payload.body === 'while it was away')
    expect((await gateway.sendText('main', bo.phone, 'after')).status).toBe(200)
    await bo.receives('after')
    expect(bo.inbox.filter(({ text }) => text === 'under way').map(({ copies }) => copies)).toEqual([1])
    expect(world.events('message')).toHaveLength(1)
  })
})
