import { open } from 'node:fs/promises'
import { AppError } from '../../../core/app-error.ts'
import { plainFileName } from '../../../files/plain-file-name.ts'
import { extensionOf, typeOfName } from '../file-extension.ts'
import type { DocumentOptions, PreparedMedia } from '../prepared-media.ts'
import type { PdfPages } from './pdf-pages.ts'
import { readPicture, thumbnailOf } from './pictures.ts'
import type { WorkFile, WorkFiles } from './work-files.ts'
import type { WorkQueue } from './work-queue.ts'

/** What thumbnails of documents are drawn with. */
interface Drawing {
  readonly pdfPages: PdfPages
  /** Bounds how many are drawn at once. */
  readonly pictures: WorkQueue
}

const drawable: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
])
/** What the bytes of a container show when they do not show what is in it; then the name may say more. */
const vague: ReadonlySet<string> = new Set([
  '',
  'application/zip',
  'application/x-cfb',
  'application/xml',
  'text/xml',
])

/** Any file untouched, with a name, a type and perhaps a thumbnail. */
export async function toDocument(
  file: WorkFile,
  files: WorkFiles,
  drawing: Drawing,
  options: DocumentOptions,
): Promise<PreparedMedia> {
  const given = plainFileName(options.fileName ?? '') || file.fileName
  const named = vague.has(file.mimeType) ? typeOfName(given) : null
  const mimeType =
    named ?? (file.mimeType || ((await isText(file.path)) ? 'text/plain' : 'application/octet-stream'))
  const extension = extensionOf(mimeType)
  const fileName = given || (extension === '' ? 'file' : `file.${extension}`)
  const path = await files.adopt(file)
  const thumbnail = await drawThumbnail(path, file.mimeType, files, drawing, options)
  return files.keep(path, { mimeType, fileName, ...(thumbnail === null ? {} : { thumbnail }) })
}

/**
 * A picture of the document; none when it cannot be drawn, or too many wait for theirs, since the document itself is sent
 * untouched anyway.
 */
async function drawThumbnail(
  path: string,
  mimeType: string,
  files: WorkFiles,
  { pdfPages, pictures }: Drawing,
  { signal }: DocumentOptions,
): Promise<Uint8Array | null> {
  const draw = async () => {
    if (mimeType === 'application/pdf') {
      const page = await files.newPath('.jpg')
      return (await pdfPages.firstPage(path, page, signal)) ? await thumbnailOf(page) : null
    }
    await readPicture(path)
    return thumbnailOf(path)
  }
  if (mimeType !== 'application/pdf' && !drawable.has(mimeType)) return null
  try {
    return await pictures.run(draw, signal)
  } catch (error) {
    if (error instanceof AppError && isNoMatter(error)) return null
    throw error
  }
}

function isNoMatter({ code }: AppError): boolean {
  return code.startsWith('media_') || code === 'conversions_busy' || code === 'conversion_timeout'
}

/** Whether the beginning is text in UTF-8. */
async function isText(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0)
    const bytes = buffer.subarray(0, bytesRead)
    // The last character may be cut.
    return !bytes.includes(0) && !new TextDecoder().decode(bytes, { stream: true }).includes('\ufffd')
  } finally {
    await file.close()
  }
}
