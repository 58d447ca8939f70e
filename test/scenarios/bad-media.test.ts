import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import type { Group, Person } from '@gatewa/simulator'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { corpus } from '../../src/fetch/test-ssrf-corpus.ts'
import { TestWebServer } from '../../src/fetch/test-web-server.ts'
import { type DatabaseView, openDatabaseView } from '../database-view.ts'
import { type Answer, eventually, type Gateway, TestWorld } from '../harness.ts'
import { clip, heicPicture, hugePng, picture, postForm } from '../sample-files.ts'

const limitBytes = 2_000_000
const imageFault = { status: 400, json: { code: 'INVALID_IMAGE_FORMAT' } }

const svg =
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
/** The shortest zip that is one: a folder of nothing. */
const zip = Buffer.concat([
  Buffer.from('PK\u0003\u0004'),
  Buffer.alloc(60),
  Buffer.from('PK\u0005\u0006'),
  Buffer.alloc(18),
])
const onePixel = () => picture(1, 1, 'png')
const halfAPicture = async () => (await picture(600, 400)).subarray(0, 10_000)
const halfAVideo = async () => {
  const whole = await clip()
  return whole.subarray(0, Math.floor(whole.length / 2))
}

type Route = 'image' | 'video' | 'audio' | 'file' | 'sticker' | 'avatar' | 'photo'
const pictures = ['image', 'sticker', 'avatar', 'photo'] as const
const all = [...pictures, 'video', 'audio', 'file'] as const

/** Pictures that are shown of somebody, and cannot come by URL. */
const profiles: ReadonlyMap<Route, string> = new Map([
  ['avatar', '/user/avatar'],
  ['photo', '/group/photo'],
])

/** Files that are refused, by what they are; each calls itself what the route takes. */
const badFiles: readonly {
  readonly what: string
  readonly make: () => Promise<Buffer> | Buffer
  readonly routes: readonly Route[]
  readonly status?: number
  readonly code: string
}[] = [
  { what: 'a zip', make: () => zip, routes: [...pictures, 'video', 'audio'], code: 'VALIDATION_ERROR' },
  {
    what: 'an SVG with a script',
    make: () => Buffer.from(svg),
    routes: [...pictures, 'video', 'audio'],
    code: 'VALIDATION_ERROR',
  },
  {
    what: 'a text',
    make: () => Buffer.from('just words'),
    routes: [...pictures, 'video', 'audio'],
    code: 'VALIDATION_ERROR',
  },
  { what: 'a picture', make: () => picture(40, 30), routes: ['video', 'audio'], code: 'VALIDATION_ERROR' },
  { what: 'half a video', make: halfAVideo, routes: ['video'], code: 'MEDIA_UNREADABLE' },
  { what: 'half a picture', make: halfAPicture, routes: pictures, code: 'MEDIA_UNREADABLE' },
  { what: 'one pixel', make: onePixel, routes: pictures, code: 'MEDIA_DIMENSIONS_REFUSED' },
  {
    what: 'HEIC, for which there is no codec',
    make: () => heicPicture(64, 48),
    routes: ['image', 'avatar', 'photo'],
    status: 415,
    code: 'HEIC_NOT_SUPPORTED',
  },
  { what: '30,000 x 30,000 pixels', make: hugePng, routes: pictures, code: 'MEDIA_DIMENSIONS_REFUSED' },
  { what: 'nothing', make: () => Buffer.alloc(0), routes: all, code: 'MEDIA_EMPTY' },
  {
    what: 'too much',
    make: () => randomBytes(limitBytes + 1),
    routes: ['image', 'sticker', 'video', 'audio', 'file'],
    status: 413,
    code: 'MEDIA_TOO_LARGE',
  },
]

