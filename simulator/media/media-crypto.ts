import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Kinds of media as messages name them. */
export type MediaType = 'image' | 'video' | 'video_note' | 'audio' | 'document' | 'sticker'

/** Whatever is encrypted on a media host: media, the pictures beside links, and parts of a history. */
export type FileType = MediaType | 'link_picture' | 'history'

const KEY_NAMES: Record<FileType, string> = {
  image: 'Image',
  sticker: 'Image',
  video: 'Video',
  video_note: 'Video',
  audio: 'Audio',
  document: 'Document',
  link_picture: 'Link Thumbnail',
  history: 'History',
}

/** A file as it is uploaded, and what the message must say of it. */
export interface EncryptedMedia {
  ciphertext: Buffer
  mediaKey: Buffer
  fileSha256: Buffer
  fileEncSha256: Buffer
}

/** Encrypts a file as phones do. */
export function encryptMedia(bytes: Buffer, type: FileType): EncryptedMedia {
  const mediaKey = randomBytes(32)
  const { iv, cipherKey, macKey } = keysOf(mediaKey, type)
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const body = Buffer.concat([cipher.update(bytes), cipher.final()])
  const ciphertext = Buffer.concat([body, macOf(macKey, iv, body)])
  return { ciphertext, mediaKey, fileSha256: sha256(bytes), fileEncSha256: sha256(ciphertext) }
}

/** Decrypts a file as phones do; throws when it is not exactly what the message says. */
export function decryptMedia(
  ciphertext: Buffer,
  type: FileType,
  facts: { mediaKey: Uint8Array; fileSha256: Uint8Array; fileEncSha256: Uint8Array; fileLength?: number },
): Buffer {
  const { iv, cipherKey, macKey } = keysOf(facts.mediaKey, type)
  const body = ciphertext.subarray(0, -10)
  if (!sha256(ciphertext).equals(facts.fileEncSha256)) throw new Error('fileEncSha256 does not fit')
  if (!macOf(macKey, iv, body).equals(ciphertext.subarray(-10))) throw new Error('the signature does not fit')
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  const bytes = Buffer.concat([decipher.update(body), decipher.final()])
  if (!sha256(bytes).equals(facts.fileSha256)) throw new Error('fileSha256 does not fit')
  if (facts.fileLength !== undefined && bytes.length !== facts.fileLength)
    throw new Error('fileLength does not fit')
  return bytes
}

/** SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function keysOf(mediaKey: Uint8Array, type: FileType) {
  const info = `WhatsApp ${KEY_NAMES[type]} Keys`
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(32), info, 112))
  return {
    iv: expanded.subarray(0, 16),
    cipherKey: expanded.subarray(16, 48),
    macKey: expanded.subarray(48, 80),
  }
}

function macOf(macKey: Buffer, iv: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', macKey).update(iv).update(body).digest().subarray(0, 10)
}
