import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { deflateRawSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { heicPicture, hugePng } from '../../../../test/sample-files.ts'
import { TestWebServer } from '../../../fetch/test-web-server.ts'
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

/** Half red, half blue, so that a turn can be seen: red on the left. */
async function twoColours(width: number, height: number): Promise<Sharp> {
  const red = await sharp({
    create: { width: Math.ceil(width / 2), height, channels: 3, background: '#ff0000' },
  })
    .png()
    .toBuffer()
  const blue = sharp({ create: { width, height, channels: 3, background: '#0000ff' } })
  return sharp(
    await blue
      .composite([{ input: red, left: 0, top: 0 }])
      .png()
      .toBuffer(),
  )
}

async function colourAt(
  path: string | Uint8Array,
  left: number,
  top: number,
): Promise<'red' | 'blue' | 'white' | 'other'> {
  const raw = await sharp(path).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()
  const [red = 0, green = 0, blue = 0] = raw
  if (red > 200 && green > 200 && blue > 200) return 'white'
  return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : 'other'
}

async function used<Result>(
  media: PreparedMedia,
  look: (media: PreparedMedia) => Promise<Result>,
): Promise<Result> {
  const result = await look(media)
  await media.dispose()
  await media.dispose()
  return result
}

describe('an image to be sent', () => {
  const prepare = async (bytes: Uint8Array, options = {}) =>
    test.workshop.prepareImage(await test.upload(bytes), options)

  it('is turned the right way and tells no place', async () => {
    const picture = await twoColours(800, 400)
    const bytes = await picture
      .withExif({ IFD0: { Copyright: 'me' }, IFD3: { GPSLatitude: '52/1 30/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect((await sharp(bytes).metadata()).orientation).toBe(6)
    expect(bytes.includes('Exif')).toBe(true)
    await used(await prepare(bytes), async (media) => {
      expect(media).toMatchObject({ mimeType: 'image/jpeg', width: 400, height: 800 })
      const made = await readFile(media.path)
      expect(made.includes('Exif')).toBe(false)
      expect(await sharp(made).metadata()).toMatchObject({ format: 'jpeg', width: 400, height: 800 })
      expect(await colourAt(media.path, 200, 100)).toBe('red')
      expect(await colourAt(media.path, 200, 700)).toBe('blue')
      expect(await sharp(media.thumbnail).metadata()).toMatchObject({
        format: 'jpeg',
        width: 80,
        height: 160,
      })
    })
  })

  it('without anything private goes out byte by byte', async () => {
    const bytes = await (await twoColours(300, 200)).jpeg().toBuffer()
    await used(await prepare(bytes), async (media) => {
      expect((await readFile(media.path)).equals(bytes)).toBe(true)
      expect(media.sizeBytes).toBe(bytes.length)
      expect((await stat(media.path)).mode & 0o077 & 0o022).toBe(0)
    })
  })

  it('in the colours of a press goes out in those of a screen', async () => {
    const bytes = await (await twoColours(300, 200)).toColourspace('cmyk').jpeg().toBuffer()
    expect((await sharp(bytes).metadata()).space).toBe('cmyk')
    await used(await prepare(bytes), async (media) => {
      expect((await sharp(media.path).metadata()).space).toBe('srgb')
    })
  })

  it('that is wider than a JPEG can be is refused for that, unless it is made smaller', async () => {
    const wide = await sharp({ create: { width: 70_000, height: 100, channels: 3, background: '#f00' } })
      .png()
      .toBuffer()
    await expect(prepare(wide)).rejects.toMatchObject({ code: 'media_dimensions_refused' })
    await used(await prepare(wide, { compress: true }), async (media) => {
      expect(media).toMatchObject({ width: 600 })
    })
  })

  it.each([
    ['compressed to 600 pixels of width', { compress: true }, 1_200, 400, 600, 200],
    ['compressed, but never made larger', { compress: true }, 500, 100, 500, 100],
    ['in high definition at 2560 pixels at most', { hd: true }, 4_000, 2_000, 2_560, 1_280],
    ['in high definition, but never made larger', { hd: true, compress: true }, 1_000, 900, 1_000, 900],
    ['as large as it is', {}, 3_000, 1_500, 3_000, 1_500],
  ])('is %s', async (_title, options, width, height, newWidth, newHeight) => {
    const bytes = await (await twoColours(width, height)).png().toBuffer()
    await used(await prepare(bytes, options), async (media) => {
      expect(media).toMatchObject({ mimeType: 'image/jpeg', width: newWidth, height: newHeight })
      expect(await sharp(media.path).metadata()).toMatchObject({
        width: newWidth,
        height: newHeight,
        format: 'jpeg',
      })
    })
  })

  it('that is transparent becomes white where it is', async () => {
    const bytes = await sharp({
      create: { width: 100, height: 100, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer()
    await used(await prepare(bytes), async ({ path }) => {
      expect(await colourAt(path, 50, 50)).toBe('white')
    })
  })

  it.each(['webp', 'gif', 'tiff', 'avif', 'png'] as const)('may be %s', async (format) => {
    const bytes = await (await twoColours(120, 80)).toFormat(format).toBuffer()
    await used(await prepare(bytes), async (media) => {
      expect(media).toMatchObject({ mimeType: 'image/jpeg', width: 120, height: 80 })
      expect(await colourAt(media.path, 20, 40)).toBe('red')
    })
  })

  it('is fetched from a URL, whatever that calls it', async () => {
    const server = new TestWebServer()
    const origin = await server.listen()
    const bytes = await (await twoColours(120, 80)).jpeg().toBuffer()
    server.respond = (_request, response) => response.setHeader('content-type', 'text/plain').end(bytes)
    await used(
      await test.workshop.prepareImage({ kind: 'url', url: `${origin}/picture.php?id=1` }),
      async (media) => {
        expect((await readFile(media.path)).equals(bytes)).toBe(true)
      },
    )
    await server.close()
  })
})

/** A zip with one file in it. */
function aZip(): Buffer {
  const data = deflateRawSync(Buffer.from('hello'))
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(8, 8)
  head.writeUInt32LE(data.length, 18)
  head.writeUInt32LE(5, 22)
  head.writeUInt16LE(5, 26)
  return Buffer.concat([head, Buffer.from('a.txt'), data])
}

const aJpeg = async () => (await twoColours(600, 400)).jpeg().toBuffer()
const svg = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>`

describe('what is no picture', () => {
  it.each([
    ['a zip', async () => aZip(), 'media_type_refused'],
    ['an SVG with a script', async () => Buffer.from(svg), 'media_type_refused'],
    ['an SVG without XML declaration', async () => Buffer.from(svg.slice(21)), 'media_type_refused'],
    ['a web page', async () => Buffer.from('<!doctype html><html></html>'), 'media_type_refused'],
    ['nothing', async () => Buffer.alloc(0), 'media_empty'],
    ['noise', async () => randomBytes(10_000), 'media_type_refused'],
    ['two bytes of a JPEG', async () => Buffer.from([0xff, 0xd8]), 'media_type_refused'],
    ['only the head of a JPEG', async () => (await aJpeg()).subarray(0, 30), 'media_unreadable'],
    ['half a JPEG', async () => (await aJpeg()).subarray(0, 1_500), 'media_unreadable'],
    [
      'half a PNG',
      async () => (await (await twoColours(600, 400)).png().toBuffer()).subarray(0, 700),
      'media_unreadable',
    ],
    [
      'half a WebP',
      async () => (await (await twoColours(600, 400)).webp().toBuffer()).subarray(0, 300),
      'media_unreadable',
    ],
    ['one pixel', async () => (await twoColours(1, 1)).png().toBuffer(), 'media_dimensions_refused'],
    ['900 million pixels', hugePng, 'media_dimensions_refused'],
    [
      'more than 20 MB',
      async () => Buffer.concat([await aJpeg(), randomBytes(20_000_000)]),
      'media_too_large',
    ],
  ])('is refused, whatever it is called: %s', async (_title, make, code) => {
    const bytes = await make()
    const source = await test.upload(bytes, 'holiday.jpg', 'image/jpeg')
    const { workshop } = test
    const results = await Promise.allSettled([
      workshop.prepareImage(source),
      workshop.prepareAvatar(source),
      workshop.prepareSticker(source),
    ])
    const refused = { status: 'rejected', reason: expect.objectContaining({ code }) as unknown }
    expect(results).toMatchObject([refused, refused, refused])
    expect(await test.leftovers()).toEqual([])
  })

  it('is refused with a reason of its own when it is HEIC without a codec', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
    const bytes = await heicPicture(64, 48)
    // A real one: its header is read.
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'heif', compression: 'hevc', width: 64 })
    for (const prepare of ['prepareImage', 'prepareAvatar'] as const) {
      const going = test.workshop[prepare](await test.upload(bytes))
      await expect(going).rejects.toMatchObject({ code: 'heic_not_readable' })
    }
  })

  it('leaves nothing behind when the caller hangs up', async () => {
    const source = await test.upload(await (await twoColours(3_000, 3_000)).png().toBuffer())
    const caller = new AbortController()
    const going = test.workshop.prepareImage(source, { signal: caller.signal })
    caller.abort()
    await expect(going).rejects.toMatchObject({ code: 'request_aborted' })
  })
})

describe('an avatar', () => {
  it.each([
    [1_200, 800, 640],
    [300, 500, 300],
  ])('of %i x %i becomes a square of %i, cut from the middle', async (width, height, edge) => {
    const source = await test.upload(await (await twoColours(width, height)).png().toBuffer())
    await used(await test.workshop.prepareAvatar(source), async (media) => {
      expect(media).toMatchObject({ mimeType: 'image/jpeg', width: edge, height: edge })
      expect(await sharp(media.path).metadata()).toMatchObject({ width: edge, height: edge, format: 'jpeg' })
      expect(await colourAt(media.path, edge / 2 - 10, edge / 2)).toBe('red')
      expect(await colourAt(media.path, edge / 2 + 10, edge / 2)).toBe('blue')
    })
  })

  it('is small enough for a profile even when the picture is noise', async () => {
    const noise = sharp(randomBytes(1_000 * 1_000 * 3), { raw: { width: 1_000, height: 1_000, channels: 3 } })
    const source = await test.upload(await noise.jpeg({ quality: 95 }).toBuffer())
    await used(await test.workshop.prepareAvatar(source), async ({ sizeBytes }) => {
      expect(sizeBytes).toBeLessThanOrEqual(102_400)
    })
  })
})
