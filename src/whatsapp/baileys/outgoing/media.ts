import { randomBytes } from 'node:crypto'
import type { proto } from 'baileys'
import type { MediaKind } from '../../message.ts'
import type { OutgoingMedia } from '../../outgoing-media.ts'
import type { UploadedFile } from '../media/media-uploader.ts'

/** What a message with media is on WhatsApp's side: stickers and round videos have keys and places of their own. */
export function mediaKindOf(message: OutgoingMedia): MediaKind {
  return message.kind === 'video' && message.isVideoNote ? 'video_note' : message.kind
}

/**
 * A message with media in WhatsApp's form, without its context. Made here and not by Baileys, which makes thumbnails with a
 * shell and keeps encrypted copies in the machine's temporary folder.
 */
export function toMediaMessage(message: OutgoingMedia, uploaded: UploadedFile, at: Date): proto.IMessage {
  const content = toContent(message, uploaded, at)
  const secret = { messageContextInfo: { messageSecret: randomBytes(32) } }
  if (!('isViewOnce' in message) || !message.isViewOnce) return { ...content, ...secret }
  // Voice messages are seen once in another wrapper than pictures.
  return message.kind === 'audio'
    ? { viewOnceMessageV2Extension: { message: { ...content, ...secret } } }
    : { viewOnceMessage: { message: { ...content, ...secret } } }
}

function toContent(message: OutgoingMedia, uploaded: UploadedFile, at: Date): proto.IMessage {
  const facts = toFileFields(message, uploaded, at)
  switch (message.kind) {
    case 'image':
      return {
        imageMessage: {
          ...facts,
          ...toLook(message),
          ...given('caption', message.caption),
          ...(message.isViewOnce ? { viewOnce: true } : {}),
        },
      }
    case 'video': {
      const video: proto.Message.IVideoMessage = {
        ...facts,
        ...toLook(message),
        ...given('seconds', message.seconds),
        ...(message.isVideoNote ? {} : given('caption', message.caption)),
        ...(message.isGif ? { gifPlayback: true } : {}),
        ...(message.isViewOnce ? { viewOnce: true } : {}),
      }
      return message.isVideoNote ? { ptvMessage: video } : { videoMessage: video }
    }
    case 'audio':
      return {
        audioMessage: {
          ...facts,
          ...given('seconds', message.seconds),
          ...(message.isVoice ? { ptt: true, ...given('waveform', message.waveform) } : {}),
          ...(message.isViewOnce ? { viewOnce: true } : {}),
        },
      }
    case 'document':
      return {
        documentMessage: {
          ...facts,
          ...toLook(message),
          title: message.fileName,
          fileName: message.fileName,
          ...given('caption', message.caption),
        },
      }
    case 'sticker':
      return {
        stickerMessage: {
          ...facts,
          ...given('width', message.width),
          ...given('height', message.height),
          ...given('pngThumbnail', message.thumbnail),
          isAnimated: message.isAnimated === true,
          stickerSentTs: at.getTime(),
        },
      }
  }
}

function toFileFields({ file }: OutgoingMedia, uploaded: UploadedFile, at: Date) {
  return {
    url: uploaded.url,
    directPath: uploaded.directPath,
    mimetype: file.mimeType,
    fileSha256: uploaded.sha256,
    fileLength: uploaded.sizeBytes,
    ...(uploaded.mediaKey === null
      ? {}
      : { mediaKey: uploaded.mediaKey, mediaKeyTimestamp: Math.floor(at.getTime() / 1000) }),
    ...(uploaded.encryptedSha256 === null ? {} : { fileEncSha256: uploaded.encryptedSha256 }),
  }
}

function toLook(look: {
  width?: number | undefined
  height?: number | undefined
  thumbnail?: Uint8Array | undefined
}): { width?: number; height?: number; jpegThumbnail?: Uint8Array } {
  return {
    ...given('width', look.width),
    ...given('height', look.height),
    ...given('jpegThumbnail', look.thumbnail),
  }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [_ in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [_ in Name]?: Value } // the very member, or none
}
