import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PreparedMedia } from '../prepared-media.ts'
import { hasFfmpeg, TestWorkshop } from './test-workshop.ts'
import { readStickerPack } from './webp-container.ts'

let test: TestWorkshop
beforeAll(async () => {
  test = await TestWorkshop.open()
})
afterAll(() => test.close())
afterEach(async () => {
  expect(await test.leftovers()).toEqual([])
})

const prepare = async (bytes: Uint8Array, options = {}) =>
  test.workshop.prepareSticker(await test.upload(bytes, 'a.png'), options)

async function look(media: PreparedMedia) {
  const bytes = await readFile(media.path)
  const found = await sharp(bytes, { animated: true }).metadata()
  await media.dispose()
  return { bytes, found, media }
}

/** Frames of noise, which nothing makes small, or of plain colours. */
async function aGif(frames: number, edge: number, isNoise: boolean): Promise<Buffer> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, index) => {
      const raw = { width: edge, height: edge, channels: 4 as const }
      const pixels = isNoise
        ? randomBytes(edge * edge * 4)
        : Buffer.alloc(edge * edge * 4, Buffer.from([index * 20, 0, 200, 255]))
      return sharp(pixels, { raw }).png().toBuffer()
    }),
  )
  return sharp(pictures, { join: { animated: true } })
    .gif({ delay: pictures.map(() => 100), loop: 0 })
    .toBuffer()
}

