import { readFile, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PreparedMedia } from '../prepared-media.ts'
import { hasFfmpeg, TestWorkshop } from './test-workshop.ts'

let test: TestWorkshop
beforeAll(async () => {
  test = await TestWorkshop.open()
})
afterAll(() => test.close())
afterEach(async () => {
  expect(await test.leftovers()).toEqual([])
})

async function look(media: PreparedMedia) {
  const found = await test.probe(media.path)
  const bytes = await readFile(media.path)
  await media.dispose()
  return {
    media,
    found,
    bytes,
    video: found.streams.find((stream) => stream.codec_type === 'video'),
    audio: found.streams.find((stream) => stream.codec_type === 'audio'),
  }
}

/** Where the boxes of an MP4 begin, in their order. */
function boxesOf(mp4: Buffer): readonly string[] {
  const names: string[] = []
  for (let at = 0; at + 8 <= mp4.length; at += Math.max(8, mp4.readUInt32BE(at)))
    names.push(mp4.toString('latin1', at + 4, at + 8))
  return names
}

const picture = (size: string, seconds: number) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc=size=${size}:rate=25:duration=${seconds}`,
]
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`]

describe('a video to be sent', () => {
  beforeEach(async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
  })
  const prepare = async (bytes: Buffer, options = {}) =>
    test.workshop.prepareVideo(await test.upload(bytes, 'a.mp4'), options)
  const aVideo = (extension = 'mp4', size = '640x360', seconds = 2, ...more: string[]) =>
    test.make(extension, ...picture(size, seconds), ...tone(seconds), '-pix_fmt', 'yuv420p', ...more)

  it.each(['mp4', 'mkv', 'avi', 'mov', 'webm'])(
    'of %s becomes an MP4 that begins with its index',
    async (extension) => {
      const { media, found, bytes, video, audio } = await look(await prepare(await aVideo(extension)))
      expect(media).toMatchObject({ mimeType: 'video/mp4', width: 640, height: 360, seconds: 2 })
      expect(video?.codec_name).toBe('h264')
      expect(audio?.codec_name).toBe('aac')
      expect(Number(found.format.duration)).toBeCloseTo(2, 0)
      const boxes = boxesOf(bytes)
      expect(boxes.indexOf('moov')).toBeGreaterThan(0)
      expect(boxes.indexOf('moov')).toBeLessThan(boxes.indexOf('mdat'))
      expect(await sharp(media.thumbnail).metadata()).toMatchObject({
        format: 'jpeg',
        width: 160,
        height: 90,
      })
    },
  )

  it.each([
    ['compressed to 720 pixels of width', { compress: true }, '1280x720', 720, 406],
    ['compressed, but never made larger', { compress: true }, '320x240', 320, 240],
    ['in high definition at 1280 pixels at most', { hd: true }, '1080x1920', 720, 1280],
    ['with even edges', { compress: true }, '321x241', 320, 240],
  ])('is %s', async (_title, options, size, width, height) => {
    const { media, video } = await look(
      await prepare(await test.make('mkv', ...picture(size, 1), '-c:v', 'mpeg4'), options),
    )
    expect(media).toMatchObject({ width, height })
    expect(video).toMatchObject({ width, height, codec_name: 'h264' })
  })

  it('played like a GIF has no sound, and may be a GIF', async () => {
    const { audio } = await look(await prepare(await aVideo(), { gifPlayback: true }))
    expect(audio).toBeUndefined()
    const gif = await test.make('gif', ...picture('200x100', 1))
    const { video } = await look(await prepare(gif, { gifPlayback: true }))
    expect(video).toMatchObject({ codec_name: 'h264', width: 200 })
    await expect(prepare(gif)).rejects.toMatchObject({ code: 'media_type_refused' })
  })

  it('shows the first frame that is not dark', async () => {
    const filter = "geq=lum='if(lt(T,1),16,220)':cb=128:cr=128"
    const { media } = await look(await prepare(await aVideo('mp4', '320x180', 2, '-vf', filter)))
    const { channels } = await sharp(media.thumbnail).stats()
    expect(channels[0]?.mean).toBeGreaterThan(180)
    const dark = await look(
      await prepare(await aVideo('mp4', '320x180', 1, '-vf', 'geq=lum=16:cb=128:cr=128')),
    )
    expect((await sharp(dark.media.thumbnail).stats()).channels[0]?.mean).toBeLessThan(20)
  })

  it('tells nothing that the file said beside the picture', async () => {
    const place = ['-metadata', 'comment=at +52.5+013.4', '-metadata', 'title=secret']
    const bytes = await aVideo('mp4', '320x180', 1, ...place)
    expect(bytes.includes('+52.5+013.4')).toBe(true)
    const made = await look(await prepare(bytes))
    expect(made.bytes.includes('+52.5+013.4')).toBe(false)
    expect(made.bytes.includes('secret')).toBe(false)
  })

  it.each([
    ['an MP4 cut off in the middle', async () => (await aVideo()).subarray(0, 20_000), 'media_unreadable'],
    [
      'an MP4 with its index in front, cut off',
      async () => {
        const whole = await aVideo('mp4', '640x360', 2, '-movflags', '+faststart')
        return whole.subarray(0, whole.length - 10_000)
      },
      'media_unreadable',
    ],
    [
      'a picture',
      async () =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
          .png()
          .toBuffer(),
      'media_type_refused',
    ],
    [
      'a playlist',
      async () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
      'media_type_refused',
    ],
    ['nothing', async () => Buffer.alloc(0), 'media_empty'],
    ['sound only', async () => test.make('mp4', ...tone(1)), /media_(unreadable|type_refused)/],
  ])('is refused when it is %s', async (_title, make, code) => {
    const error = await prepare(await make()).catch((thrown: unknown) => thrown as { code: string })
    expect(error).toMatchObject({ code: expect.stringMatching(code) as string })
  })

  it('is given up when the caller hangs up, and leaves nothing', async () => {
    const bytes = await aVideo('mkv', '1280x720', 20, '-c:v', 'mpeg4')
    const caller = new AbortController()
    const going = prepare(bytes, { hd: true, signal: caller.signal })
    const aborting = (async () => {
      while ((await test.leftovers()).length === 0) await new Promise((resolve) => setImmediate(resolve))
      caller.abort()
    })()
    await expect(going).rejects.toMatchObject({ code: 'request_aborted' })
    await aborting
  })
})

