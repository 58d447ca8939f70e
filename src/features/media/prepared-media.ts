import type { UploadedFile } from '../../files/uploaded-file.ts'

/** Where the bytes to be sent come from. */
export type MediaSource =
  | { readonly kind: 'upload'; readonly file: UploadedFile }
  | { readonly kind: 'url'; readonly url: string }

/** A file made fit for WhatsApp, and what has to be said about it. */
export interface PreparedMedia {
  /** Absolute path in the gateway's own folder; the file is there until `dispose`. */
  readonly path: string
  readonly mimeType: string
  readonly sizeBytes: number
  /** 64 hex digits, of the prepared bytes. */
  readonly sha256: string
  /** Without folders; documents always have one. */
  readonly fileName?: string
  /** Pixels, after the orientation was applied. */
  readonly width?: number
  readonly height?: number
  /** Duration, whole seconds, at least 1. */
  readonly seconds?: number
  /** A small JPEG to show before the download; of a sticker a PNG, transparent where it is. */
  readonly thumbnail?: Uint8Array
  /** 64 samples from 0 to 100; voice notes have one. */
  readonly waveform?: Uint8Array
  /** Of a sticker: it moves. */
  readonly isAnimated?: boolean
  /** Deletes the file. Idempotent; whoever had it prepared calls it, whether or not the sending went well. */
  dispose(): Promise<void>
}

/** Ends the work early; whatever was made is deleted. */
export interface PrepareOptions {
  readonly signal?: AbortSignal
}

/** How an image is to be sent; neither: as it is, apart from orientation and metadata. `hd` wins. */
export interface ImageOptions extends PrepareOptions {
  /** At most 600 pixels wide. */
  readonly compress?: boolean
  /** At most 2560 pixels at the longer edge, in high quality. */
  readonly hd?: boolean
}

/** How a video is to be sent; neither: copied where WhatsApp can play it, else converted. `hd` wins. */
export interface VideoOptions extends PrepareOptions {
  /** At most 720 pixels wide, smaller file. */
  readonly compress?: boolean
  /** At most 1280 pixels at the longer edge, good quality. */
  readonly hd?: boolean
  /** Played in a loop without sound; the sound is left out. */
  readonly gifPlayback?: boolean
}

/** How audio is to be sent. */
export interface AudioOptions extends PrepareOptions {
  /** As a voice note: Opus in Ogg, mono, with a waveform. */
  readonly ptt?: boolean
}

/** How a document is to be sent. */
export interface DocumentOptions extends PrepareOptions {
  /** In place of the name of the upload or URL. */
  readonly fileName?: string
}

/** The pack that a sticker says it belongs to. */
export interface StickerPack {
  readonly id?: string
  readonly name?: string
  readonly publisher?: string
  /** What the sticker stands for. */
  readonly emojis?: readonly string[]
}

/** How a sticker is to be sent. */
export interface StickerOptions extends PrepareOptions {
  readonly pack?: StickerPack
}

/**
 * Makes files fit for WhatsApp, by what they contain and never by what they are called. Every call may raise `media_empty`,
 * `media_too_large`, `media_type_refused` (not of a kind that goes here), `media_unreadable` (damaged or cut off), and for
 * URLs `url_refused`, `url_unusable`, `url_unreachable`; what needs ffmpeg also `ffmpeg_missing`, `conversion_timeout` and
 * `conversions_busy`. A call that fails leaves no file behind.
 */
export interface MediaWorkshop {
  /** A JPEG, or the JPEG that PNG, WebP, HEIC and the like become. Raises `media_dimensions_refused`, `heic_not_readable`. */
  prepareImage(source: MediaSource, options?: ImageOptions): Promise<PreparedMedia>
  /** A WebP of 512x512, transparent where the picture is, moving when it moves. Raises `media_dimensions_refused`. */
  prepareSticker(source: MediaSource, options?: StickerOptions): Promise<PreparedMedia>
  /** An MP4 that starts playing before it is whole, with thumbnail, duration and size. Needs ffmpeg. */
  prepareVideo(source: MediaSource, options?: VideoOptions): Promise<PreparedMedia>
  /** Audio as it is, with its duration; or a voice note, which needs ffmpeg unless it is one already. */
  prepareAudio(source: MediaSource, options?: AudioOptions): Promise<PreparedMedia>
  /** Any file untouched, with its name, type, and a thumbnail where one can be had. */
  prepareDocument(source: MediaSource, options?: DocumentOptions): Promise<PreparedMedia>
  /** A square JPEG of at most 640x640, cut from the middle. Raises `media_dimensions_refused`. */
  prepareAvatar(source: MediaSource, options?: PrepareOptions): Promise<PreparedMedia>
}
