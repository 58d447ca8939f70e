import { readFile, writeFile } from 'node:fs/promises'
import { AppError } from '../../../core/app-error.ts'
import type { PreparedMedia, StickerOptions } from '../prepared-media.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { described } from './media-type.ts'
import {
  mostFramePixels,
  openPicture,
  type PictureFacts,
  pictureRefused,
  readPicture,
  transparentThumbnailOf,
} from './pictures.ts'
import { fitAnimation, longestMs, timesOf } from './sticker-frames.ts'
import { withStickerPack } from './webp-container.ts'
import type { WorkFile, WorkFiles } from './work-files.ts'

const edge = 512
const stillBytes = 100_000
const movingBytes = 500_000
/** Room for the pack's chunk. */
const packBytes = 2_000
const pictures: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif'])
/** What ffmpeg reads; of a PNG that moves the picture library knows the first frame only. */
const videos: ReadonlySet<string> = new Set([
  'image/apng',
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'video/x-matroska',
])
const transparent = { r: 0, g: 0, b: 0, alpha: 0 }

/** Makes a picture or a short video a sticker that WhatsApp takes: 512x512 WebP, within its size. */
export async function toSticker(
  file: WorkFile,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  options: StickerOptions,
): Promise<PreparedMedia> {
  const { webp, isAnimated } = await draw(file, files, ffmpeg, options)
  const { pack } = options
  const path = await files.newPath('.webp')
  await writeFile(
    path,
    pack === undefined ? webp : withStickerPack(webp, pack, { width: edge, height: edge }),
    {
      flag: 'wx',
      mode: 0o600,
    },
  )
  const thumbnail = await transparentThumbnailOf(webp)
  return files.keep(path, { mimeType: 'image/webp', width: edge, height: edge, isAnimated, thumbnail })
}

async function draw(
  file: WorkFile,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  options: StickerOptions,
): Promise<{ readonly webp: Buffer; readonly isAnimated: boolean }> {
  if (videos.has(file.mimeType))
    return { webp: await fitted(await fromVideo(file, files, ffmpeg, options), options), isAnimated: true }
  if (!pictures.has(file.mimeType))
    throw new AppError('media_type_refused', {
      message: 'your sticker is not allowed. please use jpg/jpeg/png/webp/gif',
      details: { found: described(file.mimeType) },
    })
  const facts = await readPicture(file.path)
  const isReady = facts.format === 'webp' && facts.width === edge && facts.height === edge
  if (facts.frames > 1) {
    const isShort = timesOf(facts.delaysMs).every((lasts, frame) => lasts === facts.delaysMs[frame])
    const isFit = isReady && isShort && file.sizeBytes <= movingBytes - packBytes
    return {
      webp: isFit ? await checked(file) : await fitted(await moving(file, facts), options),
      isAnimated: true,
    }
  }
  const isSmall = isReady && !facts.hasPrivateData && file.sizeBytes <= stillBytes - packBytes
  return { webp: isSmall ? await checked(file) : await still(file), isAnimated: false }
}

/** The bytes as they are, once every frame has been decoded. */
async function checked(file: WorkFile): Promise<Buffer> {
  const image = await openPicture(file.path, { animated: true, limitInputPixels: mostFramePixels })
  await image.stats().catch((error: unknown) => pictureRefused(error))
  return readFile(file.path)
}

async function still(file: WorkFile): Promise<Buffer> {
  for (let quality = 90; ; quality -= 15) {
    const image = (await openPicture(file.path)).autoOrient()
    const webp = await image
      .resize(edge, edge, { fit: 'contain', background: transparent })
      .webp({ quality, alphaQuality: Math.max(quality, 50), effort: 4 })
      .toBuffer()
      .catch((error: unknown) => pictureRefused(error))
    if (webp.length <= stillBytes - packBytes || quality <= 15) return webp
  }
}

async function moving(file: WorkFile, { delaysMs }: PictureFacts): Promise<Buffer> {
  const delay = timesOf(delaysMs)
  const image = await openPicture(file.path, { pages: delay.length, limitInputPixels: mostFramePixels })
  return image
    .resize(edge, edge, { fit: 'contain', background: transparent })
    .webp({ quality: 75, effort: 2, loop: 0, delay })
    .toBuffer()
    .catch((error: unknown) => pictureRefused(error))
}

async function fitted(webp: Buffer, { signal }: StickerOptions): Promise<Buffer> {
  if (webp.length <= movingBytes - packBytes) return webp
  const smaller = await fitAnimation(webp, movingBytes - packBytes, signal)
  if (smaller === null)
    throw new AppError('media_too_large', {
      message: 'the moving sticker is larger than 500 kB even in the worst quality; please use a shorter one',
    })
  return smaller
}

async function fromVideo(
  file: WorkFile,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  { signal }: StickerOptions,
): Promise<Buffer> {
  const path = await files.newPath('.webp')
  const filter = [
    'fps=15',
    `scale=${edge}:${edge}:force_original_aspect_ratio=decrease:flags=lanczos`,
    'format=rgba',
    `pad=${edge}:${edge}:-1:-1:color=0x00000000`,
  ].join(',')
  const coding = ['-c:v', 'libwebp_anim', '-q:v', '70', '-compression_level', '3', '-loop', '0', '-f', 'webp']
  const seconds = String(longestMs / 1_000)
  await ffmpeg.convert(file.path, ['-t', seconds, '-an', '-sn', '-vf', filter, ...coding, path], { signal })
  return readFile(path)
}
