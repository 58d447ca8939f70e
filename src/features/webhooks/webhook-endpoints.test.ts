import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import type { EventKind } from '../../core/event-envelope.ts'
import type { DeviceId } from '../../core/ids.ts'
import { type Logger, silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { addDevice, anEvent, countDeliveries } from '../../outbox/outbox-fixtures.ts'
import { OutboxRelay } from '../../outbox/outbox-relay.ts'
import { SqlOutbox } from '../../outbox/outbox-store.ts'
import { plainEndpoint, type WebhookEndpoint } from './webhook-endpoint.ts'
import { WebhookEndpointStore } from './webhook-endpoint-store.ts'
import { WebhookEndpoints, type WebhookSettings } from './webhook-endpoints.ts'
import { isSignedWith, WebhookReceiver } from './webhook-receiver.ts'
import { WebhookTransport } from './webhook-transport.ts'

const settings: WebhookSettings = {
  urls: [],
  insecureSkipVerify: false,
  events: [],
  ignoreJids: [],
  includeOutgoing: true,
  headers: {},
  format: 'plain',
  whenGone: 'retry',
}

describeEachDialect('WebhookEndpoints', (open) => {
  let database: OpenDatabase
  let device: DeviceId
  let transport: WebhookTransport
  let lines: { fields: object; message: string }[]
  let receiver: WebhookReceiver

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    transport = new WebhookTransport()
    lines = []
    receiver = new WebhookReceiver()
  })
  afterEach(async () => {
    await transport.close()
    await receiver.close()
  })

  const start = async (overrides: Partial<WebhookSettings>) => {
    const note = (fields: object, message: string) => {
      lines.push({ fields, message })
    }
    const logger: Logger = { ...silentLogger, info: note, warn: note }
    const endpoints = new WebhookEndpoints({
      ...database,
      clock: systemClock,
      logger,
      transport,
      settings: { ...settings, ...overrides },
    })
    await endpoints.start()
    return endpoints
  }
  const wanting = (endpoints: WebhookEndpoints, kind: EventKind = 'message', owner = device) =>
    endpoints.wanting(owner, { kind, body: { event: kind, payload: {} } })

  const deliverOne = async (overrides: Partial<WebhookSettings>) => {
    const endpoints = await start(overrides)
    const relay = new OutboxRelay({ ...database, clock: systemClock, logger: silentLogger })
    const outbox = new SqlOutbox({ endpoints, clock: systemClock, onWake: () => relay.wake() })
    const before = receiver.received.length
    relay.start(endpoints.sinks())
    await database.inTransaction((tx) => outbox.append(tx, device, anEvent()))
    outbox.wake()
    await receiver.until((received) => received.length > before)
    await relay.stop()
    return { webhook: receiver.received[before], endpoints }
  }

  describe('endpoints of the settings', () => {
    it('share the headers, the form and the answer to 410 that the settings name', async () => {
      const url = await receiver.listen()
      receiver.respond = (_webhook, response) => response.writeHead(410).end()
      const shared: Partial<WebhookSettings> = {
        urls: [`${url}/a`],
        headers: { Authorization: 'Bearer t0ken' },
        format: 'cloudevents',
        whenGone: 'disable',
      }
      const { webhook, endpoints } = await deliverOne(shared)
      expect(webhook?.headers).toMatchObject({ authorization: 'Bearer t0ken', 'ce-type': 'gatewa.message' })
      await expect.poll(() => wanting(endpoints)).toEqual([])
      // Nobody can put it in use again over the API, so a start does.
      const again = await start({ urls: [`${url}/a`] })
      expect(wanting(again)).toHaveLength(1)
      receiver.respond = (_webhook, response) => response.end()
      const { webhook: bare } = await deliverOne({ urls: [`${url}/a`] })
      expect(bare?.headers).not.toHaveProperty('authorization')
      expect(bare?.headers).not.toHaveProperty('ce-type')
    })

    it('keep their id over restarts, are named once, and want the kinds that the settings name', async () => {
      const first = await start({ urls: ['http://a/', 'http://b/', 'http://a/'] })
      const ids = wanting(first)
      expect(new Set(ids).size).toBe(2)
      expect(wanting(first, 'device.connected')).toEqual([])
      const second = await start({ urls: ['http://b/', 'http://a/'], events: ['device.connected'] })
      expect(wanting(second)).toEqual([])
      expect([...wanting(second, 'device.connected')].sort()).toEqual([...ids].sort())
    })

    it('want nothing once the settings do not name them, and keep what waited until they come back', async () => {
      const named = await start({ urls: ['http://a/'] })
      const outbox = new SqlOutbox({ endpoints: named, clock: systemClock, onWake: () => undefined })
      await database.inTransaction((tx) => outbox.append(tx, device, anEvent()))
      const unnamed = await start({ urls: [] })
      expect(wanting(unnamed)).toEqual([])
      expect(unnamed.sinks()).toEqual([])
      expect(await countDeliveries(database)).toEqual({ pending: 1 })
      const back = await start({ urls: ['http://a/'] })
      expect(back.sinks().map((sink) => sink.id)).toEqual([...wanting(named)])
    })
  })

  it("a device's slot endpoint takes the place of the global ones for that device; others come beside them", async () => {
    const other = await addDevice(database, 'other')
    const base = { ...plainEndpoint, deviceId: device, createdAt: new Date() }
    const save = (endpoint: Pick<WebhookEndpoint, 'id' | 'url' | 'source'>) =>
      database.inTransaction((tx) =>
        new WebhookEndpointStore(database.cipher).save(tx, { ...base, ...endpoint }, new Date()),
      )
    await save({ id: 'beside', url: 'http://beside/', source: 'api' })
    const endpoints = await start({ urls: ['http://a/'] })
    const [global] = wanting(endpoints, 'message', other)
    expect(wanting(endpoints)).toEqual([global, 'beside'])
    await save({ id: 'slot', url: 'http://slot/', source: 'slot' })
    await endpoints.reload()
    expect(wanting(endpoints)).toEqual(['slot', 'beside'])
    expect(wanting(endpoints, 'message', other)).toEqual([global])
    expect(endpoints.sinks()).toHaveLength(3)
  })

  describe('the secret', () => {
    it('is made once when none is set; the log says where it is and never what it is', async () => {
      const url = await receiver.listen()
      const { webhook: first } = await deliverOne({ urls: [url] })
      const { webhook: second } = await deliverOne({ urls: [url] })
      const { value } = await database.db
        .selectFrom('settings')
        .select('value')
        .where('name', '=', 'webhook_secret')
        .executeTakeFirstOrThrow()
      expect(value).toMatch(/^[0-9a-f]{64}$/)
      expect(first !== undefined && isSignedWith(first, value)).toBe(true)
      expect(second !== undefined && isSignedWith(second, value)).toBe(true)
      expect(lines).toHaveLength(2)
      expect(lines[0]?.fields).toMatchObject({ table: 'settings', name: 'webhook_secret', isNew: true })
      expect(JSON.stringify(lines)).not.toContain(value)
    })

    it("is the settings' when they have one; 'secret' is accepted with a warning", async () => {
      const url = await receiver.listen()
      const { webhook } = await deliverOne({ urls: [url], secret: 'secret' })
      expect(webhook !== undefined && isSignedWith(webhook, 'secret')).toBe(true)
      expect(lines.map(({ message }) => message)).toEqual([
        expect.stringContaining('anyone can forge webhooks'),
      ])
      const rows = await database.db.selectFrom('settings').selectAll().execute()
      expect(rows).toEqual([])
    })
  })
})
