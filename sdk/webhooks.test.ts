import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { asDeviceId, newEventId } from '../src/core/ids.ts'
import { headersOf } from '../src/features/webhooks/webhook-headers.ts'
import { verifyWebhook, verifyWebhookRequest, WebhookVerificationError } from './webhooks.ts'

const text = JSON.stringify({
  event: 'device.connected',
  device_id: '',
  session_id: 'main',
  payload: { é: '☕' },
})

/** What the gateway itself would send. */
function delivered(secret: string, at = new Date()) {
  const id = newEventId(at)
  const envelope = {
    id,
    deviceId: asDeviceId('main'),
    seq: 7,
    kind: 'device.connected',
    lane: 'device',
    body: {},
    createdAt: at,
  } as const
  const facts = { envelope, body: text, attempt: 2, traceparent: null, at, secret }
  return { id, headers: headersOf({ ...facts, format: 'plain' }) }
}

describe('a webhook is checked', () => {
  it.each(['a plain secret', `whsec_${Buffer.from('some bytes that are secret').toString('base64')}`])(
    'with the secret %s as the gateway signs it, in either way',
    async (secret) => {
      const { id, headers } = delivered(secret)
      const facts = { id, seq: 7, attempt: 2, event: JSON.parse(text) as object }
      expect(await verifyWebhook({ secret, headers, body: text })).toEqual(facts)
      expect(await verifyWebhook({ secret, headers: new Headers(headers), body: Buffer.from(text) })).toEqual(
        facts,
      )
      const request = new Request('http://x/', { method: 'POST', headers, body: text })
      expect(await verifyWebhookRequest(request, { secret: ['the next', secret] })).toEqual(facts)
      const { 'webhook-signature': _, ...old } = headers
      expect(await verifyWebhook({ secret, headers: old, body: text })).toEqual(facts)
    },
  )

  it('as other libraries sign it', async () => {
    const secret = `whsec_${Buffer.from('some bytes that are secret').toString('base64')}`
    const at = new Date()
    const headers = {
      'Webhook-Id': 'msg_1',
      'Webhook-Timestamp': String(Math.floor(at.getTime() / 1000)),
      'Webhook-Signature': `v1a,other v1,AAAA ${new Webhook(secret).sign('msg_1', at, text)}`,
    }
    expect(await verifyWebhook({ secret, headers, body: text })).toMatchObject({ id: 'msg_1' })
  })

  it('and refused when anything is another, missing or too old', async () => {
    const { headers } = delivered('right')
    const good = { secret: 'right', headers, body: text }
    const { 'webhook-signature': _, ...hubOnly } = headers
    const wrong = [
      { ...good, secret: 'wrong' },
      { ...good, secret: [] },
      { ...good, body: `${text} ` },
      { ...good, headers: { ...headers, 'webhook-id': 'another' } },
      { ...good, headers: { ...headers, 'webhook-signature': 'v1,%' } },
      { ...good, headers: { ...headers, 'webhook-timestamp': 'soon' } },
      { ...good, headers: delivered('right', new Date(Date.now() - 301_000)).headers },
      { ...good, headers: delivered('right', new Date(Date.now() + 301_000)).headers },
      { ...good, headers: hubOnly, secret: 'wrong' },
      { ...good, headers: hubOnly, body: 'x' },
      { ...good, headers: {} },
    ]
    for (const each of wrong) await expect(verifyWebhook(each)).rejects.toThrow(WebhookVerificationError)
    await verifyWebhook(good)
  })
})
