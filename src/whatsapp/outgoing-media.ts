import type { MessageContext } from './outgoing-message.ts'

/** A file of ours, ready to be sent as it is. */
export interface OutgoingFile {
  readonly path: string
  readonly mimeType: string
  readonly sizeBytes: number
}

/** What is shown before the file is fetched. `thumbnail` is a small JPEG. */
interface Look {
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly thumbnail?: Uint8Array | undefined
}

interface WithFile {
  readonly file: OutgoingFile
  readonly context: MessageContext
}

export interface OutgoingImage extends WithFile, Look {
  readonly kind: 'image'
  readonly caption?: string | undefined
  readonly isViewOnce?: boolean | undefined
}

export interface OutgoingVideo extends WithFile, Look {
  readonly kind: 'video'
  readonly caption?: string | undefined
  readonly seconds?: number | undefined
  readonly isViewOnce?: boolean | undefined
  /** Plays by itself, silently and over and over. */
  readonly isGif?: boolean | undefined
  /** A round video note; it has no caption. */
  readonly isVideoNote?: boolean | undefined
}

export interface OutgoingAudio extends WithFile {
  readonly kind: 'audio'
  readonly seconds?: number | undefined
  /** A voice message; its `waveform` has 64 heights from 0 to 100. */
  readonly isVoice?: boolean | undefined
  readonly waveform?: Uint8Array | undefined
  readonly isViewOnce?: boolean | undefined
}

export interface OutgoingDocument extends WithFile, Look {
  readonly kind: 'document'
  readonly fileName: string
  readonly caption?: string | undefined
}

export interface OutgoingSticker extends WithFile, Look {
  readonly kind: 'sticker'
  readonly isAnimated?: boolean | undefined
}

/** A message that brings a file along. */
export type OutgoingMedia = OutgoingImage | OutgoingVideo | OutgoingAudio | OutgoingDocument | OutgoingSticker

/** Whether a message brings a file along. */
export function isOutgoingMedia<Message extends { readonly kind: string }>(
  message: Message,
): message is Message & OutgoingMedia {
  return mediaKinds.has(message.kind)
}

const mediaKinds: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker'])
