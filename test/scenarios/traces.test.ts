import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import type { WebhookReceiver } from '../../src/features/webhooks/webhook-receiver.ts'
import { eventually } from '../harness.ts'
import { messageIdOf, type Stage, scenario } from '../scenario.ts'
import { type ReceivedSpan, SpanReceiver } from '../span-receiver.ts'

const callersTrace = '0af7651916cd43dd8448eb211c80319c'
const callersSpan = 'b7ad6b7169203331'
const traceparent = `00-${callersTrace}-${callersSpan}-01`
const text = 'a text that nobody else may read'
const allKinds = 'message,message.ack,message.status,device.connected'

describe('traces', () => {
  let receiver: SpanReceiver
  let endpoint: string

  beforeEach(async () => {
    receiver = new SpanReceiver()
    endpoint = await receiver.listen()
  })
  afterEach(() => receiver.close())

  const settings = (more: Readonly<Record<string, string>> = {}) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    WHATSAPP_WEBHOOK_EVENTS: allKinds,
    ...more,
  })

  /** Sends a text as somebody who is traced; resolves to the message's id. */
  async function sendTraced({ gateway }: Stage, device: string, phone: string): Promise<string> {
    const answer = await gateway.call('POST', '/send/message', {
      device,
      body: { phone, message: text },
      headers: { traceparent },
    })
    expect(answer.status, answer.text).toBe(200)
    return messageIdOf(answer)
  }

  scenario(
    'lead from the request of a caller to the webhooks of the receipts, after a restart too',
    async (stage) => {
      await stage.start(settings())
      const { world } = stage
      const { ada, bo } = await stage.linkedPair('shop')
      const id = await sendTraced(stage, 'shop', bo.phone)
      const received = await bo.receives(text)
      await world.nextEvent('message.status', ({ payload }) => payload['status'] === 'delivered')
      await stage.restart(settings())
      await stage.gateway.loggedIn('shop')
      await bo.markRead(received)
      await world.nextEvent('message.status', ({ payload }) => payload['status'] === 'read')
      await world.nextEvent('message.ack', ({ payload }) => payload['receipt_type'] === 'read')

      const spans = await eventually('the spans of every delivery', () => {
        const all = receiver.of(callersTrace)
        const count = (kind: string) => all.filter(isDelivery(kind)).length
        return count('message.status') === 4 && count('message.ack') === 2 ? all : undefined
      })
      const [server] = spans
      expect(server).toMatchObject({ name: 'POST /send/message', kind: 'server', parent: callersSpan })
      expect(server?.facts).toEqual({
        'http.request.method': 'POST',
        'http.route': '/send/message',
        'url.scheme': 'http',
        'http.response.status_code': 200,
        'gatewa.device.id': 'shop',
      })
      expect(server?.resource).toMatchObject({ 'service.name': 'gatewa' })
      const send = one(spans, 'send')
      expect(send).toMatchObject({ kind: 'producer', parent: server?.id, isError: false })
      expect(send.facts).toMatchObject({ 'messaging.system': 'whatsapp', 'gatewa.message.kind': 'text' })
      const steps = ['queue', 'write', 'ack'].map((name) => one(spans, name))
      expect(steps.map(({ parent }) => parent)).toEqual([send.id, send.id, send.id])
      for (const [place, step] of steps.entries()) {
        expect(step.startMs).toBeGreaterThanOrEqual(steps[place - 1]?.endMs ?? send.startMs)
        expect(step.endMs).toBeGreaterThanOrEqual(step.startMs)
        expect(step.endMs).toBeLessThanOrEqual(send.endMs)
      }

      const receipts = spans.filter(({ name }) => name === 'receipt')
      expect(receipts.map(({ parent, kind }) => ({ parent, kind }))).toEqual(
        receipts.map(() => ({ parent: send.id, kind: 'consumer' })),
      )
      expect(receipts.map(({ facts }) => facts['gatewa.receipt.type'])).toEqual(['delivered', 'read'])

      // Each webhook request named the very span that its try is, below what its event came of.
      const parentOf = {
        queued: [server?.id],
        sent: [server?.id, send.id],
        delivered: [receipts[0]?.id],
        read: [receipts[1]?.id],
      }
      for (const [status, parents] of Object.entries(parentOf)) {
        const span = deliveredSpan(world.webhooks, spans, (body) => body.payload.status === status)
        expect(parents, status).toContain(span.parent)
        expect(span).toMatchObject({ name: 'POST', kind: 'client', isError: false })
        expect(span.facts).toMatchObject({
          'http.response.status_code': 200,
          'gatewa.event.kind': 'message.status',
        })
      }
      const ack = deliveredSpan(world.webhooks, spans, (body) => body.payload.receipt_type === 'read')
      expect(ack.parent).toBe(receipts[1]?.id)

      tellsNobody(receiver, [ada.phone, bo.phone, text, id])
    },
    { startsGateway: false },
  )

  scenario(
    'begin with a message that arrives, and tell when it came, was decrypted, committed and delivered',
    async (stage) => {
      await stage.start(
        settings({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_SERVICE_NAME: 'my gateway' }),
      )
      const { ada, bo } = await stage.linkedPair('628120000009')
      const { id } = await bo.sendText(ada, text)
      await stage.world.nextEvent('message')
      const delivery = await receiver.next('the webhook', isDelivery('message'))
      const received = await receiver.next('the message', ({ id: each }) => each === delivery.parent)
      expect(received).toMatchObject({ name: 'receive', kind: 'consumer', parent: '', isError: false })
      expect(received.resource).toMatchObject({ 'service.name': 'my gateway' })
      // The id of this device may be a phone number.
      expect(received.facts).toEqual({
        'messaging.system': 'whatsapp',
        'messaging.operation.name': 'receive',
        'messaging.operation.type': 'process',
        'gatewa.fact': 'message.received',
        'gatewa.message.kind': 'conversation',
        'gatewa.chat.kind': 'phone',
        'gatewa.message.from_me': false,
      })
      const trace = receiver.of(received.trace)
      const [decrypt, commit] = [one(trace, 'decrypt'), one(trace, 'commit')]
      expect([decrypt.parent, commit.parent]).toEqual([received.id, received.id])
      expect(decrypt.startMs).toBeGreaterThanOrEqual(received.startMs)
      expect(decrypt.endMs).toBeGreaterThan(decrypt.startMs)
      expect(commit.startMs).toBeGreaterThanOrEqual(decrypt.endMs)
      const request = stage.world.webhooks.received.find(({ text: body }) => body.includes(text))
      expect(request?.headers['traceparent']).toBe(`00-${received.trace}-${delivery.id}-01`)
      // Nothing of the request that linked the device goes on in what its connection brings.
      expect(trace.map(({ name }) => name)).not.toContain('GET /devices/:device_id/login')
      expect(receiver.requests[0]?.headers['content-type']).toBe('application/json')
      tellsNobody(receiver, [ada.phone, bo.phone, '628120000009', text, id])
    },
    { startsGateway: false },
  )

  scenario(
    'go on when an event is delivered by the next gateway only',
    async (stage) => {
      const { world } = stage
      world.webhooks.respond = (_webhook, response) => {
        response.statusCode = 503
        response.end()
      }
      await stage.start(settings())
      const { ada, bo } = await stage.linkedPair('shop')
      await bo.sendText(ada, text)
      const failed = await receiver.next(
        'a failed try',
        (span) => isDelivery('message')(span) && span.isError,
      )
      expect(failed.facts).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' })
      stage.clock.runFast(20)
      await stage.gateway.stop()
      world.webhooks.respond = (_webhook, response) => void response.end('ok')
      await stage.start(settings({ OTEL_SERVICE_NAME: 'the next' }))
      const delivered = await receiver.next(
        'the delivery',
        (span) => isDelivery('message')(span) && !span.isError,
      )
      expect(delivered.resource).toMatchObject({ 'service.name': 'the next' })
      expect(delivered).toMatchObject({ trace: failed.trace, parent: failed.parent })
      expect(delivered.facts['http.request.resend_count']).toBeGreaterThanOrEqual(1)
      expect(one(receiver.of(failed.trace), 'receive').id).toBe(delivered.parent)
    },
    { startsGateway: false },
  )

  scenario(
    'tell a refusal by its code, and end where a stream begins or its reader leaves',
    async (stage) => {
      await stage.start(settings())
      const { ada, bo } = await stage.linkedPair('shop')
      stage.world.simulator.faults.refuseWith(463)
      const answer = await stage.gateway.call('POST', '/send/message', {
        device: 'shop',
        body: { phone: bo.phone, message: text },
        headers: { traceparent },
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      const send = await receiver.next('the send', ({ name }) => name === 'send')
      expect(send).toMatchObject({ isError: true, trace: callersTrace })
      expect(send.facts['error.type']).toBe('reachout_timelocked')
      const server = await receiver.next('the request', ({ id }) => id === send.parent)
      // A refusal is no failure of the server's.
      expect(server).toMatchObject({ isError: answer.status >= 500 })

      const leaving = new AbortController()
      const asked = fetch(`${stage.gateway.url}/events`, {
        headers: { accept: 'text/event-stream' },
        signal: leaving.signal,
      })
      expect((await asked).status).toBe(200)
      leaving.abort()
      const stream = await receiver.next('the stream', ({ name }) => name === 'GET /events')
      expect(stream).toMatchObject({ isError: false, facts: { 'http.response.status_code': 200 } })
      const { socket } = await stage.gateway.socket('shop')
      const upgrade = await receiver.next('the WebSocket', ({ name }) => name === 'GET /ws')
      expect(upgrade).toMatchObject({ isError: false, facts: { 'http.response.status_code': 101 } })
      expect(socket.readyState).toBe(socket.OPEN)
      tellsNobody(receiver, [ada.phone, bo.phone, text])
    },
    { startsGateway: false },
  )

  scenario(
    'do as the caller says who does not want this one recorded',
    async (stage) => {
      await stage.start(settings())
      const { bo } = await stage.linkedPair('shop')
      const unsampled = `00-${callersTrace}-${callersSpan}-00`
      await stage.gateway.call('POST', '/send/message', {
        device: 'shop',
        body: { phone: bo.phone, message: 'unrecorded' },
        headers: { traceparent: unsampled },
      })
      await stage.world.nextEvent('message.status', ({ payload }) => payload['status'] === 'delivered')
      await stage.gateway.stop()
      expect(receiver.of(callersTrace)).toEqual([])
      const told = stage.world.webhooks.received.filter(({ text: body }) => body.includes('message.status'))
      expect(told.map(({ headers }) => headers['traceparent'])).toEqual(
        told.map(() => expect.stringMatching(new RegExp(`^00-${callersTrace}-[0-9a-f]{16}-00$`)) as string),
      )
    },
    { startsGateway: false },
  )
})

