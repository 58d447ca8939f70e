import type { Sharp, SharpOptions } from 'sharp'
import { AppError, toError } from '../../../core/app-error.ts'

/** Most pixels of a picture: a phone's largest photos, and far from what would fill the memory. */
export const mostPixels = 120_000_000
/** Most pixels of all frames of a moving picture together; they are worked on one after the other. */
export const mostFramePixels = 600_000_000
const leastEdge = 2
/** Longest work on one picture; what is let in is far from it. */
const mostSeconds = 120
const thumbnailEdge = 160

/** What is worth knowing of a picture before it is worked on; width and height as people see it. */
export interface PictureFacts {
  readonly width: number
  readonly height: number
  readonly frames: number
  /** How long each frame is shown, as the file says; empty for a picture that does not move. */
  readonly delaysMs: readonly number[]
  readonly format: string
  /** Its colours are those of a press, which phones show wrong or not at all. */
  readonly isForPrint: boolean
  /** There is EXIF, XMP or IPTC data in it, which may tell a place, or a turn to be applied. */
  readonly hasPrivateData: boolean
}

/** Opens a picture. Loaded when the first one is worked on, so that starting does not wait for it. */
export async function openPicture(path: string | Buffer, options: SharpOptions = {}): Promise<Sharp> {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  const careful = { failOn: 'error', limitInputPixels: mostPixels, sequentialRead: true } as const
  return sharp(path, { ...careful, ...options }).timeout({ seconds: mostSeconds })
}

/** Reads a picture's header. Raises `media_unreadable` and `media_dimensions_refused`. */
export async function readPicture(path: string): Promise<PictureFacts> {
  const image = await openPicture(path, { limitInputPixels: false })
  const found = await image.metadata().catch((error: unknown) => pictureRefused(error))
  const { width, height } = found.autoOrient
  const frames = found.pages ?? 1
  const size = `${width}x${height}`
  if (width < leastEdge || height < leastEdge)
    throw new AppError('media_dimensions_refused', {
      message: `the picture has ${size} pixels, which is too small`,
    })
  if (width * height > mostPixels || width * height * frames > mostFramePixels)
    throw new AppError('media_dimensions_refused', {
      message: `the picture has ${size} pixels${frames > 1 ? ` in ${frames} frames` : ''}; at most ${mostPixels / 1_000_000} million are taken`,
    })
  const hasPrivateData =
    found.exif !== undefined ||
    found.xmp !== undefined ||
    found.iptc !== undefined ||
    (found.orientation ?? 1) !== 1
  const isForPrint = found.space === 'cmyk'
  const delaysMs = found.delay ?? []
  return { width, height, frames, delaysMs, format: found.format, isForPrint, hasPrivateData }
}

/** A small JPEG of the picture as people see it, without anything else that is in it. */
export async function thumbnailOf(path: string | Buffer): Promise<Uint8Array> {
  const image = await openPicture(path)
  return image
    .autoOrient()
    .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 60 })
    .toBuffer()
    .catch((error: unknown) => pictureRefused(error))
}

/** A small PNG of the picture, transparent where it is. */
export async function transparentThumbnailOf(path: string | Buffer): Promise<Uint8Array> {
  const image = await openPicture(path)
  return image
    .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
    .png({ palette: true })
    .toBuffer()
    .catch((error: unknown) => pictureRefused(error))
}

/** Translates what the picture library says. */
export function pictureRefused(thrown: unknown): never {
  const error = toError(thrown)
  if (error instanceof AppError) throw error
  if (/pixel limit|too large for the \w+ format/i.test(error.message))
    throw new AppError('media_dimensions_refused', { cause: error })
  if (/^timeout:/i.test(error.message)) throw new AppError('conversion_timeout', { cause: error })
  // Its other errors are about what is in the file; it has no codes for them.
  if ('code' in error) throw error
  throw new AppError('media_unreadable', {
    message: 'the picture is damaged, incomplete, or in a coding that cannot be read here',
    cause: error,
  })
}
