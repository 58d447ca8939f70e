import type { Parts } from '../../files/file-parts.ts'

declare const brand: unique symbol

/**
 * Names stored content: its SHA-256 in hex and, for people and web servers, a file extension (`<64 hex digits>.jpg`). Plain
 * text that may be kept in rows and put into links; the extension is a label only, the digits decide.
 */
export type MediaRef = string & { readonly [brand]: 'MediaRef' }

/** What is known of content when it is stored. */
export interface MediaFacts {
  readonly mimeType: string
  /** Largest size to take; more is refused with `media_too_large`. */
  readonly limitBytes: number
  /** Ends the storing early; nothing is kept then. */
  readonly signal?: AbortSignal
}

/** Stored content. */
export interface StoredMedia {
  readonly ref: MediaRef
  readonly sizeBytes: number
  /** 64 hex digits. */
  readonly sha256: string
}

/** Bytes from `start` to `end`, both counted from 0 and both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** What the store knows of content that it has. */
export interface MediaStat {
  readonly sizeBytes: number
  /** When it was last put; from here retention counts. */
  readonly storedAt: Date
}

/** One piece of content as the store lists it. */
export interface ListedMedia extends MediaStat {
  readonly sha256: string
}

/**
 * Keeps files by their content: the same bytes are stored once, however often they are put, and every put makes them young
 * again. Content is private to the gateway; a link to it is made by `MediaLinks`. Nothing is held in memory beyond a few
 * buffers.
 */
export interface MediaStore {
  /**
   * Takes a stream to its end. Content that breaks off, is aborted or is larger than allowed leaves nothing behind.
   * Raises `media_too_large`, and `media_quota_exceeded` when the store is full.
   */
  put(content: AsyncIterable<Uint8Array>, facts: MediaFacts): Promise<StoredMedia>
  /** The content or a part of it; null when it is not there (any more). Whoever opens it reads it to its end or closes it. */
  open(ref: MediaRef, range?: ByteRange): Promise<Parts | null>
  /** Size and age; null when it is not there. */
  stat(ref: MediaRef): Promise<MediaStat | null>
  /** Forgets the content, whoever put it; deleting what is not there is no error. */
  delete(ref: MediaRef): Promise<void>
  /** Everything there is, in no order. */
  list(): AsyncIterable<ListedMedia>
}

const form = /^([0-9a-f]{64})(?:\.([a-z0-9]{1,10}))?$/

/** Makes the name of content. An extension that is none (see `MediaRef`) is left out. */
export function makeMediaRef(sha256: string, extension = ''): MediaRef {
  const plain = extension.replace(/^\./, '').toLowerCase()
  const text = /^[a-z0-9]{1,10}$/.test(plain) ? `${sha256}.${plain}` : sha256
  return text as MediaRef // the brand is a compile-time mark only
}

/** Reads a name that comes from a row or a link; null when it is none. No text that passes can leave the store's folder. */
export function parseMediaRef(text: string): MediaRef | null {
  return form.test(text) ? (text as MediaRef) : null // the brand is a compile-time mark only
}

/** The digits that decide. */
export function sha256Of(ref: MediaRef): string {
  return ref.slice(0, 64)
}
