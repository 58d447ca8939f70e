import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeCertificate } from '@gatewa/simulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebhookReceiver } from './webhook-receiver.ts'
import { WebhookTransport } from './webhook-transport.ts'

const never = new AbortController().signal
const aPost = {
  body: '{"event":"message","payload":{"body":"grüße"}}',
  headers: { 'x-gatewa-event-id': '01JD', 'x-gatewa-attempt': '3' },
}

let receiver: WebhookReceiver
let url: string
let transport: WebhookTransport

beforeEach(async () => {
  receiver = new WebhookReceiver()
  url = await receiver.listen()
  transport = new WebhookTransport({ timeoutMs: 15_000, userAgent: 'Gatewa/9' })
})
afterEach(async () => {
  await transport.close()
  await receiver.close()
})

const target = (path = '/hook', skipTlsVerify = false) => ({
  url: `${url}${path}`,
  skipTlsVerify,
  isTrusted: true,
  headers: {},
})

it('posts exactly the given bytes as JSON, with their length and the headers of the event', async () => {
  expect(await transport.post(target('/hook?a=1'), aPost, never)).toEqual({ status: 200 })
  const [webhook] = receiver.received
  expect(webhook?.text).toBe(aPost.body)
  expect(webhook?.path).toBe('/hook?a=1')
  expect(webhook?.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(aPost.body)),
    'user-agent': 'Gatewa/9',
    'x-gatewa-event-id': '01JD',
    'x-gatewa-attempt': '3',
  })
  expect(webhook?.headers['transfer-encoding']).toBeUndefined()
})

it('keeps connections for posts that follow one another', async () => {
  for (let count = 0; count < 20; count += 1) await transport.post(target(), aPost, never)
  // A second one may open while the first is just being handed back.
  expect(receiver.connections).toBeLessThanOrEqual(2)
})

it('lets no endpoint wait for others at the same origin that do not answer', async () => {
  receiver.respond = ({ path }, response) => {
    if (path !== '/hangs') response.end()
  }
  const ended = new AbortController()
  const hanging = Array.from({ length: 64 }, () => transport.post(target('/hangs'), aPost, ended.signal))
  await receiver.until((received) => received.length === 64)
  expect(await transport.post(target('/works'), aPost, never)).toEqual({ status: 200 })
  ended.abort()
  expect(new Set((await Promise.all(hanging)).map(({ status }) => status))).toEqual(new Set([null]))
})

it('sends user and password of the URL as basic auth', async () => {
  await transport.post({ ...target(), url: url.replace('http://', 'http://bob:p%40ss@') }, aPost, never)
  expect(receiver.received[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from('bob:p@ss').toString('base64')}`,
  )
})

it('sends the headers that the endpoint asked for, which replace none of the gateway’s', async () => {
  const headers = { authorization: 'Bearer x', 'x-tenant': 'a', 'x-gatewa-event-id': 'forged' }
  await transport.post({ ...target(), headers }, aPost, never)
  expect(receiver.received[0]?.headers).toMatchObject({
    authorization: 'Bearer x',
    'x-tenant': 'a',
    'x-gatewa-event-id': '01JD',
  })
})

it('posts to a caller’s target at a loopback address, and makes no connection to a forbidden one', async () => {
  const untrusted = { ...target(), isTrusted: false }
  expect(await transport.post(untrusted, aPost, never)).toEqual({ status: 200 })
  for (const host of ['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]']) {
    const answer = await transport.post(
      { ...untrusted, url: `http://${host}/latest/meta-data` },
      aPost,
      never,
    )
    expect(answer).toMatchObject({ status: null, error: expect.stringContaining('never sent to') as string })
  }
})

it('posts over TLS to a certificate that nobody vouches for only where that is asked for', async () => {
  const { key, cert } = await makeCertificate()
  let received = 0
  const server = createServer({ key, cert }, (_request, response) => {
    received += 1
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  const secure = { ...target(), url: `https://127.0.0.1:${port}/hook` }
  try {
    expect(await transport.post(secure, aPost, never)).toMatchObject({
      status: null,
      error: expect.stringMatching(/certificate/i) as string,
    })
    expect(received).toBe(0)
    expect(await transport.post({ ...secure, skipTlsVerify: true }, aPost, never)).toEqual({ status: 200 })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

it('tells when the receiver wants to be asked again', async () => {
  receiver.respond = (_webhook, response) => response.writeHead(429, { 'retry-after': '7' }).end()
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 429, retryAfter: '7' })
})

it('tells the status of a refusal', async () => {
  receiver.respond = (_webhook, response) => response.writeHead(503).end('busy')
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 503 })
})

it('follows a redirect that keeps the method within the origin', async () => {
  receiver.respond = ({ path }, response) =>
    path === '/hook' ? response.writeHead(307, { location: '/moved' }).end() : response.end()
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 200 })
  expect(receiver.received.map(({ path, text }) => [path, text])).toEqual([
    ['/hook', aPost.body],
    ['/moved', aPost.body],
  ])
})

it('does not carry the body to another origin, nor round in circles', async () => {
  const other = new WebhookReceiver()
  const elsewhere = await other.listen()
  receiver.respond = (_webhook, response) => response.writeHead(308, { location: `${elsewhere}/x` }).end()
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 308 })
  expect(other.received).toHaveLength(0)
  await other.close()

  receiver.respond = (_webhook, response) => response.writeHead(307, { location: '/hook' }).end()
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 307 })
  expect(receiver.received).toHaveLength(1 + 4)
})

it('gives up when there is no answer in time', async () => {
  const impatient = new WebhookTransport({ timeoutMs: 50 })
  receiver.respond = () => undefined
  const answer = await impatient.post(target(), aPost, never)
  expect(answer).toEqual({ status: null, error: 'no answer within 50 ms' })
  await impatient.close()
})

it('ends at once when the gateway stops', async () => {
  const stop = new AbortController()
  receiver.respond = () => stop.abort()
  expect(await transport.post(target(), aPost, stop.signal)).toEqual({
    status: null,
    error: 'the gateway is stopping',
  })
  expect(await transport.post(target(), aPost, stop.signal)).toMatchObject({ status: null })
})

it('counts a 2xx whose body never ends or is endless as received', async () => {
  const impatient = new WebhookTransport({ timeoutMs: 1500 })
  receiver.respond = (_webhook, response) => {
    response.writeHead(200)
    response.write('forever')
  }
  expect(await impatient.post(target(), aPost, never)).toEqual({ status: 200 })
  receiver.respond = (_webhook, response) => response.end('x'.repeat(5_000_000))
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 200 })
  receiver.respond = (_webhook, response) => response.end()
  expect(await transport.post(target(), aPost, never)).toEqual({ status: 200 })
  await impatient.close()
})

it('says why a receiver cannot be reached', async () => {
  await receiver.close()
  const answer = await transport.post(target(), aPost, never)
  expect(answer).toMatchObject({ status: null, error: expect.stringContaining('ECONNREFUSED') as string })
})