describe.each(testDialects())('what cannot be sent is refused, and nothing of it stays (%s)', (dialect) => {
  /** Where URLs lead; may be fetched from, other than what is on 127.0.0.1. */
  const web = new TestWebServer()
  const inside = new TestWebServer()
  let world: TestWorld
  let gateway: Gateway
  let database: DatabaseView
  let ada: Person
  let bo: Person
  let group: Group
  let origin: string

  beforeAll(async () => {
    origin = await web.listen('127.0.0.3')
    await inside.listen('127.0.0.1')
    const sizes = ['IMAGE', 'FILE', 'VIDEO', 'AUDIO'].map((kind): [string, string] => [
      `WHATSAPP_SETTING_MAX_${kind}_SIZE`,
      String(limitBytes),
    ])
    world = await TestWorld.open(dialect, {
      settings: {
        APP_FETCH_ALLOWED_HOSTS: '127.0.0.3',
        APP_FETCH_TIMEOUT: '1',
        ...Object.fromEntries(sizes),
      },
    })
    gateway = await world.startGateway()
    ada = world.simulator.addPerson({ name: 'Ada' })
    bo = world.simulator.addPerson({ name: 'Bo' })
    group = world.simulator.addGroup({ subject: 'Two', owner: ada, members: [bo] })
    for (const jid of [group.jid, ada.lid]) world.simulator.pictures.set(jid, await picture(40, 40))
    await gateway.link(ada, 'main')
    const { pictures: shown } = world.simulator
    untouched = { ...untouched, pictures: [shown.idOf(group.jid), shown.idOf(ada.lid)] }
    database = await openDatabaseView(dialect, world.settings['DB_URI'] ?? '')
    expect(await traces()).toEqual(untouched)
  })
  afterAll(async () => {
    await database.close()
    await world.close()
    await web.close()
    await inside.close()
  })
  afterEach(async () => {
    let last: unknown
    await eventually(
      'nothing being left',
      async () => {
        last = await traces()
        return JSON.stringify(last) === JSON.stringify(untouched) || undefined
      },
      () => last,
    )
  })

  let untouched: object = { files: [], messages: 0, chats: [], uploads: 2, inside: 0 }

  /** What there is of anything that was sent: files in the store and beside it, rows, chats, uploads, pictures; and who was asked. */
  async function traces() {
    const folder = join(world.settings['APP_DATA_DIR'] ?? '', 'media')
    const found = await readdir(folder, { recursive: true, withFileTypes: true })
    const [row] = await database.rows('select count(*) as count from messages')
    return {
      files: found.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
      messages: Number(row?.['count']),
      chats: await gateway.chats('main'),
      uploads: world.simulator.media.files.length,
      inside: inside.connections,
      pictures: [group.jid, ada.lid].map((jid) => world.simulator.pictures.idOf(jid)),
    }
  }

  const pathOf = (route: Route) => profiles.get(route) ?? `/send/${route}`

  function sendFile(route: Route, bytes: Buffer, type = 'image/jpeg'): Promise<Answer> {
    const upload = { field: route, name: 'holiday.jpg', type, bytes }
    const whom = route === 'photo' ? { group_id: group.jid } : { phone: bo.phone }
    return postForm(gateway, pathOf(route), route === 'avatar' ? {} : whom, [upload])
  }

  function sendUrl(route: Route, url: string): Promise<Answer> {
    const body = { phone: bo.phone, [`${route}_url`]: url }
    return gateway.call('POST', pathOf(route), { device: 'main', body })
  }

  describe.each(badFiles)('$what', ({ make, routes, status = 400, code }) => {
    it.each(routes)('as %s', async (route) => {
      const answer = await sendFile(route, await make())
      // Whatever is wrong with the photo of a group has one name.
      const expected = route === 'photo' ? imageFault : { status, json: { code } }
      expect(answer, answer.text).toMatchObject(expected)
      expect(answer.json.message).not.toBe('')
    })

    it.each(routes.filter((route) => !profiles.has(route)))('as %s, by URL', async (route) => {
      const bytes = await make()
      web.respond = (_request, response) => {
        response.setHeader('content-type', 'image/jpeg').end(bytes)
      }
      const answer = await sendUrl(route, `${origin}/holiday.jpg`)
      expect(answer, answer.text).toMatchObject({ status, json: { code } })
    })
  })

  it.each(['image/svg+xml', 'text/plain', 'application/zip'])(
    'a text that is called %s, as photo',
    async (type) => {
      const answer = await sendFile('photo', Buffer.from(svg), type)
      const message = `Image validation failed: unsupported image format: ${type} (supported: JPEG, PNG, WebP)`
      expect(answer, answer.text).toMatchObject({
        ...imageFault,
        json: { code: 'INVALID_IMAGE_FORMAT', message },
      })
    },
  )

  it('a picture that is too large for a profile', async () => {
    const answer = await sendFile('avatar', randomBytes(10 * 1_048_576 + 1))
    expect(answer, answer.text).toMatchObject({ status: 413, json: { code: 'MEDIA_TOO_LARGE' } })
    const photo = await sendFile('photo', randomBytes(10 * 1_048_576 + 1))
    const message = 'Image validation failed: image file too large (max 10MB for processing)'
    expect(photo, photo.text).toMatchObject({ status: 400, json: { code: 'INVALID_IMAGE_FORMAT', message } })
    // More than the whole form may have.
    const form = await sendFile('photo', randomBytes(12 * 1_048_576))
    expect(form, form.text).toMatchObject({ status: 400, json: { code: 'INVALID_IMAGE_FORMAT', message } })
    // Under the bound of the form, above the one of pictures.
    const noise = await sharp(randomBytes(1_200 * 800 * 3), {
      raw: { width: 1_200, height: 800, channels: 3 },
    })
      .png()
      .toBuffer()
    expect(noise.length).toBeGreaterThan(limitBytes)
    expect(await sendFile('avatar', noise)).toMatchObject({ status: 413, json: { code: 'MEDIA_TOO_LARGE' } })
  })

  it('a file that comes twice', async () => {
    const bytes = await picture(40, 30)
    const upload = { field: 'image', name: 'a.jpg', type: 'image/jpeg', bytes }
    const answer = await postForm(gateway, '/send/image', { phone: bo.phone }, [upload, upload])
    expect(answer).toMatchObject({ status: 400, json: { message: 'image: must be one file.' } })
  })

  it('a file in a body that is no form', async () => {
    const bytes = await picture(40, 30)
    for (const [type, status] of [
      ['image/jpeg', 400],
      ['multipart/form-data', 400],
      ['multipart/form-data; boundary=B', 400],
      ['application/json', 400],
    ] as const) {
      const answer = await fetch(`${gateway.url}/send/image`, {
        method: 'POST',
        headers: { 'x-device-id': 'main', 'content-type': type },
        body: new Uint8Array(bytes),
      })
      expect(answer.status, `${type}: ${await answer.text()}`).toBe(status)
    }
  })

  it.each(all)('a body without end, as %s', async (route) => {
    const head = `--B\r\ncontent-disposition: form-data; name="${route}"; filename="a.jpg"\r\n\r\n`
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const going = request(`${gateway.url}${pathOf(route)}`, {
        method: 'POST',
        headers: { 'x-device-id': 'main', 'content-type': 'multipart/form-data; boundary=B' },
      })
      going.once('response', resolve)
      // The end of the test ends it too.
      going.on('error', reject)
      going.write(head)
      pour(going)
    })
    expect(answer.statusCode).toBe(route === 'photo' ? 400 : 413)
    expect(await text(answer)).toMatch(/(MEDIA|PAYLOAD)_TOO_LARGE|too large \(max 10MB/)
    answer.socket.destroy()
  })

  describe('a URL', () => {
    const answering: Readonly<
      Record<
        string,
        {
          respond: (request: IncomingMessage, response: ServerResponse) => void
          status?: number
          code: string
          message?: string
        }
      >
    > = {
      'of a file without end': {
        respond: (_request, response) => pour(response),
        status: 413,
        code: 'MEDIA_TOO_LARGE',
      },
      'of a file that says how large it is, which is too large': {
        respond: (_request, response) => {
          response.setHeader('content-length', limitBytes + 1).write('x')
        },
        status: 413,
        code: 'MEDIA_TOO_LARGE',
      },
      'of a file that is small only while it is packed': {
        respond: (_request, response) => {
          response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(limitBytes + 1)))
        },
        status: 413,
        code: 'MEDIA_TOO_LARGE',
      },
      'that says nothing': {
        respond: () => undefined,
        code: 'URL_UNREACHABLE',
        message: 'the URL did not answer in time',
      },
      'that stops in the middle': {
        respond: (_request, response) => {
          response.setHeader('content-length', 5_000).write(Buffer.alloc(1_000))
        },
        code: 'URL_UNREACHABLE',
        message: 'the URL did not answer in time',
      },
      'that breaks off': {
        respond: (_request, response) => {
          response.setHeader('content-length', 5_000).write(Buffer.alloc(1_000), () => response.destroy())
        },
        code: 'URL_UNREACHABLE',
      },
      'of nothing any more': {
        respond: (_request, response) => response.writeHead(404).end('gone'),
        code: 'URL_UNUSABLE',
      },
      'that leads in a circle': {
        respond: (_request, response) => response.writeHead(302, { location: '/again' }).end(),
        code: 'URL_UNUSABLE',
      },
      'that leads to this machine': {
        respond: (_request, response) =>
          response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end(),
        code: 'URL_REFUSED',
      },
    }
    it.each(Object.entries(answering))('%s', async (_what, { respond, status = 400, code, message }) => {
      web.respond = respond
      for (const route of ['image', 'file'] as const) {
        const answer = await sendUrl(route, `${origin}/a.jpg`)
        expect(answer, answer.text).toMatchObject({ status, json: { code, ...(message ? { message } : {}) } })
      }
    })

    // Names that exist only for the tests of the fetcher are no matter here.
    const addresses = corpus.filter((url) => !/\.example|metadata\.google/.test(url))

    it(`that leads inside, in any of ${addresses.length} ways`, async () => {
      expect(addresses.length).toBeGreaterThan(60)
      for (const url of addresses) {
        const answer = await sendUrl('file', url.replace(':port', `:${inside.port}`))
        expect(answer.status, `${url}: ${answer.text}`).toBe(400)
        const isAName = /localhost/i.test(url)
        expect(answer.json.code, `${url}: ${answer.text}`).toMatch(
          isAName ? /^URL_(REFUSED|UNUSABLE|UNREACHABLE)$/ : /^(URL_REFUSED|VALIDATION_ERROR)$/,
        )
      }
    })
  })
})

/** Writes for as long as somebody takes it. */
function pour(target: Writable): void {
  const part = Buffer.alloc(65_536)
  const more = () => {
    while (!target.destroyed && target.write(part));
    if (!target.destroyed) target.once('drain', more)
  }
  more()
}
