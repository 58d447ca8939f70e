import { describe, expect, it } from 'vitest'
import { createGatewa, type GatewaOptions } from './create-gatewa.ts'
import {
  ConflictError,
  GatewaError,
  NoAnswerError,
  NotFoundError,
  SendOutcomeUnknownError,
  TooFastError,
  UnauthorizedError,
  UnavailableError,
} from './errors.ts'

type Reply = Response | Error

const sent = { code: 'SUCCESS', message: 'sent', results: { message_id: 'M', status: 'sent' } }
const success = () => Response.json(sent)
const refusal = (status: number, code: string, results?: object, headers: Record<string, string> = {}) =>
  Response.json(
    { code, message: `${code}!`, results },
    { status, headers: { 'x-request-id': 'r1', ...headers } },
  )

/** A client whose gateway gives these answers one after another; `requests` has what it was asked. */
function aClient(replies: readonly (() => Reply)[], options: Partial<GatewaOptions> = {}) {
  const requests: Request[] = []
  const gatewa = createGatewa({
    url: 'http://gate.example/wa/',
    device: 'main',
    retry: { firstPauseMs: 1 },
    fetch: async (url, init) => {
      requests.push(new Request(url, init))
      const reply = replies[Math.min(requests.length, replies.length) - 1]?.() ?? success()
      if (reply instanceof Error) throw reply
      return reply
    },
    ...options,
  })
  return { gatewa, requests }
}

const broken = () => new TypeError('connection reset')
const text = { phone: '1555', message: 'hello' }

describe('a call', () => {
  it('puts path, query, body, device, credentials and key where they belong', async () => {
    const { gatewa, requests } = aClient([success], { apiKey: 'gwk_1_x', device: 'küche' })
    expect(await gatewa.sendMessage(text, { idempotencyKey: 'k1' })).toEqual(sent.results)
    await gatewa.getChatMessages({ chat_jid: 'a/b@g.us', limit: 3, search: 'x&y' })
    await gatewa.withDevice('other').reactMessage({ message_id: 'M 1', phone: '1555', emoji: '👍' })
    const [send, list, react] = requests
    expect(send?.url).toBe('http://gate.example/wa/send/message')
    expect(Object.fromEntries(send?.headers ?? [])).toMatchObject({
      authorization: 'Bearer gwk_1_x',
      'x-device-id': 'k%C3%BCche',
      'idempotency-key': 'k1',
      'content-type': 'application/json',
    })
    expect(await send?.json()).toEqual(text)
    expect(list?.url).toBe('http://gate.example/wa/chat/a%2Fb%40g.us/messages?limit=3&search=x%26y')
    expect(list?.headers.get('idempotency-key')).toBeNull()
    expect(react?.url).toBe('http://gate.example/wa/message/M%201/reaction')
    expect(react?.headers.get('x-device-id')).toBe('other')
    expect(await react?.json()).toEqual({ phone: '1555', emoji: '👍' })
    await expect(gatewa.getDevice({ device_id: '' })).rejects.toThrow('device_id is missing')
  })

  it('sends files as a form, and URLs as JSON', async () => {
    const { gatewa, requests } = aClient([success], { basic: { user: 'ü', password: 'p' } })
    await gatewa.sendImage({
      phone: '1555',
      image: new Blob(['bytes'], { type: 'image/png' }),
      compress: true,
    })
    await gatewa.sendImage({ phone: '1555', image_url: 'https://x/y.png' })
    const form = await requests[0]?.formData()
    expect(form?.get('compress')).toBe('true')
    expect(await (form?.get('image') as File).text()).toBe('bytes') // a file was put in above
    expect(await requests[1]?.json()).toEqual({ phone: '1555', image_url: 'https://x/y.png' })
    expect(requests[0]?.headers.get('authorization')).toBe(`Basic ${Buffer.from('ü:p').toString('base64')}`)
  })
})

