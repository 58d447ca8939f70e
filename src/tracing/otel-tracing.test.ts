import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, test } from 'vitest'
import { AppError } from '../core/app-error.ts'
import { deviceFact } from '../core/device-fact.ts'
import { asDeviceId } from '../core/ids.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { aReceipt, received } from '../inbox/history-fixture.ts'
import { parseJid } from '../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import { parseTraceParent } from './otel-tracing.ts'
import { openTestTracing } from './test-tracing.ts'
import { tracedTransactions } from './traced.ts'
import { TracedInbox } from './traced-inbox.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'

describe('a traceparent', () => {
  it.each([
    [`00-${trace}-${span}-01`, 1],
    [`00-${trace}-${span}-00`, 0],
    // Flags that nobody knows yet do not count; later versions may add fields.
    [`00-${trace}-${span}-fe`, 0],
    [`cc-${trace}-${span}-01-what the future brings`, 1],
  ])('%s is gone on with', (text, traceFlags) => {
    expect(parseTraceParent(text)).toEqual({ traceId: trace, spanId: span, traceFlags, isRemote: true })
  })

  it.each([
    '',
    'nonsense',
    `ff-${trace}-${span}-01`,
    `00-${trace}-${span}-01-more`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${span}`,
  ])('%s is none, and begins a trace of its own', (text) => {
    expect(parseTraceParent(text)).toBeNull()
    const { tracing } = openTestTracing()
    expect(tracing.begin({ name: 'step', parent: text }).traceparent).toMatch(
      /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/,
    )
  })
})

describe('what runs in a span', () => {
  it('is counted to it until it ends, and begins spans below it', async () => {
    const { tracing, scope, ended } = openTestTracing()
    const request = tracing.begin({ name: 'request' })
    let laterSeen: string | null = 'not asked'
    const { promise: requestOver, resolve: endRequest } = Promise.withResolvers<void>()
    const background = tracing.within(request, async () => {
      expect(tracing.current).toBe(request.traceparent)
      tracing.begin({ name: 'below' }).end()
      tracing.begin({ name: 'apart', parent: null }).end()
      tracing.outside(() => expect(tracing.current).toBeNull())
      const [, trace_id, span_id] = request.traceparent.split('-')
      expect(scope.logFields).toEqual({ trace_id, span_id })
      await requestOver
      laterSeen = tracing.current
    })
    request.end({ error: 'the first word counts' })
    request.end()
    endRequest()
    await background
    // A connection that a request opens lives on, and is no part of it.
    expect(laterSeen).toBeNull()
    expect(scope.logFields).toEqual({})
    const [below, apart, whole] = ended()
    expect(below?.parent).toBe(whole?.id)
    expect(apart?.parent).toBe('')
    expect(whole?.facts).toEqual({ 'error.type': 'the first word counts' })
    expect(ended()).toHaveLength(3)
  })
})

describe('facts from WhatsApp', () => {
  const account = parseJid('628110000001@s.whatsapp.net')

  it('are of no request, though one may have begun their connection; a message’s begin a trace', async () => {
    const { tracing, ended } = openTestTracing()
    const inbox = new TracedInbox(tracing)
    const seen = new Map<WhatsAppEvent, string | null>()
    const apply = async (event: WhatsAppEvent) => void seen.set(event, tracing.current)
    const traced = inbox.before({
      async apply(_device, _account, events) {
        for (const event of events) await inbox.around(event, () => apply(event))
      },
    })
    const [message, other] = [received(), aReceipt()]
    const login = tracing.begin({ name: 'login' })
    await tracing.within(login, () => traced.apply(asDeviceId('main'), account, [message, other]))
    expect(seen.get(other)).toBeNull()
    const [commit, receive] = ended()
    expect([receive?.name, receive?.parent, commit?.name, commit?.parent]).toEqual([
      'receive',
      '',
      'commit',
      receive?.id,
    ])
    expect(receive?.trace).not.toBe(login.traceparent.split('-')[1])
    expect(seen.get(message)).toBe(receive?.traceparent)
  })

  it('that could not be committed are told by the class of what was wrong', async () => {
    const { tracing, ended } = openTestTracing()
    const failing = {
      apply: () => Promise.reject(new AppError('shutting_down', { message: 'of +628110000001' })),
    }
    const applied = new TracedInbox(tracing).before(failing).apply(asDeviceId('main'), account, [received()])
    await expect(applied).rejects.toThrow()
    expect(ended().map(({ name, facts }) => [name, facts['error.type']])).toEqual([
      ['commit', 'shutting_down'],
      ['receive', 'shutting_down'],
    ])
  })
})

describeEachDialect('traced transactions', (open) => {
  test('run in the span that asked for them, whoever’s turn it is', async () => {
    const { inTransaction } = await open()
    const { tracing, scope } = openTestTracing()
    const traced = tracedTransactions(inTransaction, scope)
    const asked = ['one', 'two', null].map((name) => (name === null ? null : tracing.begin({ name })))
    const seen = await Promise.all(
      asked.map((each) => {
        const ask = () =>
          traced(async () => {
            await nextTurn()
            return tracing.current
          })
        return each === null ? ask() : tracing.within(each, ask)
      }),
    )
    expect(seen).toEqual(asked.map((each) => each?.traceparent ?? null))
  })
})

describe('a device', () => {
  it.each(['main', 'shop-2', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'floor 12 desk 345'])(
    '%s is told',
    (id) => {
      expect(deviceFact(asDeviceId(id))).toEqual({ 'gatewa.device.id': id })
    },
  )

  it.each(['628120000001', '+62 812-000', 'shop 6281200', '62812@s.whatsapp.net-00'])(
    '%s is not: it may be a phone number',
    (id) => expect(deviceFact(asDeviceId(id))).toEqual({}),
  )
})
