import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AddressGuard } from './address-guard.ts'
import { GuardedFetcher } from './guarded-fetcher.ts'
import { TestWebServer } from './test-web-server.ts'

describe('fetching a URL', () => {
  const server = new TestWebServer()
  const fetcher = new GuardedFetcher({ guard: new AddressGuard(['127.0.0.1']), userAgent: 'Gatewa/test' })
  let origin: string
  beforeAll(async () => {
    origin = await server.listen()
  })
  afterAll(async () => {
    await fetcher.close()
    await server.close()
  })
  const options = { limitBytes: 100_000, timeoutMs: 5_000 }
  const get = (path = '/', more = {}) => fetcher.get(origin + path, { ...options, ...more })

  it('gives the bytes, the type and the name', async () => {
    const bytes = randomBytes(50_000)
    server.respond = (request, response) => {
      expect(request.headers).toMatchObject({ 'user-agent': 'Gatewa/test', accept: 'image/*' })
      response.setHeader('content-type', 'Image/PNG').end(bytes)
    }
    const file = await get('/a/b%20c%C3%BC.png?x=1#y', { accept: 'image/*' })
    expect(file).toMatchObject({
      contentType: 'image/png',
      fileName: 'b cü.png',
      url: `${origin}/a/b%20c%C3%BC.png?x=1`,
    })
    expect((await buffer(file.body)).equals(bytes)).toBe(true)
  })

  it('is refused when nobody knows the host', async () => {
    await expect(fetcher.get('http://nobody.invalid/', options)).rejects.toThrow(
      'the host of the URL does not exist',
    )
  })

  it.each([
    [`attachment; filename="a \\"b\\".pdf"`, 'a "b".pdf'],
    [`attachment; filename=plain.pdf`, 'plain.pdf'],
    [`attachment; filename="x"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf`, '报告.pdf'],
    [`attachment; filename="../../etc/passwd"`, 'passwd'],
    ['inline', 'url.bin'],
  ])('takes the name from %s', async (disposition, name) => {
    server.respond = (_request, response) => response.setHeader('content-disposition', disposition).end('x')
    const file = await get('/url.bin')
    expect(file.fileName).toBe(name)
    await buffer(file.body)
  })

  it('follows redirects, to other hosts too', async () => {
    server.respond = (request, response) => {
      if (request.url === '/end') response.end('there')
      else response.writeHead(302, { location: request.url === '/a' ? '/b' : `${origin}/end` }).end('gone')
    }
    const file = await get('/a')
    expect(file.url).toBe(`${origin}/end`)
    expect((await buffer(file.body)).toString()).toBe('there')
  })

  it('follows ten of them, as the reference does, and not one more', async () => {
    server.respond = (request, response) => {
      const left = Number((request.url ?? '').slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    }
    const file = await get('/10')
    expect((await buffer(file.body)).toString()).toBe('there')
    await expect(get('/11')).rejects.toMatchObject({ code: 'url_unusable' })
  })

  it('does not follow them without end', async () => {
    server.respond = (_request, response) => response.writeHead(302, { location: '/again' }).end()
    await expect(get()).rejects.toMatchObject({
      code: 'url_unusable',
      message: expect.stringContaining('more than 10 times') as string,
    })
  })

  it.each([204, 206, 304, 401, 404, 500])('refuses status %i', async (status) => {
    server.respond = (_request, response) => response.writeHead(status).end()
    await expect(get()).rejects.toMatchObject({ code: 'url_unusable', details: { status } })
  })

  it('refuses what says that it is too large before it comes', async () => {
    server.respond = (_request, response) =>
      response.setHeader('content-length', 100_001).end(randomBytes(100_001))
    await expect(get()).rejects.toMatchObject({ code: 'media_too_large' })
  })

  it('ends what goes on without end', async () => {
    server.respond = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000)));
      }
      response.on('drain', more)
      more()
    }
    await expect(buffer((await get()).body)).rejects.toMatchObject({ code: 'media_too_large' })
  })

  it('unpacks, and counts what was packed by its real size', async () => {
    server.respond = (_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(99_000)))
    expect(await buffer((await get()).body)).toHaveLength(99_000)
    server.respond = (_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000)))
    await expect(buffer((await get()).body)).rejects.toMatchObject({ code: 'media_too_large' })
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    // What object stores keep of how a file came to them.
    ['aws-chunked', (bytes: Buffer) => bytes],
    ['aws-chunked,gzip', gzipSync],
    ['none', (bytes: Buffer) => bytes],
    ['gzip, br', (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
  ])('unpacks %s', async (encoding, pack) => {
    const bytes = Buffer.from('words and words and words')
    server.respond = (_request, response) => response.setHeader('content-encoding', encoding).end(pack(bytes))
    expect((await buffer((await get()).body)).toString()).toBe(bytes.toString())
  })

  it('refuses what cannot be unpacked', async () => {
    server.respond = (_request, response) => response.setHeader('content-encoding', 'gzip').end('no gzip')
    await expect(buffer((await get()).body)).rejects.toMatchObject({ code: 'url_unusable' })
    server.respond = (_request, response) => response.setHeader('content-encoding', 'zpaq').end('x')
    await expect(get()).rejects.toMatchObject({ code: 'url_unusable' })
    const often = Array(1_000).fill('gzip').join(',')
    server.respond = (_request, response) => response.setHeader('content-encoding', often).end('x')
    await expect(get()).rejects.toMatchObject({ code: 'url_unusable' })
  })

  it('gives up when no answer comes in time, and when the answer dries up', async () => {
    server.respond = () => undefined
    await expect(get('/', { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'url_unreachable',
      message: 'the URL did not answer in time',
    })
    server.respond = (_request, response) => response.write('beginning')
    const file = await get('/', { timeoutMs: 300 })
    await expect(buffer(file.body)).rejects.toMatchObject({ code: 'url_unreachable' })
  })

  it('says when the answer breaks off', async () => {
    server.respond = (_request, response) => {
      response.setHeader('content-length', 1_000)
      response.write('beginning', () => response.destroy())
    }
    await expect(buffer((await get()).body)).rejects.toMatchObject({ code: 'url_unreachable' })
  })

  it('says when nobody listens, and when the host does not exist', async () => {
    const closed = new TestWebServer()
    const nobody = await closed.listen()
    await closed.close()
    await expect(fetcher.get(nobody, options)).rejects.toMatchObject({
      code: 'url_unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  it('ends when the caller wants', async () => {
    const caller = new AbortController()
    server.respond = (_request, response) => {
      response.write('beginning')
      caller.abort()
    }
    await expect(get('/', { signal: caller.signal }).then((file) => buffer(file.body))).rejects.toMatchObject(
      { code: 'request_aborted' },
    )
  })
})
