import { AppError } from '../../../core/app-error.ts'
import { openPicture } from './pictures.ts'

/** One moving sticker at full size: every frame as it is shown, and for how long. */
interface Frames {
  readonly pictures: readonly Buffer[]
  readonly delaysMs: readonly number[]
}

const edge = 512
/** Frames that are decoded at once; a decoded frame is a megabyte. */
const atOnce = 16
const mostFrames = 150
/** WhatsApp takes no longer stickers. */
export const longestMs = 10_000
/** So that at least two frames are shown. */
const longestFrameMs = longestMs / 2
/** Viewers show shorter frames as slow ones. */
const leastDelayMs = 20

/**
 * How long each frame of a sticker is shown, by how long it would be. The frames that would come after ten seconds are left
 * out.
 */
export function timesOf(delaysMs: readonly number[]): number[] {
  const times: number[] = []
  let shownMs = 0
  for (const wishedMs of delaysMs) {
    if (shownMs >= longestMs) break
    const lasts = Math.min(longestFrameMs, Math.max(leastDelayMs, wishedMs), longestMs - shownMs)
    times.push(lasts)
    shownMs += lasts
  }
  return times
}

/**
 * Makes a moving WebP smaller until it fits: worse quality first, then fewer frames. Null when even the worst does not fit.
 * `webp` has to be 512x512 already.
 */
export async function fitAnimation(
  webp: Buffer,
  mostBytes: number,
  signal?: AbortSignal,
): Promise<Buffer | null> {
  let step = 1
  for (let round = 0; round < 4; round += 1) {
    const frames = await readFrames(webp, step)
    let smallest = Number.POSITIVE_INFINITY
    for (const quality of round === 0 ? [60, 30, 10] : [30, 10]) {
      if (signal?.aborted === true) throw new AppError('request_aborted')
      const made = await joinFrames(frames, quality)
      if (made.length <= mostBytes) return made
      smallest = made.length
    }
    // Frames are about alike, so that the size tells how many are too many.
    step = Math.max(step + 1, Math.ceil((step * smallest * 1.1) / mostBytes))
  }
  return null
}

/** Every `step`th frame, each shown as long as those it stands for. */
async function readFrames(webp: Buffer, step: number): Promise<Frames> {
  const { delay = [] } = await (await openPicture(webp)).metadata()
  const times = timesOf(delay)
  const thinned = Math.max(step, Math.ceil(times.length / mostFrames))
  const pictures: Buffer[] = []
  const delaysMs: number[] = []
  for (let from = 0; from < times.length; from += atOnce) {
    const count = Math.min(atOnce, times.length - from)
    const raw = await (await openPicture(webp, { page: from, pages: count, animated: false }))
      .ensureAlpha()
      .raw()
      .toBuffer()
    for (let index = 0; index < count; index += 1) {
      const number = from + index
      if (number % thinned !== 0) continue
      const pixels = raw.subarray(index * edge * edge * 4, (index + 1) * edge * edge * 4)
      const { default: sharp } = await import('sharp')
      const picture = sharp(pixels, { raw: { width: edge, height: edge, channels: 4 } })
      pictures.push(await picture.png({ compressionLevel: 1 }).toBuffer())
      delaysMs.push(times.slice(number, number + thinned).reduce((sum, ms) => sum + ms, 0))
    }
  }
  return { pictures, delaysMs }
}

async function joinFrames({ pictures, delaysMs }: Frames, quality: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp([...pictures], { join: { animated: true }, limitInputPixels: false })
    .webp({ quality, alphaQuality: quality, effort: 2, loop: 0, delay: [...delaysMs] })
    .toBuffer()
}
