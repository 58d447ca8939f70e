import { randomBytes } from 'node:crypto'
import { proto } from 'baileys'
import type { MediaKind } from '../../message.ts'
import type { ForwardFacts, OutgoingForward } from '../../outgoing-message.ts'
import {
  contentType,
  contextOf,
  filePartOf,
  saysViewOnce,
  toDate,
  toNumber,
  unwrap,
} from '../incoming/content.ts'
import { describeMedia } from '../media/media-facts.ts'
import type { UploadedFile } from '../media/media-uploader.ts'
import type { Made } from './made.ts'

/** From this score on clients say "forwarded many times"; official ones stop counting here. */
const highestScore = 127

/** See `ReadForward`. */
export function readForward(raw: Uint8Array): ForwardFacts | null {
  const { content, isViewOnce } = unwrap(proto.Message.decode(raw))
  if (contentType(content) === 'empty') return null
  const [media = null] = describeMedia(raw)
  const file = media === null ? null : mediaContentOf(content)
  return {
    isViewOnce: isViewOnce || saysViewOnce(content),
    media:
      media === null || file === null
        ? null
        : {
            ...media,
            isEncrypted: Boolean(file.mediaKey?.length),
            uploadedAt: file.mediaKeyTimestamp ? toDate(file.mediaKeyTimestamp) : null,
          },
  }
}

/**
 * A kept message as it is passed on: its content without wrappers, quote, mentions and secrets, with a secret of its own and
 * the forwarding score raised. As with official clients, what we wrote ourselves does not count as forwarded the first time.
 */
export function toForwardMessage({ raw, isOwn }: OutgoingForward): proto.IMessage {
  const { content } = unwrap(proto.Message.decode(raw))
  const before = toNumber(contextOf(content)?.forwardingScore)
  const score = Math.min(before + (isOwn && before === 0 ? 0 : 1), highestScore)
  const type = contentType(content) as keyof proto.IMessage // the name of one of its members
  const part: unknown = content[type]
  const contextInfo = score === 0 ? {} : { contextInfo: { isForwarded: true, forwardingScore: score } }
  const messageContextInfo = { messageSecret: randomBytes(32) }
  if (typeof part === 'string')
    return { extendedTextMessage: { text: part, ...contextInfo }, messageContextInfo }
  if (typeof part !== 'object' || part === null) throw new Error('a message without content is forwarded')
  const { contextInfo: _, ...rest } = part as { contextInfo?: unknown } // left behind
  return { [type]: { ...rest, ...contextInfo }, messageContextInfo }
}

/** What the stanza of a forwarded message carries beside its content. */
export function forwardStanza(message: proto.IMessage): Pick<Made, 'attributes' | 'nodes'> {
  if (message.ptvMessage) return { attributes: { type: 'media' } }
  const isPoll = message.pollCreationMessage ?? message.pollCreationMessageV2 ?? message.pollCreationMessageV3
  return isPoll ? { nodes: [{ tag: 'meta', attrs: { polltype: 'creation' } }] } : {}
}

/** What kind of file a message brings along; null when none. */
export function fileKindOf(message: proto.IMessage): MediaKind | null {
  return filePartOf(message)?.kind ?? null
}

/** Lets a message's media be fetched from where it was uploaded anew. */
export function putUploaded(message: proto.IMessage, uploaded: UploadedFile, at: Date): void {
  const file = mediaContentOf(message)
  if (file === null) return
  file.url = uploaded.url
  file.directPath = uploaded.directPath
  file.fileSha256 = uploaded.sha256
  file.fileLength = uploaded.sizeBytes
  file.mediaKey = uploaded.mediaKey
  file.fileEncSha256 = uploaded.encryptedSha256
  file.mediaKeyTimestamp = uploaded.mediaKey === null ? null : Math.floor(at.getTime() / 1000)
}

type FileContent = Pick<
  proto.Message.IImageMessage,
  'url' | 'directPath' | 'fileSha256' | 'fileEncSha256' | 'fileLength' | 'mediaKey' | 'mediaKeyTimestamp'
>

function mediaContentOf(content: proto.IMessage): FileContent | null {
  return (
    content.imageMessage ??
    content.videoMessage ??
    content.ptvMessage ??
    content.audioMessage ??
    content.documentMessage ??
    content.stickerMessage ??
    null
  )
}
