import type { Person, ReceivedMessage } from '@gatewa/simulator'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { TestWebServer } from '../../src/fetch/test-web-server.ts'
import { type Answer, type Gateway, TestWorld } from '../harness.ts'
import { clip, made, movingPicture, picture, pixel, postForm, probe, redPdf, tone } from '../sample-files.ts'
import { messageIdOf } from '../scenario.ts'

/** What a phone has of one message: the file, decrypted, beside what the message says of it. */
interface Arrived {
  readonly message: ReceivedMessage['message']
  readonly bytes: Buffer
  readonly original: Buffer
}

/** One way to send a file. */
interface Sending {
  readonly route: 'image' | 'video' | 'audio' | 'file' | 'sticker'
  readonly fileName: string
  readonly file: () => Promise<Buffer> | Buffer
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
  /** Default: as a file and by URL. */
  readonly ways?: readonly Way[]
  readonly arrives: (arrived: Arrived) => Promise<void> | void
}

type Way = 'as a file' | 'by URL'

const red = { r: 254, g: 0, b: 0, alpha: 255 }

async function sizeOf(bytes: Uint8Array | null | undefined): Promise<[string, number, number]> {
  const { format, width, height } = await sharp(Buffer.from(bytes ?? [])).metadata()
  return [format, width, height]
}

