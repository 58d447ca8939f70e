import { proto } from 'baileys'
import type { MediaDescription, MediaKind } from '../../message.ts'
import { mediaOf, mediaPartOf, toNumber, unwrap } from '../incoming/content.ts'

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

/** Reads what a message's protobuf says of its media; null when it brings none along. */
export function readMediaFacts(raw: Uint8Array): MediaFacts | null {
  const found = mediaPartOf(unwrap(proto.Message.decode(raw)).content)
  if (found === null) return null
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
export function describeMedia(raw: Uint8Array): MediaDescription | null {
  const { content } = unwrap(proto.Message.decode(raw))
  const info = mediaOf(content)
  if (info === null) return null
  const sha256 = mediaPartOf(content)?.part.fileSha256 ?? new Uint8Array()
  return {
    ...info,
    sha256: sha256.length === 32 ? Buffer.from(sha256).toString('hex') : '',
    isAnimated: content.stickerMessage?.isAnimated === true,
  }
}

/** The same message with its media at another place on the hosts. */
export function withDirectPath(raw: Uint8Array, directPath: string): Uint8Array {
  const message = proto.Message.decode(raw)
  const content = mediaPartOf(unwrap(message).content)?.part
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