function isDelivery(eventKind: string): (span: ReceivedSpan) => boolean {
  return ({ kind, facts }) => kind === 'client' && facts['gatewa.event.kind'] === eventKind
}

function one(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name)
  expect(found, name).toHaveLength(1)
  const [span] = found
  if (span === undefined) throw new Error('nothing found')
  return span
}

/** The span that the request of a webhook named. */
function deliveredSpan(
  { received }: WebhookReceiver,
  spans: readonly ReceivedSpan[],
  test: (body: { readonly payload: Readonly<Record<string, unknown>> }) => boolean,
): ReceivedSpan {
  const request = received.find((each) => test(JSON.parse(each.text) as Parameters<typeof test>[0])) // our own gateway's
  const [version, trace, id, flags] = String(request?.headers['traceparent']).split('-')
  expect([version, trace, flags]).toEqual(['00', callersTrace, '01'])
  const span = spans.find((each) => each.id === id)
  if (span === undefined) throw new Error(`no span ${id} among ${JSON.stringify(spans)}`)
  return span
}

const page = readFileSync(join(import.meta.dirname, '../../docs/tracing.md'), 'utf8')

/** Looks at everything that was sent, not only at what was understood of it; and what is told is what the page says. */
function tellsNobody({ requests, spans }: SpanReceiver, secrets: readonly string[]): void {
  expect(spans.length).toBeGreaterThan(5)
  for (const { kind, name, facts } of spans) {
    if (kind !== 'server') expect(page).toContain(`| \`${name}\` |`)
    for (const fact of Object.keys(facts)) expect(page).toContain(`\`${fact}\``)
  }
  for (const secret of secrets) {
    expect(
      requests.some(({ text: sent }) => sent.includes(secret)),
      secret,
    ).toBe(false)
  }
}
