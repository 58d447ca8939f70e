import type { proto } from 'baileys'
import { decryptMedia, encryptMedia, type MediaType, sha256 } from './media-crypto.ts'
import type { MediaHost } from './media-host.ts'

/** A file that a person sends. */
export interface MediaToSend {
  type: MediaType
  bytes: Buffer
  mimeType: string
  caption?: string
  fileName?: string
  /** A voice message. */
  isVoice?: boolean
  isViewOnce?: boolean
  isAnimated?: boolean
  isGif?: boolean
  seconds?: number
  width?: number
  height?: number
}

/** Any of the messages that bring a file along. */
export type MediaContent = Pick<
  proto.Message.IDocumentMessage,
  'mediaKey' | 'directPath' | 'url' | 'fileSha256' | 'fileEncSha256' | 'fileLength' | 'mimetype'
>

/** Encrypts and uploads a file, and makes the message that brings it along. */
export function mediaMessage(media: MediaToSend, host: MediaHost): proto.IMessage {
  const { ciphertext, mediaKey, fileSha256, fileEncSha256 } = encryptMedia(media.bytes, media.type)
  const { directPath } = host.store(media.type, ciphertext)
  const facts = {
    url: `https://mmg.whatsapp.net${directPath}`,
    directPath,
    mediaKey,
    fileSha256,
    fileEncSha256,
    fileLength: media.bytes.length,
    mimetype: media.mimeType,
    ...(media.seconds !== undefined && { seconds: media.seconds }),
    ...(media.width !== undefined && { width: media.width }),
    ...(media.height !== undefined && { height: media.height }),
    ...(media.isViewOnce && { viewOnce: true }),
  }
  const caption = media.caption !== undefined && { caption: media.caption }
  const content = contentOf(media, facts, caption || {})
  return media.isViewOnce ? { viewOnceMessage: { message: content } } : content
}

/** A text with buttons below it, as businesses send it; `media` (an image, a video, a document) stands above. */
export interface ButtonsToSend {
  text: string
  buttons: readonly string[]
  media?: MediaToSend
}

/** Makes a message with native buttons, its media encrypted and uploaded. */
export function buttonsMessage({ text, buttons, media }: ButtonsToSend, host: MediaHost): proto.IMessage {
  const header =
    media === undefined ? {} : { header: { hasMediaAttachment: true, ...mediaMessage(media, host) } }
  return {
    interactiveMessage: {
      ...header,
      body: { text },
      nativeFlowMessage: {
        buttons: buttons.map((label, index) => ({
          name: 'quick_reply',
          buttonParamsJson: JSON.stringify({ display_text: label, id: String(index) }),
        })),
      },
    },
  }
}

/** Cards side by side below a text, as businesses send them. */
export interface CarouselToSend {
  text: string
  cards: readonly ButtonsToSend[]
}

/** Makes a carousel, the media of each card encrypted and uploaded. */
export function carouselMessage({ text, cards }: CarouselToSend, host: MediaHost): proto.IMessage {
  const made = cards.map((card) => buttonsMessage(card, host).interactiveMessage ?? {})
  return { interactiveMessage: { body: { text }, carouselMessage: { cards: made, messageVersion: 1 } } }
}

function contentOf(
  media: MediaToSend,
  facts: MediaContent & { seconds?: number },
  caption: { caption?: string },
): proto.IMessage {
  switch (media.type) {
    case 'image':
      return { imageMessage: { ...facts, ...caption } }
    case 'video':
      return { videoMessage: { ...facts, ...caption, ...(media.isGif && { gifPlayback: true }) } }
    case 'video_note':
      return { ptvMessage: facts }
    case 'audio':
      return { audioMessage: { ...facts, ptt: media.isVoice === true } }
    case 'document': {
      const documentMessage = { ...facts, ...caption, fileName: media.fileName ?? 'file' }
      return media.caption === undefined
        ? { documentMessage }
        : { documentWithCaptionMessage: { message: { documentMessage } } }
    }
    case 'sticker':
      return { stickerMessage: { ...facts, isAnimated: media.isAnimated === true } }
  }
}

/** The message inside wrappers. */
export function unwrapped(message: proto.IMessage): proto.IMessage {
  const inner =
    message.deviceSentMessage?.message ??
    message.ephemeralMessage?.message ??
    message.viewOnceMessage?.message ??
    message.viewOnceMessageV2?.message ??
    message.viewOnceMessageV2Extension?.message ??
    message.documentWithCaptionMessage?.message
  return inner ? unwrapped(inner) : message
}

/** The media a message brings along, or undefined. */
export function mediaIn(message: proto.IMessage): { type: MediaType; content: MediaContent } | undefined {
  const { imageMessage, videoMessage, ptvMessage, audioMessage, documentMessage, stickerMessage } =
    unwrapped(message)
  if (imageMessage) return { type: 'image', content: imageMessage }
  if (videoMessage) return { type: 'video', content: videoMessage }
  if (ptvMessage) return { type: 'video_note', content: ptvMessage }
  if (audioMessage) return { type: 'audio', content: audioMessage }
  if (documentMessage) return { type: 'document', content: documentMessage }
  return stickerMessage ? { type: 'sticker', content: stickerMessage } : undefined
}

/**
 * Downloads, checks and decrypts the media of a message (or the picture beside its link), as the phone that got it does;
 * throws when anything does not fit.
 */
export function openMedia(message: proto.IMessage, host: MediaHost): Buffer {
  const found = mediaIn(message)
  if (!found && message.extendedTextMessage) return openLinkPicture(message.extendedTextMessage, host)
  if (!found) throw new Error('the message brings no media along')
  const { type, content } = found
  const stored = host.find(content.directPath ?? '')
  if (!stored || stored.failure !== undefined) throw new Error('the media host does not have it')
  if (!content.mediaKey?.length) {
    if (!sha256(stored.bytes).equals(content.fileSha256 ?? Buffer.alloc(0)))
      throw new Error('fileSha256 does not fit')
    return stored.bytes
  }
  return decryptMedia(stored.bytes, type, {
    mediaKey: content.mediaKey,
    fileSha256: content.fileSha256 ?? Buffer.alloc(0),
    fileEncSha256: content.fileEncSha256 ?? Buffer.alloc(0),
    fileLength: Number(content.fileLength),
  })
}

function openLinkPicture(text: proto.Message.IExtendedTextMessage, host: MediaHost): Buffer {
  const stored = host.find(text.thumbnailDirectPath ?? '')
  if (!stored || stored.failure !== undefined) throw new Error('the media host does not have the picture')
  return decryptMedia(stored.bytes, 'link_picture', {
    mediaKey: text.mediaKey ?? Buffer.alloc(0),
    fileSha256: text.thumbnailSha256 ?? Buffer.alloc(0),
    fileEncSha256: text.thumbnailEncSha256 ?? Buffer.alloc(0),
  })
}
