import type { LookupAddress } from 'node:dns'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AddressGuard } from './address-guard.ts'
import type { ResolveAll } from './guarded-connector.ts'
import { GuardedFetcher } from './guarded-fetcher.ts'
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

/** `:port` stands for the port of a server that listens on 127.0.0.1 and ::1, and would answer. */
const corpus = [
  // Loopback, written in every way
  'http://127.0.0.1:port/',
  'http://127.0.0.2:port/',
  'http://127.255.255.254:port/',
  'http://127.1:port/',
  'http://127.0.1:port/',
  'http://2130706433:port/',
  'http://0x7f000001:port/',
  'http://0x7f.0.0.1:port/',
  'http://0x7f.1:port/',
  'http://017700000001:port/',
  'http://0177.0.0.1:port/',
  'http://0177.0x0.0.01:port/',
  'http://127.0.0.1.:port/',
  'http://%31%32%37.0.0.1:port/',
  'http://１２７.０.０.１:port/',
  'http://①②⑦.⓪.⓪.①:port/',
  'http://127。0。0。1:port/',
  'http://0:port/',
  'http://0.0.0.0:port/',
  'http://0.1.2.3:port/',
  'http://[::1]:port/',
  'http://[0:0:0:0:0:0:0:1]:port/',
  'http://[0000::0001]:port/',
  'http://[::]:port/',
  'http://[::127.0.0.1]:port/',
  'http://[::ffff:127.0.0.1]:port/',
  'http://[::ffff:7f00:1]:port/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]:port/',
  'http://[::ffff:0:127.0.0.1]:port/',
  'http://[64:ff9b::127.0.0.1]:port/',
  'http://[64:ff9b::7f00:1]:port/',
  'http://[64:ff9b:1::7f00:1]:port/',
  'http://[2002:7f00:1::]:port/',
  'http://[2001:0:7f00:1::]:port/',
  // Names that lead there
  'http://localhost:port/',
  'http://LOCALHOST:port/',
  'http://localhost.:port/',
  'http://loopback.example:port/',
  'http://loopback6.example:port/',
  'http://127.0.0.1.nip.example:port/',
  'http://mapped.example:port/',
  'http://private.example:port/',
  'http://half.example:port/',
  'http://own.example:port/',
  'http://zero.example:port/',
  'http://nat64.example:port/',
  'http://metadata.google.internal/computeMetadata/v1/',
  // Private, link-local, metadata, carrier and other special networks
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/latest/meta-data/',
  'http://0xa9fea9fe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://100.100.100.200/latest/meta-data/',
  'http://100.64.0.1/',
  'http://168.63.129.16/metadata/',
  'http://192.0.0.192/opc/v2/instance/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://192.88.99.1/',
  'http://224.0.0.1/',
  'http://239.255.255.250/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fc00::1]/',
  'http://[fdff::1]/',
  'http://[ff02::1]/',
  'http://[100::1]/',
  'http://[2001:db8::1]/',
  'http://[5f00::1]/',
  // Other schemes, credentials, and what is no URL
  'ftp://127.0.0.1:port/',
  'file:///etc/passwd',
  'file://127.0.0.1/etc/passwd',
  'gopher://127.0.0.1:port/_x',
  'data:text/plain,inside',
  'javascript:alert(1)',
  'unix:/var/run/docker.sock',
  'http://user:password@public.example/',
  'http://public.example@127.0.0.1:port/',
  'http://public.example#@127.0.0.1:port/',
  'http://public.example\\@127.0.0.1:port/',
  '//127.0.0.1:port/',
  'http:127.0.0.1:port/',
  'http:///127.0.0.1:port/',
  'http://',
  'public.example/picture.jpg',
  '',
]

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
