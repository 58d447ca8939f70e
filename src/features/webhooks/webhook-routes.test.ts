import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asDeviceId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'
import { anEvent } from '../../outbox/outbox-fixtures.ts'
import { isSignedWith, WebhookReceiver } from './webhook-receiver.ts'

const device = asDeviceId('main')

interface Shown {
  readonly id: string
  readonly [member: string]: unknown
}

describeEachDialect('webhook endpoints over the API', (open) => {
  let gateway: TestGateway
  let receiver: WebhookReceiver
  let url: string

  beforeEach(async () => {
    gateway = new TestGateway(await open())
    receiver = new WebhookReceiver()
    url = await receiver.listen()
    await gateway.devices.add('main')
    await gateway.webhooks.load()
    gateway.webhooks.start()
  })
  afterEach(async () => {
    await gateway.webhooks.stop()
    await receiver.close()
  })

  const append = async (...events: Parameters<typeof anEvent>) => {
    const { outbox } = gateway.webhooks
    await gateway.database.inTransaction((tx) => outbox.append(tx, device, anEvent(...events)))
    outbox.wake()
  }
  const create = async (body: object) => {
    const answer = await gateway.post('/devices/main/webhooks', body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body['results'] as Shown
  }

  describe('endpoints of a device', () => {
    it('are delivered to with their secret, headers, form and kinds from the moment they are made until they are deleted', async () => {
      const endpoint = await create({
        url: `${url}/n8n`,
        secret: 'own key',
        events: ['message.*'],
        headers: { Authorization: 'Bearer t0ken' },
        format: 'cloudevents',
      })
      await append({ kind: 'message.status', body: { event: 'message.status', payload: {} } })
      await append({ kind: 'device.connected', body: { event: 'device.connected', payload: {} } })
      await append()
      await receiver.until((received) => received.length === 2)
      const [status, message] = receiver.received
      expect(status?.headers).toMatchObject({
        authorization: 'Bearer t0ken',
        'ce-type': 'gatewa.message.status',
      })
      expect(message?.headers['ce-type']).toBe('gatewa.message')
      expect(message !== undefined && isSignedWith(message, 'own key')).toBe(true)

      expect((await gateway.call('DELETE', `/devices/main/webhooks/${endpoint.id}`)).status).toBe(200)
      await append()
      const { rows } = await countRows(gateway)
      expect(rows).toEqual({ deliveries: 0, endpoints: 0 })
    })

    it('never show a secret, a header’s value or a password', async () => {
      const made = await create({
        url: url.replace('http://', 'http://bob:hunter2@'),
        secret: 's3cret',
        headers: { 'X-Key': 'v4lue' },
        ignore_jids: ['@g.us', '62812*@s.whatsapp.net'],
      })
      const listed = await gateway.get('/devices/main/webhooks')
      const all = await gateway.get('/webhooks')
      for (const text of [made, listed.body, all.body].map((body) => JSON.stringify(body))) {
        expect(text).toContain('bob:***@')
        expect(text).not.toMatch(/hunter2|s3cret|v4lue/)
      }
      expect(made).toMatchObject({
        has_secret: true,
        header_names: ['X-Key'],
        ignore_jids: ['@g.us', '62812*@s.whatsapp.net'],
        source: 'api',
        active: true,
      })
    })

    it('change only in what is named; a URL sent back as it was shown means no change', async () => {
      const made = await create({ url: `${url.replace('http://', 'http://bob:hunter2@')}/a`, secret: 'k' })
      const path = `/devices/main/webhooks/${made.id}`
      const changed = await gateway.call('PATCH', path, {
        url: made['url'],
        events: ['message'],
        active: false,
      })
      expect(changed.body['results']).toMatchObject({ events: ['message'], active: false, has_secret: true })
      const row = await gateway.database.db
        .selectFrom('webhook_endpoints')
        .selectAll()
        .executeTakeFirstOrThrow()
      expect(row.url).toContain('hunter2')
      await append()
      expect((await countRows(gateway)).rows.deliveries).toBe(0)
    })

    it('go with their device, and a new device of that name has none', async () => {
      await create({ url })
      await gateway.call('DELETE', '/devices/main')
      await gateway.devices.add('main')
      await append()
      expect((await countRows(gateway)).rows).toEqual({ deliveries: 0, endpoints: 0 })
    })

    it.each([
      [{}, 'url'],
      [{ url: 'ftp://x/' }, 'url: must be a valid URL.'],
      [{ url: 'http://169.254.169.254/latest' }, 'url: webhooks are never sent to 169.254.169.254.'],
      [{ url: 'http://[fe80::1]/' }, 'url: webhooks are never sent to fe80::1.'],
      [{ url: 'http://x/', events: ['messages'] }, 'must be a kind of event'],
      [{ url: 'http://x/', ignore_jids: ['no jid'] }, 'ignore_jids: (0: must be in a valid format.).'],
      [
        { url: 'http://x/', headers: { 'X-Hub-Signature-256': 'x' } },
        'headers: (X-Hub-Signature-256: must be a valid value.).',
      ],
      [
        { url: 'http://x/', headers: { Expect: '100-continue' } },
        'headers: (Expect: must be a valid value.).',
      ],
      [{ url: 'http://x/', headers: { Upgrade: 'h2c' } }, 'headers: (Upgrade: must be a valid value.).'],
      [{ url: 'http://x/', headers: { 'X-A': 'a\r\nb' } }, 'headers: (X-A: must be in a valid format.).'],
      [{ url: 'http://x/', when_gone: 'shrug' }, 'when_gone'],
    ])('%o is refused', async (body, reason) => {
      const answer = await gateway.post('/devices/main/webhooks', body)
      expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } })
      expect(answer.body['message']).toContain(reason)
      expect((await countRows(gateway)).rows.endpoints).toBe(0)
    })

    it('of an unknown device, unknown ones and those of another device are 404', async () => {
      expect((await gateway.get('/devices/nobody/webhooks')).status).toBe(404)
      expect((await gateway.get('/devices/main/webhooks/nothing')).status).toBe(404)
      await gateway.devices.add('other')
      const { id } = await create({ url })
      expect((await gateway.get(`/devices/other/webhooks/${id}`)).status).toBe(404)
      expect((await gateway.call('DELETE', `/devices/other/webhooks/${id}`)).status).toBe(404)
    })

    it('that answer 410 are put out of use where that was asked for, and deliver what waited once they are back', async () => {
      receiver.respond = (_webhook, response) => response.writeHead(410).end()
      const { id } = await create({ url, when_gone: 'disable' })
      await append()
      await gateway.devices.until(async () => {
        expect((await gateway.get(`/webhooks/${id}`)).body['results']).toMatchObject({
          active: false,
          disabled_reason: 'it answered 410',
        })
      })
      receiver.respond = (_webhook, response) => response.end()
      const seen = receiver.received.length
      await gateway.call('PATCH', `/devices/main/webhooks/${id}`, { active: true })
      gateway.devices.clock.advance(60_000)
      await receiver.until((received) => received.length > seen)
    })
  })

  describe("the reference's webhook of a device", () => {
    it('is set, shown without its secret, changed and cleared', async () => {
      const empty = {
        webhook_url: '',
        webhook_secret: '',
        webhook_events: '',
        webhook_insecure_skip_verify: false,
      }
      expect((await gateway.get('/devices/main/webhook')).body).toEqual({
        code: 'SUCCESS',
        message: 'Device webhook retrieved',
        results: { device_id: 'main', ...empty },
      })
      const set = { webhook_url: url, webhook_secret: 'abc', webhook_events: 'Message,message.ack' }
      const shown = {
        device_id: 'main',
        webhook_url: url,
        webhook_secret: '********',
        webhook_events: 'message,message.ack',
        webhook_insecure_skip_verify: false,
      }
      expect((await gateway.call('PATCH', '/devices/main/webhook', set)).body).toEqual({
        code: 'SUCCESS',
        message: 'Device webhook updated',
        results: shown,
      })
      await gateway.call('PATCH', '/devices/main/webhook', shown)
      await append()
      await receiver.until((received) => received.length === 1)
      const [webhook] = receiver.received
      expect(webhook !== undefined && isSignedWith(webhook, 'abc')).toBe(true)
      await gateway.call('PATCH', '/devices/main/webhook', { webhook_url: '' })
      expect((await gateway.get('/devices/main/webhook')).body['results']).toMatchObject(empty)
    })

    it('needs a webhook_url that may be posted to, and a device', async () => {
      expect(await gateway.call('PATCH', '/devices/main/webhook', {})).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST', message: 'webhook_url is required' },
      })
      const metadata = { webhook_url: 'http://169.254.169.254/' }
      expect((await gateway.call('PATCH', '/devices/main/webhook', metadata)).status).toBe(400)
      expect(await gateway.get('/devices/nobody/webhook')).toMatchObject({
        status: 404,
        body: { message: 'device not found' },
      })
    })

    it('can be given with the device; a bad one leaves no device behind', async () => {
      const made = await gateway.post('/devices', { device_id: 'two', webhook_url: url, webhook_secret: 'x' })
      expect(made.body['results']).toMatchObject({ id: 'two', webhook_url: url, webhook_secret: '********' })
      const refused = await gateway.post('/devices', { device_id: 'three', webhook_url: 'http://0.0.0.0/' })
      expect(refused.status).toBe(400)
      expect((await gateway.get('/devices/three')).status).toBe(404)
    })

    it('is kept without a URL, shown, and in use once it has one; the global endpoints stand until then', async () => {
      const kept = {
        webhook_url: '',
        webhook_secret: '********',
        webhook_events: 'message',
        webhook_insecure_skip_verify: false,
      }
      const made = await gateway.post('/devices', {
        device_id: 'two',
        webhook_secret: 'abc',
        webhook_events: 'Message',
      })
      expect(made.body['results']).toMatchObject({ id: 'two', ...kept })
      const plain = await gateway.post('/devices', { device_id: 'plain', webhook_url: '' })
      expect(plain.body['results']).not.toHaveProperty('webhook_url')
      expect((await gateway.get('/devices/two/webhook')).body['results']).toEqual({
        device_id: 'two',
        ...kept,
      })
      // There is nothing to deliver to, so it is no endpoint.
      expect((await gateway.get('/devices/two/webhooks')).body['results']).toEqual([])
      expect((await gateway.get('/webhooks')).body['results']).toEqual([])

      const patch = (body: object) => gateway.call('PATCH', '/devices/two/webhook', body)
      const used = { ...kept, webhook_url: url, webhook_events: '' }
      const set = await patch({ webhook_url: url, webhook_secret: '********' })
      expect(set.body['results']).toEqual({ device_id: 'two', ...used })
      const { outbox } = gateway.webhooks
      const two = asDeviceId('two')
      await gateway.database.inTransaction((tx) => outbox.append(tx, two, anEvent()))
      outbox.wake()
      await receiver.until((received) => received.length === 1)
      const [webhook] = receiver.received
      expect(webhook !== undefined && isSignedWith(webhook, 'abc')).toBe(true)
    })

    it('is emptied of what a change does not name, and keeps what comes with an empty URL', async () => {
      const patch = async (body: object) => {
        const { body: answer } = await gateway.call('PATCH', '/devices/main/webhook', body)
        expect((await gateway.get('/devices/main/webhook')).body['results']).toEqual(answer['results'])
        return answer['results']
      }
      const empty = {
        device_id: 'main',
        webhook_url: '',
        webhook_secret: '',
        webhook_events: '',
        webhook_insecure_skip_verify: false,
      }
      const full = {
        webhook_url: url,
        webhook_secret: 'abc',
        webhook_events: 'message',
        webhook_insecure_skip_verify: true,
      }
      expect(await patch(full)).toEqual({ ...empty, ...full, webhook_secret: '********' })
      expect(await patch({ webhook_url: url })).toEqual({ ...empty, webhook_url: url })
      expect(await patch({ webhook_url: '', webhook_insecure_skip_verify: true })).toEqual({
        ...empty,
        webhook_insecure_skip_verify: true,
      })
      await append()
      expect((await countRows(gateway)).rows.deliveries).toBe(0)
      expect(await patch({ webhook_url: '' })).toEqual(empty)
      expect((await countRows(gateway)).rows.endpoints).toBe(0)
    })
  })

  describe('deliveries', () => {
    const listed = async (query = '') => {
      const { body } = await gateway.get(`/deliveries${query}`)
      return body['results'] as { data: Shown[]; next?: string }
    }

    it('are listed newest first, in pages, by endpoint and state, with every try and without bodies', async () => {
      let answers = 0
      receiver.respond = (_webhook, response) => response.writeHead((answers += 1) === 1 ? 503 : 204).end()
      const { id } = await create({ url })
      await append({ body: { event: 'message', payload: { body: 'a word' } } })
      await receiver.until((received) => received.length === 1)
      await gateway.devices.until(async () => {
        expect((await listed('?state=pending')).data[0]).toMatchObject({ attempts: 1, last_status: 503 })
      })
      gateway.devices.clock.advance(2000)
      await receiver.until((received) => received.length === 2)
      await append({ lane: 'two' })
      await gateway.devices.until(async () => {
        expect((await listed(`?webhook_id=${id}&state=delivered`)).data).toHaveLength(2)
      })
      const first = await listed('?limit=1')
      expect(first.data[0]).toMatchObject({ seq: 2, attempts: 1 })
      const second = await listed(`?limit=1&before=${first.next}`)
      expect(second.data[0]).toMatchObject({ seq: 1, attempts: 2, state: 'delivered', last_status: 204 })

      const one = await gateway.get(`/deliveries/${id}/${String(second.data[0]?.['event_id'])}`)
      expect(one.body['results']).toMatchObject({
        tries: [
          { attempt: 1, status: 503, error: 'answered 503' },
          { attempt: 2, status: 204 },
        ],
      })
      expect(JSON.stringify([first, second, one.body])).not.toContain('a word')
      expect((await listed('?device_id=other')).data).toEqual([])
    })

    it('can be made again under their id, dead or delivered; a replay brings a whole range in its order', async () => {
      const { id } = await create({ url, events: ['message'], when_gone: 'drop' })
      receiver.respond = (_webhook, response) => response.writeHead(410).end()
      await append({ lane: 'a' })
      await append({ lane: 'a' })
      await append({ kind: 'message.status', body: { event: 'message.status', payload: {} } })
      await gateway.devices.until(async () => expect((await listed('?state=dead')).data).toHaveLength(2))
      const ids = (await listed()).data.map((delivery) => delivery['event_id']).reverse()

      receiver.respond = (_webhook, response) => response.end()
      receiver.received.length = 0
      expect((await gateway.post(`/deliveries/${id}/${String(ids[0])}/retry`)).status).toBe(200)
      await receiver.until((received) => received.length === 1)
      expect(receiver.received[0]?.headers).toMatchObject({
        'x-gatewa-event-id': ids[0],
        'x-gatewa-attempt': '2',
      })

      await gateway.devices.until(async () => expect((await listed('?state=delivered')).data).toHaveLength(1))
      const dead = await gateway.post(`/webhooks/${id}/replay`, { only_dead: true })
      expect(dead.body['results']).toEqual({ events: 1 })
      await receiver.until((received) => received.length === 2)
      await gateway.devices.until(async () => expect((await listed('?state=delivered')).data).toHaveLength(2))

      const all = await gateway.post(`/webhooks/${id}/replay`)
      expect(all.body['results']).toEqual({ events: 2 })
      await receiver.until((received) => received.length === 4)
      expect(receiver.received.slice(2).map(({ headers }) => headers['x-gatewa-event-id'])).toEqual(ids)
      const none = await gateway.post(`/webhooks/${id}/replay`, { until: '2020-01-01T00:00:00Z' })
      expect(none.body['results']).toEqual({ events: 0 })
    })

    it('of unknown endpoints and events are 404; an endpoint out of use takes none', async () => {
      const { id } = await create({ url, active: false })
      expect((await gateway.post('/webhooks/nothing/replay')).status).toBe(404)
      expect((await gateway.get(`/deliveries/${id}/nothing`)).status).toBe(404)
      expect((await gateway.post(`/deliveries/${id}/nothing/retry`)).status).toBe(404)
      expect(await gateway.post(`/webhooks/${id}/replay`)).toMatchObject({
        status: 409,
        body: { code: 'WEBHOOK_INACTIVE' },
      })
      expect((await gateway.get('/deliveries?state=lost')).status).toBe(400)
    })
  })
})

async function countRows({ database: { db } }: TestGateway) {
  const deliveries = await db.selectFrom('deliveries').select('id').execute()
  const endpoints = await db.selectFrom('webhook_endpoints').select('id').execute()
  return { rows: { deliveries: deliveries.length, endpoints: endpoints.length } }
}
