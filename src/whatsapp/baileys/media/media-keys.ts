import { hkdfSync } from 'node:crypto'
import type { MediaKind } from '../../message.ts'

/** What files are on WhatsApp's hosts: media of messages, and the pictures beside links. */
export type FileKind = MediaKind | 'link_picture'

/** The keys that one file is encrypted and signed with. */
export interface MediaKeys {
  readonly iv: Buffer
  readonly cipherKey: Buffer
  readonly macKey: Buffer
}

/** What WhatsApp derives the keys of a kind from (rc14 lib/Defaults: MEDIA_HKDF_KEY_MAPPING). */
const keyNames: Readonly<Record<FileKind, string>> = {
  image: 'Image',
  sticker: 'Image',
  video: 'Video',
  video_note: 'Video',
  audio: 'Audio',
  document: 'Document',
  link_picture: 'Link Thumbnail',
}

/** The last part of the place on a media host that a kind is uploaded to; stickers are images there. */
export const uploadNames: Readonly<Record<FileKind, string>> = {
  image: 'image',
  sticker: 'image',
  video: 'video',
  video_note: 'video',
  audio: 'audio',
  document: 'document',
  link_picture: 'thumbnail-link',
}

/** Bytes of the signature behind every encrypted file. */
export const macLength = 10

/** The keys that belong to a message's media key. */
export function deriveMediaKeys(mediaKey: Uint8Array, kind: FileKind): MediaKeys {
  const info = `WhatsApp ${keyNames[kind]} Keys`
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(0), info, 112))
  return {
    iv: expanded.subarray(0, 16),
    cipherKey: expanded.subarray(16, 48),
    macKey: expanded.subarray(48, 80),
  }
}
