import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { AppError } from '../../core/app-error.ts'
import type { TempFolder } from '../../files/temp-folder.ts'
import type { MediaSource, MediaWorkshop, PreparedMedia } from '../media/prepared-media.ts'

const maxEdge = 640
/** Pictures with more pixels are not worked on: they would take the memory of everybody else. */
const maxPixels = 50_000_000

/** Makes group photos: a square JPEG cut from the middle. */
export class SquarePhotos implements Pick<MediaWorkshop, 'prepareAvatar'> {
  readonly #folder: TempFolder

  constructor(deps: { readonly folder: TempFolder }) {
    this.#folder = deps.folder
  }

  async prepareAvatar(source: MediaSource): Promise<PreparedMedia> {
    if (source.kind !== 'upload') throw new AppError('media_type_refused')
    const { bytes, edge } = await squareJpeg(source.file.path)
    const path = await this.#folder.newPath('.jpg')
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' })
    return {
      path,
      mimeType: 'image/jpeg',
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      width: edge,
      height: edge,
      dispose: () => rm(path, { force: true }),
    }
  }
}

async function squareJpeg(path: string): Promise<{ bytes: Buffer; edge: number }> {
  try {
    const image = sharp(path, { limitInputPixels: maxPixels, failOn: 'error' }).autoOrient()
    const { width, height } = await image.metadata()
    const edge = Math.min(width, height, maxEdge)
    const square = image.resize(edge, edge, { fit: 'cover' }).flatten({ background: '#ffffff' })
    return { bytes: await square.jpeg({ quality: 80 }).toBuffer(), edge }
  } catch (cause) {
    throw new AppError('media_unreadable', { cause })
  }
}
