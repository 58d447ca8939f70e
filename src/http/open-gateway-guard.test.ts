import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { refusalOf } from './open-gateway-guard.ts'
import { aServer, basic } from './test-server.ts'

const strict = { allowAnyHost: false, namedOrigins: ['*'] }

describe('the guard of a gateway without credentials', () => {
  it.each([
    ['curl on the machine', { host: 'localhost:3000' }, null],
    ['another loopback name', { host: '127.8.9.1:3000' }, null],
    ['IPv6 loopback', { host: '[::1]:3000' }, null],
    [
      'its own page',
      { host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' },
      null,
    ],
    ['an address typed by the user', { host: '127.0.0.1:3000', 'sec-fetch-site': 'none' }, null],
    ['a rebound name', { host: 'evil.example:3000' }, 'foreign-host'],
    ['a name that only begins like loopback', { host: '127.0.0.1.evil.example' }, 'foreign-host'],
    ['a host with user part', { host: 'localhost@evil.example' }, 'foreign-host'],
    ['an address of the local network', { host: '192.168.1.5:3000' }, 'foreign-host'],
    ['no host at all', {}, 'foreign-host'],
    ['a page of the web', { host: 'localhost:3000', origin: 'https://evil.example' }, 'foreign-origin'],
    ['an opaque origin', { host: 'localhost:3000', origin: 'null' }, 'foreign-origin'],
    [
      'a page on another local port',
      { host: 'localhost:3000', origin: 'http://localhost:8080' },
      'foreign-origin',
    ],
    ['a picture on a web page', { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }, 'cross-site'],
    [
      'a picture on another local page',
      { host: 'localhost:3000', 'sec-fetch-site': 'same-site' },
      'cross-site',
    ],
    [
      'a relation no browser has today',
      { host: 'localhost:3000', 'sec-fetch-site': 'CROSS-SITE' },
      'cross-site',
    ],
    ['loopback by its full name', { host: 'localhost.:3000' }, null],
    ['a name that only ends like it', { host: 'evillocalhost' }, 'foreign-host'],
  ])('judges %s', (_title, headers: IncomingHttpHeaders, refusal) => {
    expect(refusalOf(headers, [headers.host], strict)).toBe(refusal)
  })

  it('lets the origins pass that the operator named', () => {
    const named = { allowAnyHost: false, namedOrigins: ['https://dash.example/'] }
    const from = (origin: string) => ({ host: 'localhost:3000', origin, 'sec-fetch-site': 'cross-site' })
    expect(refusalOf(from('https://dash.example'), ['localhost:3000'], named)).toBeNull()
    expect(refusalOf(from('https://other.example'), ['localhost:3000'], named)).toBe('foreign-origin')
  })

  it('answers under any host once the operator opened it, but still not to foreign pages', () => {
    const open = { allowAnyHost: true, namedOrigins: ['*'] }
    expect(refusalOf({ host: 'gatewa:3000' }, ['gatewa:3000'], open)).toBeNull()
    const page = { host: 'gatewa:3000', origin: 'https://evil.example' }
    expect(refusalOf(page, [page.host], open)).toBe('foreign-origin')
  })

  it('refuses with 403 and tells what to set, before anything else is looked at', async () => {
    const app = await aServer()
    const answer = await app.inject({ url: '/scoped', headers: { host: 'evil.example' } })
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'ORIGIN_REFUSED', results: { reason: 'foreign-host' } })
    expect(answer.json<{ message: string }>().message).toContain('APP_BASIC_AUTH')
  })

  it('refuses preflights of foreign pages', async () => {
    const app = await aServer()
    const answer = await app.inject({
      method: 'OPTIONS',
      url: '/scoped',
      headers: { host: 'localhost', origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(answer.statusCode).toBe(403)
  })

  it('lets health checks pass under any name', async () => {
    const app = await aServer()
    const answer = await app.inject({ url: '/health', headers: { host: '10.1.2.3' } })
    expect(answer.statusCode).toBe(200)
  })

  it.each([
    ['a dashboard was named', ['https://dash.example'], 'localhost:3000', 404],
    ['a dashboard was named, but not under a foreign name', ['https://dash.example'], 'evil.example', 403],
    ['none was named', ['*'], 'localhost:3000', 403],
  ])('shows QR pictures on other pages when %s', async (_title, corsAllowedOrigins, host, status) => {
    const app = await aServer({ config: { corsAllowedOrigins } })
    const headers = { host, 'sec-fetch-site': 'cross-site' }
    expect((await app.inject({ url: '/statics/qrcode/unknown.png', headers })).statusCode).toBe(status)
    expect((await app.inject({ url: '/app/info', headers })).statusCode).toBe(403)
  })

  it('does not stand in the way once there are credentials', async () => {
    const app = await aServer({ config: { basicAuth: [{ user: 'u', password: 'p' }] } })
    const headers = { ...basic('u', 'p'), host: 'gateway.example', origin: 'https://dash.example' }
    const answer = await app.inject({ url: '/echo/x', headers })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })
})

describe('a named list of origins', () => {
  const config = {
    basicAuth: [{ user: 'u', password: 'p' }],
    corsAllowedOrigins: ['https://dash.example'],
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it.each([
    ['a program', {}, 200],
    ['a page of the list', { origin: 'https://dash.example', 'sec-fetch-site': 'cross-site' }, 200],
    ['its own page', { origin: 'https://gateway.example', 'sec-fetch-site': 'same-origin' }, 200],
    ['its own page without the browser’s word', { origin: 'http://inside:3000' }, 200],
    ['a form on another page', { origin: 'https://evil.example' }, 403],
    ['a picture on another page', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('lets or does not let %s use remembered credentials', async (_title, headers, status) => {
    const app = await aServer({ config })
    const answer = await app.inject({
      method: 'POST',
      url: '/bare',
      headers: { host: 'inside:3000', ...basic('u', 'p'), ...form, ...headers },
    })
    expect(answer.statusCode).toBe(status)
  })

  it('still lets other pages show QR pictures, whose names are secret', async () => {
    const app = await aServer({ config })
    const headers = { 'sec-fetch-site': 'cross-site' }
    const answer = await app.inject({ url: '/statics/qrcode/unknown.png', headers })
    expect(answer.json()).toMatchObject({ message: 'no such picture' })
  })
})
