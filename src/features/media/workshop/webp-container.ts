import type { StickerPack } from '../prepared-media.ts'

interface Chunk {
  readonly name: string
  readonly data: Buffer
}

const exifFlag = 0x08
const alphaFlag = 0x10

/**
 * Puts the pack of a sticker into a WebP file, where WhatsApp looks for it: an EXIF chunk with one entry, tag 0x5741, that
 * holds JSON. Any EXIF that is there goes.
 */
export function withStickerPack(
  webp: Buffer,
  pack: StickerPack,
  size: { width: number; height: number },
): Buffer {
  const chunks = readChunks(webp).filter(({ name }) => name !== 'EXIF')
  const head = chunks.find(({ name }) => name === 'VP8X')?.data ?? extendedHead(chunks, size)
  const flagged = Buffer.from(head)
  flagged[0] = (flagged[0] ?? 0) | exifFlag
  const rest = chunks.filter(({ name }) => name !== 'VP8X')
  return writeChunks([{ name: 'VP8X', data: flagged }, ...rest, { name: 'EXIF', data: packExif(pack) }])
}

/** The JSON of a sticker's pack, null when the file has none. For looking at what was made. */
export function readStickerPack(webp: Buffer): unknown {
  const exif = readChunks(webp).find(({ name }) => name === 'EXIF')?.data
  return exif === undefined ? null : (JSON.parse(exif.subarray(22).toString('utf8')) as unknown)
}

function packExif(pack: StickerPack): Buffer {
  const json = Buffer.from(
    JSON.stringify({
      'sticker-pack-id': pack.id ?? '',
      'sticker-pack-name': pack.name ?? '',
      'sticker-pack-publisher': pack.publisher ?? '',
      emojis: pack.emojis ?? [],
    }),
  )
  // TIFF, little-endian; a directory of one entry at 8: tag 0x5741, bytes of any kind, so many, from 22 on.
  const head = Buffer.from('49492a00080000000100415707000000000016000000', 'hex')
  head.writeUInt32LE(json.length, 14)
  return Buffer.concat([head, json])
}

function extendedHead(
  chunks: readonly Chunk[],
  { width, height }: { width: number; height: number },
): Buffer {
  const head = Buffer.alloc(10)
  const lossless = chunks.find(({ name }) => name === 'VP8L')?.data
  const hasAlpha = lossless !== undefined && ((lossless[4] ?? 0) & 0x10) !== 0
  head[0] = hasAlpha || chunks.some(({ name }) => name === 'ALPH') ? alphaFlag : 0
  head.writeUIntLE(width - 1, 4, 3)
  head.writeUIntLE(height - 1, 7, 3)
  return head
}

function readChunks(webp: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = []
  for (let at = 12; at + 8 <= webp.length; ) {
    const name = webp.toString('latin1', at, at + 4)
    const size = webp.readUInt32LE(at + 4)
    chunks.push({ name, data: webp.subarray(at + 8, at + 8 + size) })
    at += 8 + size + (size % 2)
  }
  return chunks
}

function writeChunks(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.flatMap(({ name, data }) => {
    const head = Buffer.alloc(8)
    head.write(name, 'latin1')
    head.writeUInt32LE(data.length, 4)
    return [head, data, Buffer.alloc(data.length % 2)]
  })
  const body = Buffer.concat(parts)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}
