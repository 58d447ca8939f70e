import { proto } from 'baileys'
import type { MediaDescription, MediaKind } from '../../message.ts'
import { mediaPartsOf, toMediaInfo, toNumber, unwrap } from '../incoming/content.ts'

/** What a message says of its media, as far as fetching it needs to know. */
export interface MediaFacts {
  readonly kind: MediaKind
  /** Null for media in the clear, as channels have it. */
  readonly mediaKey: Uint8Array | null
  readonly directPath: string
  readonly url: string
  readonly sha256: Uint8Array | null
  readonly encryptedSha256: Uint8Array | null
  /** As the sender says; 0 when they do not. */
  readonly sizeBytes: number
}

/** Reads what a message's protobuf says of its file at this position, counted from 0; null when it brings none along there. */
export function readMediaFacts(raw: Uint8Array, position: number): MediaFacts | null {
  const found = mediaPartsOf(unwrap(proto.Message.decode(raw)).content)[position]
  if (found === undefined) return null
  const { kind, part: content } = found
  return {
    kind,
    mediaKey: orNull(content.mediaKey),
    directPath: content.directPath ?? '',
    url: content.url ?? '',
    sha256: orNull(content.fileSha256),
    encryptedSha256: orNull(content.fileEncSha256),
    sizeBytes: toNumber(content.fileLength),
  }
}

/** See `DescribeMedia`. */
export function describeMedia(raw: Uint8Array): readonly MediaDescription[] {
  const { content } = unwrap(proto.Message.decode(raw))
  return mediaPartsOf(content).map((found) => {
    const sha256 = found.part.fileSha256 ?? new Uint8Array()
    return {
      ...toMediaInfo(found),
      sha256: sha256.length === 32 ? Buffer.from(sha256).toString('hex') : '',
      isAnimated: content.stickerMessage?.isAnimated === true,
    }
  })
}

/** The same message with its media, of several the first, at another place on the hosts. */
export function withDirectPath(raw: Uint8Array, directPath: string): Uint8Array {
  const message = proto.Message.decode(raw)
  const content = mediaPartsOf(unwrap(message).content)[0]?.part
  if (content !== undefined) {
    content.directPath = directPath
    // The address would still lead to where nothing is any more.
    content.url = ''
  }
  return proto.Message.encode(message).finish()
}

function orNull(bytes: Uint8Array | null | undefined): Uint8Array | null {
  return bytes && bytes.length > 0 ? bytes : null
}
