import { AppError } from '../../../core/app-error.ts'
import type { ImageOptions, PreparedMedia } from '../prepared-media.ts'
import { described } from './media-type.ts'
import { openPicture, type PictureFacts, pictureRefused, readPicture, thumbnailOf } from './pictures.ts'
import type { WorkFile, WorkFiles } from './work-files.ts'

const compressedWidth = 600
const hdEdge = 2_560
const avatarEdge = 640
const avatarBytes = 102_400
const heif: ReadonlySet<string> = new Set([
  'image/heic',
  'image/heif',
  'image/heic-sequence',
  'image/heif-sequence',
])
const readable: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/gif',
  'image/tiff',
  'image/avif',
  ...heif,
])

/** Raises `media_type_refused` for what is no picture by its bytes. Vector files are none: they can carry scripts. */
export function checkPicture({ mimeType }: WorkFile, what: string): void {
  if (!readable.has(mimeType))
    throw new AppError('media_type_refused', {
      message: `your ${what}. please use jpg/jpeg/png`,
      details: { found: described(mimeType) },
    })
}

/** Makes a picture a JPEG without metadata, turned the right way. */
export async function toImage(
  file: WorkFile,
  files: WorkFiles,
  options: ImageOptions,
): Promise<PreparedMedia> {
  checkPicture(file, 'image is not allowed')
  const facts = await readHeif(file)
  const thumbnail = await thumbnailOf(file.path)
  const isAsItIs = options.compress !== true && options.hd !== true
  if (isAsItIs && facts.format === 'jpeg' && !facts.isForPrint && !facts.hasPrivateData) {
    const { width, height } = facts
    return files.keep(await files.adopt(file), { mimeType: 'image/jpeg', width, height, thumbnail })
  }
  const path = await files.newPath('.jpg')
  const image = (await openPicture(file.path)).autoOrient()
  const sized =
    options.hd === true
      ? image.resize(hdEdge, hdEdge, { fit: 'inside', withoutEnlargement: true })
      : options.compress === true
        ? image.resize({ width: compressedWidth, withoutEnlargement: true })
        : image
  const { width, height } = await sized
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: options.hd === true ? 92 : 90 })
    .toFile(path)
    .catch((error: unknown) => pictureRefused(error))
  return files.keep(path, { mimeType: 'image/jpeg', width, height, thumbnail })
}

/** Makes a picture a square JPEG, cut from its middle, small enough for a profile. */
export async function toAvatar(file: WorkFile, files: WorkFiles): Promise<PreparedMedia> {
  checkPicture(file, 'avatar is not allowed')
  const facts = await readHeif(file)
  const edge = Math.min(facts.width, facts.height, avatarEdge)
  const path = await files.newPath('.jpg')
  for (let quality = 80; ; quality -= 10) {
    const image = (await openPicture(file.path)).autoOrient().resize(edge, edge, { fit: 'cover' })
    const { size } = await image
      .flatten({ background: '#ffffff' })
      .jpeg({ quality })
      .toFile(path)
      .catch((error: unknown) => pictureRefused(error))
    if (size <= avatarBytes || quality <= 20) break
  }
  const thumbnail = await thumbnailOf(path)
  return files.keep(path, { mimeType: 'image/jpeg', width: edge, height: edge, thumbnail })
}

/** HEIC needs a codec that free builds leave out; then that is what is said, not that the file is damaged. */
async function readHeif(file: WorkFile): Promise<PictureFacts> {
  if (!heif.has(file.mimeType)) return readPicture(file.path)
  try {
    const facts = await readPicture(file.path)
    await (await openPicture(file.path)).resize(8, 8).toBuffer()
    return facts
  } catch (cause) {
    throw new AppError('heic_not_readable', { cause })
  }
}
