import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import type { HttpApp } from '../../http/http-app.ts'
import { aServer, basic } from '../../http/test-server.ts'
import { MediaLinks } from './download-url.ts'
import { FileMediaStore } from './file-media-store.ts'
import { mediaRoutes } from './media-routes.ts'
import { type MediaRef, makeMediaRef } from './media-store.ts'

const content = '0123456789'

describe('a link to stored media', () => {
  const clock = new ManualClock()
  const links = new MediaLinks({ clock, lifetimeMs: 3_600_000, loadSecret: async () => Buffer.alloc(32, 1) })
  let app: HttpApp
  let dir: string
  let store: FileMediaStore
  let ref: MediaRef
  let empty: MediaRef
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gatewa-links-'))
    store = new FileMediaStore({ dir, clock })
    await Promise.all([store.start(), links.start()])
    const put = async (text: string) =>
      (await store.put(Readable.from([Buffer.from(text)]), { mimeType: 'image/jpeg', limitBytes: 100 })).ref
    ref = await put(content)
    empty = await put('')
    // Credentials are set: a link has to work without them.
    const config = { basicAuth: [{ user: 'u', password: 'p' }] }
    app = await aServer({ routes: [mediaRoutes({ store, links })], config })
  })
  afterAll(async () => {
    await app.close()
    await rm(dir, { recursive: true })
  })

  const aLink = (file = { mimeType: 'image/jpeg', fileName: '' }, to = ref) => `/${links.pathTo(to, file)}`
  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ method, url, headers })

  it('gives the file, without credentials', async () => {
    const answer = await get(aLink())
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe(content)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '10',
      'content-disposition': 'inline',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      'x-content-type-options': 'nosniff',
    })
  })

  it('says type and name as they were when it was made', async () => {
    const answer = await get(aLink({ mimeType: 'audio/ogg; codecs=opus', fileName: 'Grüße "1".ogg' }))
    expect(answer.headers['content-type']).toBe('audio/ogg; codecs=opus')
    expect(answer.headers['content-disposition']).toBe(
      `inline; filename="Gr__e _1_.ogg"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.ogg`,
    )
  })

  it.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'application/octet-stream'])(
    'has %s saved, never shown',
    async (mimeType) => {
      const { headers } = await get(aLink({ mimeType, fileName: 'a' }))
      expect(headers['content-disposition']).toMatch(/^attachment; /)
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/)
    },
  )

  it('answers HEAD, and says that nothing changed', async () => {
    const head = await get(aLink(), {}, 'HEAD')
    expect(head.statusCode).toBe(200)
    expect(head.headers['content-length']).toBe('10')
    const etag = String(head.headers['etag'])
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
      expect((await get(aLink(), { 'if-none-match': known })).statusCode, known).toBe(304)
    expect((await get(aLink(), { 'if-none-match': '"other"' })).statusCode).toBe(200)
    expect((await get(aLink(undefined, empty))).headers['content-length']).toBe('0')
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=5-500', 206, '56789', 'bytes 5-9/10'],
    ['bytes=-500', 206, content, 'bytes 0-9/10'],
    ['bytes=0-1,3-4', 200, content, undefined],
    ['lines=1-2', 200, content, undefined],
    ['bytes=4-2', 200, content, undefined],
  ])('serves the range %s', async (range, status, body, contentRange) => {
    const answer = await get(aLink(), { range })
    expect(answer).toMatchObject({ statusCode: status, body })
    expect(answer.headers['content-range']).toBe(contentRange)
  })

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('refuses the range %s with 416', async (range) => {
    const answer = await get(aLink(), { range })
    expect(answer.statusCode).toBe(416)
    expect(answer.headers['content-range']).toBe('bytes */10')
    expect(answer.json()).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' })
  })

  it('gives the whole file when the part that is asked for is of another one', async () => {
    expect(await get(aLink(), { range: 'bytes=2-4', 'if-range': '"other"' })).toMatchObject({
      statusCode: 200,
      body: content,
    })
  })

  it.each([
    ['without signature', (url: string) => url.replace(/&?signature=[^&]*/, '')],
    [
      'with another signature',
      (url: string) => url.replace(/signature=./, (text) => `signature=${text.endsWith('A') ? 'B' : 'A'}`),
    ],
    ['with a longer life', (url: string) => url.replace(/expires=\d/, 'expires=9')],
    ['with another name', (url: string) => `${url}&name=x`],
    ['with another type', (url: string) => `${url}&type=text/html`],
    [
      'of another file',
      (url: string) => url.replace(/media\/./, (text) => `media/${text.endsWith('0') ? '1' : '0'}`),
    ],
    ['with another extension', (url: string) => url.replace('.jpg', '.html')],
    ['with nothing at all', (url: string) => url.replace(/\?.*/, '')],
  ])('is worth nothing %s, credentials or not', async (_title, change) => {
    const url = change(aLink())
    expect(url).not.toBe(aLink())
    for (const headers of [{}, basic('u', 'p')]) {
      const answer = await get(url, headers)
      expect(answer.statusCode).toBe(403)
      expect(answer.json()).toMatchObject({ code: 'MEDIA_LINK_INVALID' })
    }
  })

  it.each(['..%2f..%2fetc%2fpasswd', '%2e%2e', 'parts', 'a.jpg', '..%5c..%5cx', `${'a'.repeat(64)}%00.jpg`])(
    'reaches nothing outside the store: %s',
    async (name) => {
      const answer = await get(`/statics/media/${name}?expires=9999999999&signature=x`)
      expect([400, 401, 403, 404]).toContain(answer.statusCode)
      expect(answer.body).not.toContain('root:')
    },
  )

  it('ends with its time, and with the file', async () => {
    const gone = aLink(undefined, makeMediaRef('0'.repeat(64), 'jpg'))
    expect((await get(gone)).statusCode).toBe(404)
    const link = aLink()
    clock.advance(3_599_000)
    expect((await get(link)).headers['cache-control']).toBe('private, max-age=1')
    clock.advance(1_000)
    const answer = await get(link)
    expect(answer.statusCode).toBe(410)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('is worth nothing at a gateway with another key', async () => {
    const other = new MediaLinks({
      clock,
      lifetimeMs: 3_600_000,
      loadSecret: async () => Buffer.alloc(32, 2),
    })
    await other.start()
    const url = `/${other.pathTo(ref, { mimeType: 'image/jpeg', fileName: '' })}`
    expect((await get(url)).statusCode).toBe(403)
  })
})