describe('a sticker', () => {
  it.each(['jpeg', 'png', 'webp', 'gif'] as const)(
    'is made of a %s: 512x512 WebP, transparent around it',
    async (format) => {
      const picture = sharp({ create: { width: 200, height: 100, channels: 3, background: '#ff0000' } })
      const { bytes, found, media } = await look(await prepare(await picture.toFormat(format).toBuffer()))
      expect(media).toMatchObject({ mimeType: 'image/webp', width: 512, height: 512, isAnimated: false })
      expect(found).toMatchObject({ format: 'webp', width: 512, height: 512, hasAlpha: true })
      const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
      const alphaAt = (x: number, y: number) => data[(y * 512 + x) * 4 + 3]
      expect(alphaAt(256, 10)).toBe(0)
      expect(alphaAt(256, 256)).toBe(255)
    },
  )

  it('that does not move is at most 100 kB, whatever is in it', async () => {
    const raw = { width: 900, height: 900, channels: 3 as const }
    const noise = await sharp(randomBytes(900 * 900 * 3), { raw })
      .png()
      .toBuffer()
    const { bytes } = await look(await prepare(noise))
    expect(bytes.length).toBeLessThanOrEqual(100_000)
  })

  it('keeps moving', async () => {
    const { found, media } = await look(await prepare(await aGif(6, 120, false)))
    expect(media.isAnimated).toBe(true)
    expect(found).toMatchObject({
      width: 512,
      pageHeight: 512,
      pages: 6,
      delay: Array(6).fill(100) as number[],
    })
  })

  it('that moves is at most 500 kB: worse, and with fewer frames, but as long', {
    timeout: 90_000,
  }, async () => {
    const { bytes, found } = await look(await prepare(await aGif(12, 300, true)))
    expect(bytes.length).toBeLessThanOrEqual(500_000)
    expect(found).toMatchObject({ width: 512, pageHeight: 512 })
    expect(found.pages).toBeGreaterThan(1)
    expect(found.delay?.reduce((sum, ms) => sum + ms, 0)).toBe(1_200)
  })

  it('is not longer than ten seconds, which is what WhatsApp takes', async () => {
    const long = await sharp(await aGif(6, 60, false), { animated: true })
      .gif({ delay: [4_000, 4_000, 4_000, 4_000, 4_000, 4_000] })
      .toBuffer()
    const { found } = await look(await prepare(long))
    expect(found.delay).toEqual([4_000, 4_000, 2_000])
    const slow = await sharp(await aGif(2, 60, false), { animated: true })
      .gif({ delay: [60_000, 60_000] })
      .toBuffer()
    expect((await look(await prepare(slow))).found.delay).toEqual([5_000, 5_000])
    const ready = await sharp(await aGif(3, 60, false), { animated: true })
      .resize(512, 512)
      .webp({ delay: [20_000, 20_000, 20_000] })
      .toBuffer()
    expect((await look(await prepare(ready))).found.delay).toEqual([5_000, 5_000])
  })

  it('is made of the beginning of a picture with very many frames, without working on the rest', async () => {
    const frames = 5_000
    const edge = 4
    const raw = { width: edge, height: edge * frames, channels: 3 as const, pageHeight: edge }
    const pixels = Buffer.alloc(edge * edge * frames * 3)
    const frameBytes = pixels.length / frames
    for (let at = 0; at < frames; at += 1) pixels.fill((at % 2) * 255, at * frameBytes, (at + 1) * frameBytes)
    const endless = await sharp(pixels, { raw, limitInputPixels: false })
      .gif({ delay: Array(frames).fill(200) as number[] })
      .toBuffer()
    expect((await sharp(endless).metadata()).pages).toBe(frames)
    const { found } = await look(await prepare(endless))
    expect(found.delay).toEqual(Array(50).fill(200))
  })

  it('of a PNG that moves keeps moving, and stays transparent', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
    const moving = ['-f', 'lavfi', '-i', 'testsrc=size=100x60:rate=5:duration=1', '-f', 'apng', '-plays', '0']
    const { bytes, found, media } = await look(await prepare(await test.make('png', ...moving)))
    expect(media.isAnimated).toBe(true)
    expect(found).toMatchObject({ format: 'webp', width: 512, pageHeight: 512, hasAlpha: true })
    expect(found.pages).toBeGreaterThan(3)
    const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect(data[(10 * 512 + 256) * 4 + 3]).toBe(0)
  })

  it('has a small PNG to be shown before, transparent as it is', async () => {
    const picture = sharp({ create: { width: 200, height: 100, channels: 3, background: '#ff0000' } })
    const { media } = await look(await prepare(await picture.png().toBuffer()))
    expect(await sharp(media.thumbnail).metadata()).toMatchObject({ format: 'png', width: 160, height: 160 })
    const alpha = await sharp(media.thumbnail).extractChannel('alpha').raw().toBuffer()
    expect([alpha[10 * 160 + 80], alpha[80 * 160 + 80]]).toEqual([0, 255])
  })

  it.each([true, false])('that is fit already goes out byte by byte (moving: %s)', async (isMoving) => {
    const bytes = isMoving
      ? await sharp(await aGif(3, 120, false), { animated: true })
          .resize(512, 512)
          .webp()
          .toBuffer()
      : await sharp({ create: { width: 512, height: 512, channels: 4, background: '#0f08' } })
          .webp()
          .toBuffer()
    const made = await look(await prepare(bytes))
    expect(made.bytes.equals(bytes)).toBe(true)
    expect(made.media.isAnimated).toBe(isMoving)
  })

  it.each([
    [
      'still',
      async () =>
        sharp({ create: { width: 40, height: 40, channels: 3, background: '#00f' } })
          .png()
          .toBuffer(),
    ],
    ['moving', async () => aGif(3, 60, false)],
    [
      'lossless',
      async () =>
        sharp({ create: { width: 512, height: 512, channels: 4, background: '#00f8' } })
          .webp({ lossless: true })
          .toBuffer(),
    ],
  ])('names its pack (%s)', async (_title, make) => {
    const pack = { id: 'com.example', name: 'Bücher 📚', publisher: 'Wir', emojis: ['📚'] }
    const { bytes, found } = await look(await prepare(await make(), { pack }))
    expect(readStickerPack(bytes)).toEqual({
      'sticker-pack-id': 'com.example',
      'sticker-pack-name': 'Bücher 📚',
      'sticker-pack-publisher': 'Wir',
      emojis: ['📚'],
    })
    expect(found).toMatchObject({ format: 'webp', width: 512 })
    expect(found.exif?.length).toBeGreaterThan(22)
    await sharp(bytes, { animated: true }).stats()
  })

  it('is made of a short video', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
    const video = await test.make(
      'mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=320x180:rate=30:duration=2',
      '-pix_fmt',
      'yuv420p',
    )
    const { bytes, found, media } = await look(await prepare(video))
    expect(media.isAnimated).toBe(true)
    expect(found).toMatchObject({ width: 512, pageHeight: 512, hasAlpha: true })
    expect(found.pages).toBeGreaterThan(5)
    expect(bytes.length).toBeLessThanOrEqual(500_000)
  })
})
