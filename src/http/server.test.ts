import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Logger } from '../core/logger.ts'
import { silentLogger } from '../core/logger.ts'
import type { HttpRoutes } from './http-app.ts'
import { aServer, basic, someDevices } from './test-server.ts'

const oneDevice = { devices: someDevices({ main: '' }) }
const credentials = [
  { user: 'admin', password: 'päss:word' },
  { user: 'bot', password: 'b' },
]

describe('credentials', () => {
  it('are asked for as the reference asks', async () => {
    const app = await aServer({ config: { basicAuth: credentials } })
    const answer = await app.inject('/echo/x')
    expect(answer.statusCode).toBe(401)
    expect(answer.body).toBe('Unauthorized')
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(answer.headers['www-authenticate']).toBe('basic realm=Restricted')
  })

  it.each(['admin', 'bot'])('of %s open the gateway', async (user) => {
    const app = await aServer({ config: { basicAuth: credentials } })
    const password = credentials.find((known) => known.user === user)?.password ?? ''
    const answer = await app.inject({ url: '/echo/x', headers: basic(user, password) })
    expect(answer.json()).toMatchObject({ results: { credential: user } })
  })

  it('do not depend on the case of the scheme', async () => {
    const app = await aServer({ config: { basicAuth: credentials } })
    const authorization = basic('bot', 'b').authorization.replace('Basic', 'BASIC')
    expect((await app.inject({ url: '/echo/x', headers: { authorization } })).statusCode).toBe(200)
  })

  it.each([
    ['a wrong password', basic('bot', 'B')],
    ["another user's password", basic('bot', 'päss:word')],
    ['a prefix', basic('bot', '')],
    ['another scheme', { authorization: 'Bearer Ym90OmI=' }],
    ['nothing after the scheme', { authorization: 'Basic' }],
  ])('are refused with %s', async (_title, headers) => {
    const app = await aServer({ config: { basicAuth: credentials } })
    expect((await app.inject({ url: '/echo/x', headers })).statusCode).toBe(401)
  })

  it('in the query count for WebSocket upgrades of routes that say so, and nowhere else', async () => {
    const token = Buffer.from('bot:b').toString('base64')
    const app = await aServer({
      config: { basicAuth: credentials },
      routes: [
        (scoped) => {
          scoped.get('/ws', { config: { credentials: 'header-or-query' } }, async () => 'in')
          scoped.get('/plain', async () => 'in')
        },
      ],
    })
    const upgrade = { upgrade: 'websocket' }
    const status = async (url: string, headers = {}) => (await app.inject({ url, headers })).statusCode
    expect(await status(`/ws?authorization=${encodeURIComponent(token)}`, upgrade)).toBe(200)
    expect(await status('/ws?authorization=wrong', upgrade)).toBe(401)
    expect(await status(`/ws?authorization=${token}`)).toBe(401)
    expect(await status(`/plain?authorization=${token}`, upgrade)).toBe(401)
  })

  it('are asked for on unknown paths, the docs and the OpenAPI document too', async () => {
    const app = await aServer({ config: { basicAuth: credentials } })
    for (const url of ['/nothing', '/docs', '/openapi.json', '/app/info']) {
      expect((await app.inject(url)).statusCode, url).toBe(401)
    }
  })
})

