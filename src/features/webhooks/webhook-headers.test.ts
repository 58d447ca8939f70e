import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import type { EventEnvelope } from '../../core/event-envelope.ts'
import { asDeviceId, asEventId } from '../../core/ids.ts'
import { headersOf, parseRetryAfter } from './webhook-headers.ts'

const envelope: EventEnvelope = {
  id: asEventId('01JDEVENT'),
  deviceId: asDeviceId('my shop'),
  seq: 7,
  kind: 'message',
  lane: 'L',
  body: { event: 'message', payload: { chat_id: '628120000002@s.whatsapp.net' } },
  createdAt: new Date('2026-01-05T10:11:12Z'),
}
const facts = { envelope, body: '{"a":1}', attempt: 2, traceparent: null, at: new Date(), secret: 'key' }

it('name the event, its number and the try, and carry both signatures', () => {
  const headers = headersOf({ ...facts, format: 'plain' })
  expect(headers).toMatchObject({
    'x-gatewa-event-id': '01JDEVENT',
    'x-gatewa-event-seq': '7',
    'x-gatewa-attempt': '2',
    'x-hub-signature-256': expect.stringMatching(/^sha256=[0-9a-f]{64}$/) as string,
  })
  expect(new Webhook('key', { format: 'raw' }).verify(facts.body, headers)).toEqual({ a: 1 })
  expect(Object.keys(headers).filter((name) => /^(ce-|traceparent)/.test(name))).toEqual([])
})

it('name the trace that the event belongs to', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  expect(headersOf({ ...facts, traceparent, format: 'plain' })).toMatchObject({ traceparent })
})

it('make a CloudEvent in binary mode of it when that was asked for', () => {
  expect(headersOf({ ...facts, format: 'cloudevents' })).toMatchObject({
    'ce-specversion': '1.0',
    'ce-id': '01JDEVENT',
    'ce-source': '/devices/my%20shop',
    'ce-type': 'gatewa.message',
    'ce-time': '2026-01-05T10:11:12.000Z',
    'ce-sequence': '7',
    'ce-subject': '628120000002@s.whatsapp.net',
  })
})

it('Retry-After is read as seconds or as a date', () => {
  const now = new Date('2026-01-05T10:00:00Z')
  expect(parseRetryAfter('120', now)).toBe(120_000)
  expect(parseRetryAfter('Mon, 05 Jan 2026 10:01:00 GMT', now)).toBe(60_000)
  expect(parseRetryAfter('Mon, 05 Jan 2026 09:00:00 GMT', now)).toBe(0)
  expect(parseRetryAfter('soon', now)).toBeNull()
})