describe('what strangers’ files can make ffmpeg do', () => {
  it('is not to read other files, whatever they say they are', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
    const secret = `${test.newPath()}.ts`
    await writeFile(secret, await test.make('ts', ...picture('64x64', 1), '-c:v', 'mpeg2video'))
    const lists = [
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile ${secret}\n`,
    ]
    for (const list of lists) {
      const path = test.newPath()
      await writeFile(path, list)
      await expect(test.ffmpeg.convert(path, ['-f', 'null', '-'])).rejects.toMatchObject({
        code: 'media_unreadable',
      })
      await expect(test.ffmpeg.probe(path)).rejects.toMatchObject({ code: 'media_unreadable' })
    }
    await expect(test.ffmpeg.probe(secret)).resolves.toMatchObject({ video: { codec: 'mpeg2video' } })
  })
})

describe('sound to be sent', () => {
  beforeEach(async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
  })
  const prepare = async (bytes: Buffer, options = {}) =>
    test.workshop.prepareAudio(await test.upload(bytes, 'a.mp3', 'audio/mpeg'), options)

  it.each(['mp3', 'wav', 'flac', 'm4a', 'ogg', 'aac', 'wma', 'aiff', 'webm'])(
    'of %s becomes a voice note',
    async (extension) => {
      const quietThenLoud = ['-af', "volume='if(lt(t,2),0.05,1)':eval=frame"]
      const { media, audio } = await look(
        await prepare(await test.make(extension, ...tone(4), ...quietThenLoud), { ptt: true }),
      )
      expect(media).toMatchObject({ mimeType: 'audio/ogg; codecs=opus', seconds: 4 })
      expect(audio).toMatchObject({ codec_name: 'opus', channels: 1, sample_rate: '48000' })
      const waveform = [...(media.waveform ?? [])]
      expect(waveform).toHaveLength(64)
      expect(Math.max(...waveform)).toBe(100)
      expect(Math.max(...waveform.slice(0, 28))).toBeLessThan(20)
      expect(Math.min(...waveform.slice(34, 60))).toBeGreaterThan(60)
    },
  )

  it('that is a voice note already is not made worse', async () => {
    const bytes = await test.make('ogg', ...tone(2), '-c:a', 'libopus', '-ac', '1')
    const made = await look(await prepare(bytes, { ptt: true }))
    expect(made.bytes.equals(bytes)).toBe(true)
    expect(made.media.waveform).toHaveLength(64)
  })

  it.each([
    ['mp3', 'audio/mpeg'],
    ['m4a', 'audio/mp4'],
    ['aac', 'audio/aac'],
  ])('of %s goes out byte by byte as %s, with its duration', async (extension, mimeType) => {
    const bytes = await test.make(extension, ...tone(3))
    const made = await look(await prepare(bytes))
    expect(made.media).toMatchObject({ mimeType, seconds: 3 })
    expect(made.bytes.equals(bytes)).toBe(true)
  })

  it.each(['wav', 'flac', 'wma'])('of %s, which not every phone plays, becomes AAC', async (extension) => {
    const { media, audio } = await look(await prepare(await test.make(extension, ...tone(2))))
    expect(media).toMatchObject({ mimeType: 'audio/mp4', seconds: 2 })
    expect(audio?.codec_name).toBe('aac')
  })

  it.each([
    [
      'a picture',
      async () =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
          .png()
          .toBuffer(),
      'media_type_refused',
    ],
    ['a silent video', async () => test.make('mp4', ...picture('64x64', 1)), 'media_type_refused'],
    ['text', async () => Buffer.from('hello'), 'media_type_refused'],
    ['nothing', async () => Buffer.alloc(0), 'media_empty'],
  ])('is refused when it is %s', async (_title, make, code) => {
    await expect(prepare(await make())).rejects.toMatchObject({ code })
  })
})

describe('without ffmpeg', () => {
  it('what needs it says so, and the rest works', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed, so nothing can be made for the test')
    const without = await TestWorkshop.open({ ffmpegPath: '/nowhere/ffmpeg' })
    const { workshop } = without
    const mp3 = await without.upload(await test.make('mp3', ...tone(1)))
    const video = await without.upload(await test.make('mp4', ...picture('64x64', 1)))
    const opus = await without.upload(await test.make('ogg', ...tone(3), '-c:a', 'libopus', '-ac', '1'))
    for (const going of [
      () => workshop.prepareVideo(video),
      () => workshop.prepareSticker(video),
      () => workshop.prepareAudio(mp3, { ptt: true }),
    ]) {
      await expect(going()).rejects.toMatchObject({
        code: 'ffmpeg_missing',
        message: expect.stringContaining('apt-get install ffmpeg') as string,
      })
    }
    expect(await without.leftovers()).toEqual([])
    const sent = [
      await workshop.prepareAudio(mp3),
      await workshop.prepareAudio(opus, { ptt: true }),
      await workshop.prepareDocument(video),
    ]
    expect(sent).toMatchObject([
      { mimeType: 'audio/mpeg' },
      { mimeType: 'audio/ogg; codecs=opus', seconds: 3 },
      { mimeType: 'video/mp4', fileName: 'file.jpg' },
    ])
    for (const media of sent) await media.dispose()
    await without.close()
  })
})