describe('CORS', () => {
  const preflight = {
    method: 'OPTIONS',
    url: '/scoped',
    headers: { origin: 'https://dash.example', 'access-control-request-method': 'POST' },
  } as const

  it('answers preflights before credentials are asked for', async () => {
    const app = await aServer({ config: { basicAuth: credentials } })
    const answer = await app.inject(preflight)
    expect(answer.statusCode).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,POST,HEAD,PUT,DELETE,PATCH',
    })
    expect(answer.headers['access-control-allow-headers']).toContain('Authorization,X-Device-Id')
  })

  it('lets pages send every header that a request may carry', async () => {
    const app = await aServer({ config: { basicAuth: credentials } })
    const allowed = String((await app.inject(preflight)).headers['access-control-allow-headers']).split(',')
    // What the reference allows comes first, and its clients ask for nothing else.
    expect(allowed.slice(0, 5)).toEqual(['Origin', 'Content-Type', 'Accept', 'Authorization', 'X-Device-Id'])
    expect(allowed).toEqual(
      expect.arrayContaining([
        ...['X-Api-Key', 'Idempotency-Key', 'X-Dry-Run', 'X-Request-Id', 'Traceparent'],
        ...['Last-Event-ID', 'Mcp-Protocol-Version'],
        ...['If-None-Match', 'If-Range', 'Range'],
      ]),
    )
  })

  it('names only allowed origins when there is a list', async () => {
    const config = { basicAuth: credentials, corsAllowedOrigins: ['https://dash.example'] }
    const app = await aServer({ config })
    expect((await app.inject(preflight)).headers['access-control-allow-origin']).toBe('https://dash.example')
    const other = { ...preflight, headers: { ...preflight.headers, origin: 'https://other.example' } }
    const answer = await app.inject(other)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(answer.headers.vary).toBe('Origin')
  })

  it('lets pages read refusals', async () => {
    const app = await aServer({ config: { basicAuth: credentials } })
    const answer = await app.inject({ url: '/echo/x', headers: { origin: 'https://dash.example' } })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })

  it('says nothing to requests without origin', async () => {
    const app = await aServer(oneDevice)
    expect((await app.inject('/scoped')).headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('routing', () => {
  it('tolerates a trailing slash, keeps case, decodes the path', async () => {
    const app = await aServer()
    expect((await app.inject('/echo/a%40b%20c/')).json()).toMatchObject({
      results: { params: { word: 'a@b c' } },
    })
    expect((await app.inject('/Echo/x')).statusCode).toBe(404)
  })

  it('answers HEAD where there is GET', async () => {
    const app = await aServer()
    const answer = await app.inject({ method: 'HEAD', url: '/echo/x' })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe('')
  })

  it('answers unknown paths with 404 and other methods with 405 and Allow', async () => {
    const app = await aServer()
    const unknown = await app.inject('/nothing?secret=1')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.json()).toEqual({ code: 'NOT_FOUND', message: 'Cannot GET /nothing' })
    const other = await app.inject({ method: 'DELETE', url: '/scoped/' })
    expect(other.statusCode).toBe(405)
    expect(other.headers.allow).toBe('GET, HEAD, POST')
    expect(other.json()).toEqual({ code: 'METHOD_NOT_ALLOWED', message: 'Method Not Allowed' })
  })

  it('answers a malformed URL with 400', async () => {
    const app = await aServer()
    for (const url of ['/echo/%E0%A4%A', `/echo/${'a'.repeat(600)}`]) {
      const answer = await app.inject(url)
      expect(answer.statusCode).toBe(400)
      expect(answer.json()).toEqual({ code: 'BAD_REQUEST', message: 'the URL cannot be read' })
    }
  })

  it('names JSON as the reference does, in answers and errors', async () => {
    const app = await aServer()
    for (const url of ['/echo/x', '/nothing', '/openapi.json']) {
      expect((await app.inject(url)).headers['content-type'], url).toBe('application/json')
    }
  })

  it.each([
    ['no HTTP', '\u0016\u0003\u0001\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'Bad Request'],
    [
      'two lengths',
      'POST /bare HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /echo/x HTTP/1.1\r\nhost: localhost\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
      'Bad Request',
    ],
    [
      'headers without end',
      `GET /echo/x HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      'Request Header Fields Too Large',
    ],
  ])('answers %s in plain text and hangs up', async (_title, bytes, statusLine, text) => {
    const app = await aServer()
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo // a TCP server has one
    const socket = connect(port, '127.0.0.1')
    socket.end(bytes)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    await app.close()
    expect(answer.startsWith(`${statusLine}\r\n`), answer).toBe(true)
    expect(answer.endsWith(`\r\n\r\n${text}`), answer).toBe(true)
  })

  it('puts every route under the base path, except the health checks', async () => {
    const app = await aServer({ config: { basePath: '/gate' } })
    expect((await app.inject('/gate/echo/x')).statusCode).toBe(200)
    expect((await app.inject('/echo/x')).statusCode).toBe(404)
    expect((await app.inject('/health')).body).toBe('OK')
    expect((await app.inject('/gate/health')).statusCode).toBe(404)
    expect((await app.inject('/gate/app/info')).json()).toMatchObject({ results: { base_path: '/gate' } })
    expect((await app.inject('/gate')).headers.location).toBe('./gate/')
  })

  it('carries the request id, or makes one', async () => {
    const app = await aServer()
    const given = await app.inject({ url: '/echo/x', headers: { 'x-request-id': 'abc-1' } })
    expect(given.headers['x-request-id']).toBe('abc-1')
    const bad = await app.inject({ url: '/echo/x', headers: { 'x-request-id': 'a b\tc' } })
    expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('defects', () => {
  it('are answered neutrally and logged with their cause', async () => {
    const logged: object[] = []
    const logger: Logger = { ...silentLogger, error: (fields) => logged.push(fields) }
    const app = await aServer({ logger })
    const answer = await app.inject('/broken')
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ code: 'INTERNAL_SERVER_ERROR', message: 'internal error' })
    expect(logged).toMatchObject([{ route: '/broken', err: new Error('the password is hunter2') }])
  })
})

describe('health', () => {
  it('fails when a check fails, and says which', async () => {
    const broken = { database: async () => undefined, engine: () => Promise.reject(new Error('down')) }
    const app = await aServer({ checks: broken, config: { basicAuth: credentials } })
    const health = await app.inject('/health')
    expect([health.statusCode, health.body]).toEqual([503, 'Service Unavailable'])
    expect((await app.inject('/livez')).statusCode).toBe(200)
    const ready = await app.inject('/readyz')
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toEqual({ status: 'not ready', checks: { database: 'ok', engine: 'failed' } })
  })

  it('is fine when every check passes', async () => {
    const app = await aServer({ checks: { database: async () => undefined } })
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready', checks: { database: 'ok' } })
    const health = await app.inject('/health')
    expect([health.statusCode, health.body, health.headers['content-type']]).toEqual([
      200,
      'OK',
      'text/plain; charset=utf-8',
    ])
  })
})

describe('QR pictures', () => {
  const name = 'scan-qr-b0b7bb43-9a22-455a-814f-5a225c743310.png'
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewa-qr-'))
    await mkdir(join(folder, 'qrcode'))
    await writeFile(join(folder, 'qrcode', name), 'picture')
    await writeFile(join(folder, 'qrcode', 'secret.txt'), 'secret')
    await writeFile(join(folder, name), 'outside')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are served without credentials, to pages of other origins too', async () => {
    const app = await aServer({ qrCodeDir: join(folder, 'qrcode'), config: { basicAuth: credentials } })
    const answer = await app.inject(`/statics/qrcode/${name}`)
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([
      200,
      'picture',
      'image/png',
    ])
    expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin')
  })

  it.each([
    'secret.txt',
    `..%2F${name}`,
    `%2e%2e%2f${name}`,
    `..\\${name}`,
    `${name}%00.png`,
    'scan-qr-00000000-0000-0000-0000-000000000000.png',
  ])('do not open the way to %s', async (file) => {
    const app = await aServer({ qrCodeDir: join(folder, 'qrcode') })
    expect((await app.inject(`/statics/qrcode/${file}`)).statusCode).toBe(404)
  })
})

describe('the documents', () => {
  it('name every declared operation, with its device header and security', async () => {
    const app = await aServer({ config: { basePath: '/gate' } })
    const document = (await app.inject('/gate/openapi.json')).json<{
      openapi: string
      servers: unknown
      paths: Record<string, Record<string, { parameters?: { name: string }[]; security?: unknown }>>
    }>()
    expect(document.openapi).toBe('3.0.3')
    expect(document.servers).toEqual([{ url: '/gate' }])
    expect(document.paths['/scoped']?.['get']?.parameters?.map((parameter) => parameter.name)).toEqual([
      'X-Device-Id',
    ])
    expect(document.paths['/echo/{word}']).toBeDefined()
    expect(document.paths['/health']).toMatchObject({ servers: [{ url: '/' }], get: { security: [] } })
  })

  it('ask for a body only where one has to be there', async () => {
    const schemas = {
      '/must': z.object({ name: z.string() }),
      '/may': z.object({ name: z.string() }).nullish(),
    }
    const routes = Object.entries(schemas).map(
      ([url, body]): HttpRoutes =>
        (under) => {
          under.post(url, { schema: { body, operationId: url } }, async () => 'done')
        },
    )
    const app = await aServer({ routes })
    const { paths } = (await app.inject('/openapi.json')).json<{
      paths: Record<string, { post: { requestBody: { required: boolean } } }>
    }>()
    expect(paths['/must']?.post.requestBody.required).toBe(true)
    expect(paths['/may']?.post.requestBody.required).toBe(false)
    expect((await app.inject({ method: 'POST', url: '/may' })).body).toBe('done')
    expect((await app.inject({ method: 'POST', url: '/must' })).statusCode).toBe(400)
  })

  it('show the API in a page that loads nothing from elsewhere', async () => {
    const app = await aServer()
    const page = await app.inject('/docs')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.body).not.toContain('https://')
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(links.length).toBe(4)
    for (const link of links) expect((await app.inject(`/${link}`)).statusCode, link).toBe(200)
    expect((await app.inject('/docs/..%2fpackage.json')).statusCode).toBe(404)
  })
})

describe('closing', () => {
  it('lets requests under way end and takes no new ones', async () => {
    const gate = Promise.withResolvers<string>()
    const arrived = Promise.withResolvers<undefined>()
    const app = await aServer({
      routes: [
        (under) => {
          under.get('/slow', async () => {
            arrived.resolve(undefined)
            return gate.promise
          })
        },
      ],
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const slow = fetch(`${address}/slow`)
    await arrived.promise
    const closing = app.close()
    await vi.waitFor(async () => {
      const late = await fetch(`${address}/livez`).then(
        (response) => response.status,
        () => 'refused',
      )
      expect(late === 'refused' || late === 503, `a late request was answered with ${late}`).toBe(true)
    })
    gate.resolve('done')
    expect(await (await slow).text()).toBe('done')
    await closing
  })
})
