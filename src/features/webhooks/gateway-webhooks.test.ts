import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DeviceId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { type Answer, TestGateway } from '../../http/test-gateway.ts'
import { anEvent } from '../../outbox/outbox-fixtures.ts'
import { isSignedWith, WebhookReceiver } from './webhook-receiver.ts'

const ofSettings = 'http://127.0.0.1:9/of-settings'

interface Shown {
  readonly id: string
  readonly [member: string]: unknown
}

describeEachDialect('webhook endpoints of all devices over the API', (open) => {
  let gateway: TestGateway
  let receiver: WebhookReceiver
  let url: string
  let main: DeviceId
  let other: DeviceId

  beforeEach(async () => {
    gateway = new TestGateway(await open(), { webhookUrls: [ofSettings] })
    receiver = new WebhookReceiver()
    url = await receiver.listen()
    main = await gateway.devices.add('main')
    other = await gateway.devices.add('other')
    await gateway.webhooks.load()
    gateway.webhooks.start()
  })
  afterEach(async () => {
    await gateway.webhooks.stop()
    await receiver.close()
  })

  const append = async (device: DeviceId, ...events: Parameters<typeof anEvent>) => {
    const { outbox } = gateway.webhooks
    await gateway.database.inTransaction((tx) => outbox.append(tx, device, anEvent(...events)))
    outbox.wake()
  }
  const resultOf = (answer: Answer): Shown => {
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body['results'] as Shown
  }
  const create = async (body: object) => resultOf(await gateway.post('/webhooks', body))
  const deliveriesOf = async (id: string) => {
    const { db } = gateway.database
    return await db.selectFrom('deliveries').select('device_id').where('endpoint_id', '=', id).execute()
  }

  it('get the events of every device with their own secret, headers, form and kinds until they are deleted', async () => {
    const made = await create({
      url,
      secret: 'own key',
      events: ['message'],
      ignore_jids: ['*@g.us'],
      headers: { Authorization: 'Bearer t0ken' },
      format: 'cloudevents',
      when_gone: 'drop',
      insecure_skip_verify: true,
    })
    expect(made).toMatchObject({
      source: 'api',
      has_secret: true,
      header_names: ['Authorization'],
      format: 'cloudevents',
      when_gone: 'drop',
      insecure_skip_verify: true,
      active: true,
    })
    expect(made).not.toHaveProperty('device_id')
    expect(JSON.stringify(made)).not.toMatch(/own key|t0ken/)

    await append(main)
    await append(main, { kind: 'message.status', body: { event: 'message.status', payload: {} } })
    await append(main, { body: { event: 'message', payload: { chat_id: '1@g.us' } } })
    await append(other)
    await receiver.until((received) => received.length === 2)
    for (const webhook of receiver.received) {
      expect(webhook.headers).toMatchObject({ authorization: 'Bearer t0ken', 'ce-type': 'gatewa.message' })
      expect(isSignedWith(webhook, 'own key')).toBe(true)
    }

    expect((await gateway.call('DELETE', `/webhooks/${made.id}`)).status).toBe(200)
    expect((await gateway.get(`/webhooks/${made.id}`)).status).toBe(404)
    await append(other)
    expect(await deliveriesOf(made.id)).toEqual([])
  })

  it('come beside the one that a device has in place of those of the settings', async () => {
    const { id } = await create({ url })
    const slot = { webhook_url: `${url}/slot` }
    expect((await gateway.call('PATCH', '/devices/main/webhook', slot)).status).toBe(200)
    await append(main)
    await receiver.until((received) => received.length === 2)
    expect(await deliveriesOf(id)).toEqual([{ device_id: 'main' }])
  })

  it('change only in what is named, and a device going leaves them', async () => {
    const { id } = await create({ url: `${url}/a`, secret: 'k', events: ['message'] })
    const patch = (body: object) => gateway.call('PATCH', `/webhooks/${id}`, body)
    const changed = resultOf(await patch({ format: 'cloudevents', active: false }))
    expect(changed).toMatchObject({ url: `${url}/a`, has_secret: true, events: ['message'], active: false })
    await append(main)
    expect(await deliveriesOf(id)).toEqual([])
    resultOf(await patch({ active: true, url: `${url}/b` }))
    await gateway.call('DELETE', '/devices/main')
    await append(other)
    await receiver.until((received) => received.length === 1)
    expect(resultOf(await gateway.get(`/webhooks/${id}`))).toMatchObject({ url: `${url}/b`, active: true })
  })

  it('are found, changed and deleted by their id alone, also those of a device', async () => {
    const { id } = resultOf(await gateway.post('/devices/main/webhooks', { url }))
    expect(resultOf(await gateway.call('PATCH', `/webhooks/${id}`, { active: false }))).toMatchObject({
      device_id: 'main',
      active: false,
    })
    expect((await gateway.call('DELETE', `/webhooks/${id}`)).status).toBe(200)
    expect(resultOf(await gateway.get('/devices/main/webhooks'))).toEqual([])
  })

  it('leave those of the settings as they are', async () => {
    const [{ id } = { id: '' }] = resultOf(await gateway.get('/webhooks')) as unknown as Shown[] // a list
    const refused = {
      status: 409,
      body: { code: 'WEBHOOK_OF_SETTINGS', message: expect.stringContaining('WHATSAPP_WEBHOOK') as string },
    }
    expect(await gateway.call('PATCH', `/webhooks/${id}`, { events: ['message'] })).toMatchObject(refused)
    expect(await gateway.call('DELETE', `/webhooks/${id}`)).toMatchObject(refused)
    expect(resultOf(await gateway.get(`/webhooks/${id}`))).toMatchObject({
      url: ofSettings,
      source: 'config',
    })
  })

  it('are of other devices too, so a device does not show, change or delete them', async () => {
    const { id } = await create({ url })
    expect(resultOf(await gateway.get('/devices/main/webhooks'))).toEqual([])
    const path = `/devices/main/webhooks/${id}`
    expect((await gateway.get(path)).status).toBe(404)
    expect((await gateway.call('PATCH', path, {})).status).toBe(404)
    expect((await gateway.call('DELETE', path)).status).toBe(404)
  })

  it('are at most 20, and posted only to where webhooks may go', async () => {
    expect(await gateway.post('/webhooks', { url: 'http://169.254.169.254/' })).toMatchObject({
      status: 400,
      body: { message: 'url: webhooks are never sent to 169.254.169.254.' },
    })
    expect((await gateway.post('/webhooks', {})).status).toBe(400)
    expect((await gateway.call('PATCH', '/webhooks/nothing', {})).status).toBe(404)
    expect((await gateway.call('DELETE', '/webhooks/nothing')).status).toBe(404)
    for (let count = 0; count < 20; count += 1) await create({ url: `${url}/${count}` })
    expect(await gateway.post('/webhooks', { url })).toMatchObject({
      status: 400,
      body: { message: 'there can be at most 20 webhook endpoints of all devices' },
    })
    resultOf(await gateway.post('/devices/main/webhooks', { url }))
  })
})