/** Red on the left and blue on the right, to be turned by a quarter, with a place in it. */
async function turnedPhoto(): Promise<Buffer> {
  const left = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer()
  return sharp({ create: { width: 800, height: 400, channels: 3, background: '#0000ff' } })
    .composite([{ input: left, left: 0, top: 0 }])
    .withExif({ IFD0: { Copyright: 'me' }, IFD3: { GPSLatitude: '52/1 30/1 0/1', GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
}

/** How long each picture is shown, and the whole size. */
async function motionOf(bytes: Buffer) {
  const { pages = 1, delay, loop } = await sharp(bytes, { animated: true }).metadata()
  return { pages, delay, loop }
}

const sendings: Readonly<Record<string, Sending>> = {
  'a photo, turned the right way and without its place': {
    route: 'image',
    fileName: 'photo.jpg',
    file: turnedPhoto,
    fields: { compress: 'false', caption: 'there' },
    async arrives({ message, bytes }) {
      const { imageMessage: image } = message
      expect(image).toMatchObject({ mimetype: 'image/jpeg', width: 400, height: 800, caption: 'there' })
      expect(await sizeOf(bytes)).toEqual(['jpeg', 400, 800])
      expect((await sharp(bytes).metadata()).orientation).toBeUndefined()
      expect(bytes.includes('Exif')).toBe(false)
      expect(await pixel(bytes, 200, 100)).toMatchObject({ r: expect.closeTo(254, -1) as number, b: 0 })
      expect(await pixel(bytes, 200, 700)).toMatchObject({ r: 0, b: expect.closeTo(254, -1) as number })
      expect(await sizeOf(image?.jpegThumbnail)).toEqual(['jpeg', 80, 160])
      expect(image?.viewOnce ?? false).toBe(false)
    },
  },
  'a picture, compressed': {
    route: 'image',
    fileName: 'large.png',
    file: () => picture(1_500, 1_000, 'png'),
    ways: ['as a file'],
    arrives: async ({ bytes }) => expect(await sizeOf(bytes)).toEqual(['jpeg', 600, 400]),
  },
  'a small picture, which compressing does not make larger': {
    route: 'image',
    fileName: 'small.webp',
    file: () => picture(300, 200, 'webp'),
    ways: ['by URL'],
    fields: { compress: 'true' },
    arrives: async ({ bytes }) => expect(await sizeOf(bytes)).toEqual(['jpeg', 300, 200]),
  },
  'a picture in high definition, to be seen once': {
    route: 'image',
    fileName: 'hd.jpg',
    file: () => picture(3_000, 1_500),
    ways: ['as a file'],
    fields: { hd: 'true', view_once: 'true' },
    async arrives({ message, bytes }) {
      const image = message.viewOnceMessage?.message?.imageMessage
      expect(image).toMatchObject({ viewOnce: true, width: 2_560, height: 1_280 })
      expect(await sizeOf(bytes)).toEqual(['jpeg', 2_560, 1_280])
    },
  },
  'a video of another kind, with a dark beginning': {
    route: 'video',
    fileName: 'film.mkv',
    file: () =>
      made(
        'mkv',
        ...['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10:duration=2'],
        ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3'],
        ...['-vf', 'tpad=start_duration=1:color=black', '-c:v', 'mpeg4', '-c:a', 'libvorbis'],
      ),
    fields: { caption: 'watch' },
    async arrives({ message, bytes }) {
      const { videoMessage: video } = message
      expect(video).toMatchObject({
        mimetype: 'video/mp4',
        seconds: 3,
        width: 320,
        height: 240,
        caption: 'watch',
      })
      expect(video?.gifPlayback ?? false).toBe(false)
      const { streams, format } = await probe(bytes)
      expect(streams).toMatchObject([
        { codec_name: 'h264', pix_fmt: 'yuv420p', width: 320, height: 240 },
        { codec_name: 'aac' },
      ])
      expect(format.format_name).toContain('mp4')
      expect(Number(format.duration)).toBeCloseTo(3, 0)
      // The index is in front, so that it starts to play before it is whole.
      expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
      expect(await sizeOf(video?.jpegThumbnail)).toEqual(['jpeg', 160, 120])
      const { channels } = await sharp(Buffer.from(video?.jpegThumbnail ?? [])).stats()
      expect(Math.max(...channels.map(({ mean }) => mean))).toBeGreaterThan(60)
    },
  },
  'a video that phones play, as it is, to be seen once': {
    route: 'video',
    fileName: 'film.mp4',
    file: () => clip(),
    fields: { view_once: 'true' },
    ways: ['as a file'],
    async arrives({ message, bytes }) {
      const video = message.viewOnceMessage?.message?.videoMessage
      expect(video).toMatchObject({ viewOnce: true, seconds: 2, width: 320, height: 240 })
      expect((await probe(bytes)).streams).toMatchObject([{ codec_name: 'h264' }, { codec_name: 'aac' }])
    },
  },
  'a video, compressed': {
    route: 'video',
    fileName: 'large.mov',
    file: () => clip('mov', '1440x960'),
    fields: { compress: 'true' },
    ways: ['by URL'],
    async arrives({ message, bytes }) {
      expect(message.videoMessage).toMatchObject({ width: 720, height: 480 })
      expect((await probe(bytes)).streams).toMatchObject([
        { codec_name: 'h264', width: 720, height: 480 },
        {},
      ])
    },
  },
  'a small video, which compressing does not make larger': {
    route: 'video',
    fileName: 'small.avi',
    file: () => clip('avi', '240x160', '-c:v', 'mpeg4', '-c:a', 'mp3'),
    fields: { compress: 'true' },
    ways: ['as a file'],
    arrives: async ({ bytes }) =>
      expect((await probe(bytes)).streams).toMatchObject([
        { codec_name: 'h264', width: 240, height: 160 },
        {},
      ]),
  },
  'a video in high definition': {
    route: 'video',
    fileName: 'hd.mp4',
    file: () => clip('mp4', '1920x1080'),
    fields: { hd: 'true' },
    ways: ['as a file'],
    async arrives({ message, bytes }) {
      expect(message.videoMessage).toMatchObject({ width: 1_280, height: 720 })
      expect((await probe(bytes)).streams).toMatchObject([
        { codec_name: 'h264', width: 1_280, height: 720 },
        {},
      ])
    },
  },
  'a GIF, played as one': {
    route: 'video',
    fileName: 'fun.gif',
    file: () => movingPicture('gif', 120, 80),
    fields: { gif_playback: 'true' },
    async arrives({ message, bytes }) {
      expect(message.videoMessage).toMatchObject({ gifPlayback: true, mimetype: 'video/mp4', width: 120 })
      const { streams } = await probe(bytes)
      expect(streams).toMatchObject([{ codec_name: 'h264', width: 120, height: 80 }])
    },
  },
  'a song, as it is': {
    route: 'audio',
    fileName: 'song.mp3',
    file: () => tone(),
    arrives({ message, bytes, original }) {
      const { audioMessage: audio } = message
      expect(audio).toMatchObject({ mimetype: 'audio/mpeg', seconds: 3 })
      expect(audio?.ptt ?? false).toBe(false)
      expect(audio?.waveform ?? []).toHaveLength(0)
      expect(bytes.equals(original)).toBe(true)
    },
  },
  'a recording that phones do not play, as one that they do': {
    route: 'audio',
    fileName: 'song.flac',
    file: () => tone('flac'),
    ways: ['as a file'],
    async arrives({ message, bytes }) {
      expect(message.audioMessage).toMatchObject({ mimetype: 'audio/mp4', seconds: 3 })
      expect((await probe(bytes)).streams).toMatchObject([{ codec_name: 'aac' }])
    },
  },
  'a voice note': {
    route: 'audio',
    fileName: 'voice.wav',
    file: () =>
      made(
        'wav',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=440:duration=3',
        '-af',
        "volume='if(lt(t,1.5),0.02,1)':eval=frame",
      ),
    fields: { ptt: 'true' },
    async arrives({ message, bytes }) {
      const { audioMessage: audio } = message
      expect(audio).toMatchObject({ ptt: true, mimetype: 'audio/ogg; codecs=opus', seconds: 3 })
      const { streams, format } = await probe(bytes)
      expect(streams).toMatchObject([{ codec_name: 'opus', channels: 1, sample_rate: '48000' }])
      expect(format.format_name).toBe('ogg')
      // Quiet at first and loud at the end, as it was spoken.
      const waveform = [...(audio?.waveform ?? [])]
      expect(waveform).toHaveLength(64)
      expect(Math.max(...waveform.slice(0, 28))).toBeLessThan(10)
      expect(Math.min(...waveform.slice(36, 62))).toBeGreaterThan(80)
    },
  },
  'a PDF, with its first page': {
    route: 'file',
    fileName: 'offer.pdf',
    file: () => redPdf,
    fields: { caption: 'our offer' },
    async arrives({ message, bytes, original }) {
      const document = message.documentWithCaptionMessage?.message?.documentMessage ?? message.documentMessage
      expect(document).toMatchObject({
        mimetype: 'application/pdf',
        fileName: 'offer.pdf',
        caption: 'our offer',
      })
      expect(bytes.equals(original)).toBe(true)
      expect(await sizeOf(document?.jpegThumbnail)).toEqual(['jpeg', 113, 160])
      expect(await pixel(Buffer.from(document?.jpegThumbnail ?? []), 50, 80)).toEqual(red)
    },
  },
  'a document of any name': {
    route: 'file',
    fileName: '履歴書 «Ünïcode» 📄 %41 ‎.csv',
    file: () => Buffer.from('a,b\n1,2\n'),
    arrives({ message, bytes, original }) {
      expect(message.documentMessage?.fileName).toBe('履歴書 «Ünïcode» 📄 %41 .csv')
      expect(bytes.equals(original)).toBe(true)
    },
  },
  'a picture as a document, with a thumbnail': {
    route: 'file',
    fileName: 'scan.png',
    file: () => picture(400, 200, 'png'),
    ways: ['as a file'],
    async arrives({ message, bytes, original }) {
      expect(message.documentMessage).toMatchObject({ mimetype: 'image/png', fileName: 'scan.png' })
      expect(await sizeOf(message.documentMessage?.jpegThumbnail)).toEqual(['jpeg', 160, 80])
      expect(bytes.equals(original)).toBe(true)
    },
  },
  'a sticker, transparent around the picture, of a pack': {
    route: 'sticker',
    fileName: 'a.png',
    file: () =>
      sharp({ create: { width: 300, height: 200, channels: 3, background: '#ff0000' } })
        .png()
        .toBuffer(),
    fields: { pack_name: 'Füchse', pack_publisher: 'Ada', emojis: ['🦊', '🌲'] },
    async arrives({ message, bytes }) {
      expect(message.stickerMessage).toMatchObject({ mimetype: 'image/webp', isAnimated: false, width: 512 })
      expect(await sizeOf(bytes)).toEqual(['webp', 512, 512])
      expect(await pixel(bytes, 256, 10)).toMatchObject({ alpha: 0 })
      expect(await pixel(bytes, 256, 256)).toMatchObject({ r: expect.closeTo(254, -1) as number, alpha: 255 })
      const { exif } = await sharp(bytes).metadata()
      const json = exif?.subarray(exif.indexOf('{')).toString() ?? ''
      expect(JSON.parse(json)).toMatchObject({
        'sticker-pack-name': 'Füchse',
        'sticker-pack-publisher': 'Ada',
        emojis: ['🦊', '🌲'],
      })
    },
  },
  'a GIF as a sticker that moves': {
    route: 'sticker',
    fileName: 'a.gif',
    file: () => movingPicture('gif', 200, 100),
    async arrives({ message, bytes }) {
      expect(message.stickerMessage).toMatchObject({ mimetype: 'image/webp', isAnimated: true, height: 512 })
      expect(await sizeOf(bytes)).toEqual(['webp', 512, 512])
      expect(await motionOf(bytes)).toEqual({ pages: 3, delay: [100, 200, 300], loop: 0 })
      expect(await pixel(bytes, 256, 10)).toMatchObject({ alpha: 0 })
      expect(bytes.length).toBeLessThanOrEqual(500_000)
    },
  },
  'a moving WebP as a sticker that moves': {
    route: 'sticker',
    fileName: 'a.webp',
    file: () => movingPicture('webp', 600, 600),
    async arrives({ message, bytes }) {
      expect(message.stickerMessage).toMatchObject({ isAnimated: true })
      expect(await sizeOf(bytes)).toEqual(['webp', 512, 512])
      expect(await motionOf(bytes)).toEqual({ pages: 3, delay: [100, 200, 300], loop: 0 })
    },
  },
}

describe.each(testDialects())('a contact’s phone gets what was sent (%s)', (dialect) => {
  const web = new TestWebServer()
  let world: TestWorld
  let gateway: Gateway
  let bo: Person
  let origin: string
  let served: Buffer = Buffer.alloc(0)

  beforeAll(async () => {
    origin = await web.listen()
    web.respond = (_request, response) => {
      // What a server calls it does not count.
      response.setHeader('content-type', 'text/plain').end(served)
    }
    world = await TestWorld.open(dialect, { settings: { APP_FETCH_ALLOWED_HOSTS: '127.0.0.1' } })
    gateway = await world.startGateway()
    const ada = world.simulator.addPerson({ name: 'Ada' })
    bo = world.simulator.addPerson({ name: 'Bo' })
    await gateway.link(ada, 'main')
  })
  afterAll(async () => {
    await world.close()
    await web.close()
  })

  function send(sending: Sending, way: Way, bytes: Buffer): Promise<Answer> {
    const { route, fileName, fields } = sending
    const path = `/send/${route}`
    const upload = { field: route, name: fileName, type: 'application/octet-stream', bytes }
    if (way === 'as a file') return postForm(gateway, path, { phone: bo.phone, ...fields }, [upload])
    served = bytes
    const url = `${origin}/files/${encodeURIComponent(fileName)}`
    return postForm(gateway, path, { phone: bo.phone, [`${route}_url`]: url, ...fields })
  }

  const all = Object.entries(sendings).flatMap(([title, sending]) =>
    (sending.ways ?? (['as a file', 'by URL'] as const)).map((way) => [title, way, sending] as const),
  )
  it.each(all)('%s, sent %s', async (_title, way, sending) => {
    const original = await sending.file()
    const answer = await send(sending, way, original)
    expect(answer.status, answer.text).toBe(200)
    const id = messageIdOf(answer)
    const received = await bo.receives((each) => each.id === id)
    const bytes = received.media()
    await sending.arrives({ message: received.message, bytes, original })
  })

  it('once under one key; another file under it is refused', async () => {
    const headers = { 'idempotency-key': 'the offer of today' }
    const [one, other] = [await picture(50, 40), await picture(40, 50)]
    const post = (bytes: Buffer, name = 'a.jpg') =>
      postForm(
        gateway,
        '/send/image',
        { phone: bo.phone, caption: 'under a key' },
        [{ field: 'image', name, type: 'image/jpeg', bytes }],
        headers,
      )
    const first = await post(one)
    expect(first.status, first.text).toBe(200)
    expect((await post(one)).json).toEqual(first.json)
    expect(await post(other)).toMatchObject({ status: 422, json: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    const after = messageIdOf(await gateway.sendText('main', bo.phone, 'after it'))
    await bo.receives((each) => each.id === after)
    expect(bo.inbox.filter(({ text }) => text === 'under a key')).toHaveLength(1)
  })
})