describe('an error', () => {
  it('has the class of its status and the code, facts and request id of the gateway', async () => {
    const cases = [
      [refusal(404, 'DEVICE_NOT_FOUND', { device_id: 'x' }), NotFoundError],
      [refusal(409, 'DEVICE_EXISTS'), ConflictError],
      [refusal(500, 'NEW_CODE'), UnavailableError],
      [refusal(504, 'SEND_OUTCOME_UNKNOWN', { message_id: 'M' }), SendOutcomeUnknownError],
      [new Response('Unauthorized', { status: 401 }), UnauthorizedError],
      [new Response('<html>', { status: 418 }), GatewaError],
    ] as const
    for (const [answer, kind] of cases) {
      const { gatewa, requests } = aClient([() => answer.clone()])
      const error = await gatewa.sendMessage(text).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(kind)
      expect(requests).toHaveLength(1)
    }
    const { gatewa } = aClient([() => refusal(504, 'SEND_OUTCOME_UNKNOWN', { message_id: 'M' })])
    await expect(gatewa.sendMessage(text)).rejects.toMatchObject({
      code: 'SEND_OUTCOME_UNKNOWN',
      messageId: 'M',
      requestId: 'r1',
      message: 'SEND_OUTCOME_UNKNOWN!',
    })
  })
})

describe('trying again', () => {
  it('repeats a send under one key, until it succeeds or the tries are used up', async () => {
    const { gatewa, requests } = aClient([
      broken,
      () => refusal(409, 'IDEMPOTENCY_IN_PROGRESS'),
      () => new Response('Bad Gateway', { status: 502 }),
      success,
    ])
    expect(await gatewa.sendMessage(text)).toEqual(sent.results)
    const keys = new Set(requests.map(({ headers }) => headers.get('idempotency-key')))
    expect(requests).toHaveLength(4)
    expect(keys.size).toBe(1)
    expect([...keys][0]).toMatch(/^sdk-[0-9a-f]{32}$/)
    const hopeless = aClient([broken])
    await expect(hopeless.gatewa.sendMessage(text)).rejects.toThrow(NoAnswerError)
    expect(hopeless.requests).toHaveLength(4)
    await hopeless.gatewa.sendMessage(text).catch(() => undefined)
    expect(hopeless.requests[4]?.headers.get('idempotency-key')).not.toBe(
      hopeless.requests[0]?.headers.get('idempotency-key'),
    )
  })

  it('repeats what changes something without a key only when nothing was done', async () => {
    const cut = aClient([broken])
    await expect(cut.gatewa.leaveGroup({ group_id: 'g@g.us' })).rejects.toThrow(NoAnswerError)
    await expect(cut.gatewa.appLogout()).rejects.toThrow(NoAnswerError)
    expect(cut.requests).toHaveLength(2)
    const closing = aClient([() => refusal(503, 'SHUTTING_DOWN'), success])
    await closing.gatewa.leaveGroup({ group_id: 'g@g.us' })
    expect(closing.requests).toHaveLength(2)
  })

  it('leaves WhatsApp’s brakes alone, and waits no longer than it may', async () => {
    for (const [answer, tries] of [
      [refusal(429, 'WHATSAPP_RATE_LIMITED'), 1],
      [refusal(429, 'RATE_LIMITED', undefined, { 'retry-after': '31' }), 1],
      [refusal(429, 'RATE_LIMITED', undefined, { 'retry-after': '0' }), 4],
    ] as const) {
      const { gatewa, requests } = aClient([() => answer.clone()])
      await expect(gatewa.listChats()).rejects.toThrow(TooFastError)
      expect(requests).toHaveLength(tries)
    }
  })

  it('ends with the signal', async () => {
    const abort = new AbortController()
    const { gatewa, requests } = aClient(
      [
        () => {
          abort.abort(new Error('enough'))
          return broken()
        },
      ],
      { retry: { firstPauseMs: 60_000 } },
    )
    await expect(gatewa.listChats({}, { signal: abort.signal })).rejects.toThrow()
    expect(requests).toHaveLength(1)
  })
})
