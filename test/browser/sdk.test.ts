import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createGatewa } from '@gatewa/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, TestWorld } from '../harness.ts'
import { findChromium, inPage } from './chromium.ts'

const root = join(import.meta.dirname, '../..')

describe('the SDK in a browser', () => {
  let world: TestWorld
  let gateway: Gateway

  beforeEach(async () => {
    world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'u:p' } })
    gateway = await world.startGateway()
    gateway.headers = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }
  })
  afterEach(() => world.close())

  it('sends, follows events and tells errors, on a page of another origin', { timeout: 120_000 }, async ({
    skip,
  }) => {
    const chromium = await findChromium()
    if (chromium === null) return skip('no Chromium is installed')
    await promisify(execFile)(process.execPath, [join(root, 'scripts/build-sdk.ts')])
    const built = await readFile(join(root, 'sdk/dist/index.js'), 'base64')
    const [ada, bo] = [world.simulator.addPerson({ name: 'Ada' }), world.simulator.addPerson({ name: 'Bo' })]
    await gateway.link(ada, 'main')
    const operator = createGatewa({ url: gateway.url, basic: { user: 'u', password: 'p' } })
    const { key } = await operator.createKey({ name: 'page', scopes: ['read', 'send'], devices: ['main'] })
    const { next } = await operator.listEvents({ limit: 1000 })
    const told = await inPage(
      chromium,
      `const { createGatewa, NotFoundError } = await import('data:text/javascript;base64,${built}')
       const gatewa = createGatewa({ url: '${gateway.url}', apiKey: '${key}', device: 'main' })
       const { message_id } = await gatewa.sendMessage({ phone: '${bo.phone}', message: 'from a page' })
       const error = await gatewa.getDevice({ device_id: 'x' }).catch((thrown) => thrown)
       for await (const { event, body } of gatewa.followEvents({ after: '${next}', kinds: ['message.status'] }))
         if (body.payload.id === message_id)
           return [event, message_id, error instanceof NotFoundError, error.code].join(' ')`,
    )
    const arrived = await bo.receives('from a page')
    expect(told).toBe(`message.status ${arrived.id} true DEVICE_NOT_FOUND`)
  })
})
