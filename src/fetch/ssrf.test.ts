import type { LookupAddress } from 'node:dns'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AddressGuard } from './address-guard.ts'
import type { ResolveAll } from './guarded-connector.ts'
import { GuardedFetcher } from './guarded-fetcher.ts'
import { corpus } from './test-ssrf-corpus.ts'
import { TestWebServer } from './test-web-server.ts'

const inside = new TestWebServer()
const insideV6 = new TestWebServer()
const names = new Map<string, readonly string[]>()

const resolveAll: ResolveAll = (name, done) => {
  const found = names.get(name)
  if (found === undefined) return done(Object.assign(new Error(name), { code: 'ENOTFOUND' }), [])
  return done(
    null,
    found.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
  )
}

const options = { limitBytes: 1_000, timeoutMs: 5_000 }
let hasIpv6 = true

beforeAll(async () => {
  await inside.listen('127.0.0.1')
  await insideV6.listen('::1', inside.port).catch(() => {
    hasIpv6 = false
  })
  const other = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.internal === false)
  names.set('localhost', ['127.0.0.1', '::1'])
  names.set('localhost.', ['127.0.0.1'])
  names.set('loopback.example', ['127.0.0.1'])
  names.set('loopback6.example', ['::1'])
  names.set('127.0.0.1.nip.example', ['127.0.0.1'])
  names.set('mapped.example', ['::ffff:127.0.0.1'])
  names.set('private.example', ['10.1.2.3'])
  names.set('metadata.google.internal', ['169.254.169.254'])
  names.set('half.example', ['93.184.215.14', '127.0.0.1'])
  names.set('own.example', [other?.address ?? '192.168.0.2'])
  names.set('zero.example', ['0.0.0.0'])
  names.set('nat64.example', ['64:ff9b::7f00:1'])
})
afterAll(async () => {
  await inside.close()
  if (hasIpv6) await insideV6.close()
})

describe('a URL from outside', () => {
  const fetcher = new GuardedFetcher({ guard: new AddressGuard([]), userAgent: 'test', resolveAll })
  afterAll(() => fetcher.close())

  it.each(corpus.map((url) => [url]))('%s is not fetched', async (url) => {
    const before = inside.connections + insideV6.connections
    const error: unknown = await fetcher
      .get(url.replace(':port', `:${inside.port}`), options)
      .catch((e: unknown) => e)
    // Names that nobody has (public.example) are unusable; what matters is that nobody inside was dialled.
    expect(error).toMatchObject({
      code: expect.stringMatching(
        url.includes('public.example') ? /^url_(refused|unusable)$/ : /^url_refused$/,
      ) as string,
    })
    expect(inside.connections + insideV6.connections).toBe(before)
  })

  it('is not fetched from inside through a redirect', async () => {
    const outside = new TestWebServer()
    const origin = await outside.listen('127.0.0.3')
    const toTheOutside = new GuardedFetcher({ guard: new AddressGuard(['127.0.0.3']), userAgent: 'test' })
    const targets = [
      `http://127.0.0.1:${inside.port}/`,
      `//127.0.0.1:${inside.port}/`,
      `http://2130706433:${inside.port}/`,
      `http://localhost:${inside.port}/`,
      'http://169.254.169.254/',
      'file:///etc/passwd',
      `http://user:password@127.0.0.3:${outside.port}/`,
    ]
    for (const location of targets) {
      for (const status of [301, 302, 303, 307, 308]) {
        outside.respond = (_request, response) => response.writeHead(status, { location }).end()
        const before = inside.connections
        const going = toTheOutside.get(`${origin}/`, options)
        await expect(going, `${status} ${location}`).rejects.toMatchObject({ code: 'url_refused' })
        expect(inside.connections).toBe(before)
      }
    }
    await toTheOutside.close()
    await outside.close()
  })

  it('whose name points elsewhere at every question is judged by the address that is dialled', async () => {
    let asked = 0
    const rebinding: ResolveAll = (_name, done) => {
      asked += 1
      done(null, [{ address: asked % 2 === 1 ? '192.0.2.7' : '127.0.0.1', family: 4 }])
    }
    const testNet = new AddressGuard(['192.0.2.0/24'])
    const rebound = new GuardedFetcher({ guard: testNet, userAgent: 'test', resolveAll: rebinding })
    const before = inside.connections
    // The first question is answered with an address that may be dialled and that nobody has, the second with ours.
    await expect(
      rebound.get(`http://rebind.example:${inside.port}/`, { ...options, timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: 'url_unreachable' })
    await expect(rebound.get(`http://rebind.example:${inside.port}/`, options)).rejects.toMatchObject({
      code: 'url_refused',
    })
    expect(asked).toBe(2)
    expect(inside.connections).toBe(before)
    await rebound.close()
  })
})

describe('hosts that the operator allows', () => {
  it.each([
    ['an address', '127.0.0.1'],
    ['a range', '127.0.0.0/8'],
    ['a name', 'loopback.example'],
    ['a name in capitals, with a dot', 'LOOPBACK.example.'],
  ])('may be inside: %s', async (_title, allowed) => {
    const fetcher = new GuardedFetcher({ guard: new AddressGuard([allowed]), userAgent: 'test', resolveAll })
    const file = await fetcher.get(`http://loopback.example:${inside.port}/`, options)
    expect(await text(file.body)).toBe('inside')
    await fetcher.close()
  })

  it('open no others', async () => {
    const guard = new AddressGuard(['intern.example', '10.0.0.0/8'])
    const fetcher = new GuardedFetcher({ guard, userAgent: 'test', resolveAll })
    for (const host of [
      'loopback.example',
      '127.0.0.1',
      'x.intern.example.evil.example',
      '[::ffff:127.0.0.1]',
    ]) {
      const going = fetcher.get(`http://${host}:${inside.port}/`, options)
      await expect(going, host).rejects.toMatchObject({ code: expect.stringMatching(/^url_/) as string })
    }
    await fetcher.close()
  })
})

describe('an address', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.0.1',
    '100.63.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
    '::ffff:8.8.8.8',
  ])('that is public may be dialled: %s', (address) => {
    expect(new AddressGuard([]).allowsAddress(address)).toBe(true)
  })

  it.each(['', 'example.com', '999.1.1.1', '1.2.3', '::g'])('that is none may not: "%s"', (text) => {
    expect(new AddressGuard([]).allowsAddress(text)).toBe(text === '1.2.3')
  })
})
