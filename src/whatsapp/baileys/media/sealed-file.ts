import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { deriveMediaKeys, type FileKind, type MediaKeys, macLength } from './media-keys.ts'

/** What a message says of the file it brings along. `mediaKey` and `encryptedSha256` are null for a file in the clear. */
export interface FileFacts {
  readonly sizeBytes: number
  readonly sha256: Buffer
  readonly mediaKey: Buffer | null
  readonly encryptedSha256: Buffer | null
}

/** A file as it goes to a media host. */
export interface UploadableFile {
  readonly facts: FileFacts
  /** What the place on the host is named after. */
  readonly uploadSha256: Buffer
  readonly uploadBytes: number
  /** The bytes to upload, anew with each call. */
  bytes(): AsyncIterable<Buffer>
}

const chunkBytes = 256 * 1024

/**
 * Reads the file once and tells what encrypting it gives. The place on the host is named after the encrypted bytes, so they
 * have to be known before the upload begins; they are made again while they leave instead of being kept on disk in between.
 */
export async function sealFile(path: string, kind: FileKind, signal: AbortSignal): Promise<UploadableFile> {
  const mediaKey = randomBytes(32)
  const keys = deriveMediaKeys(mediaKey, kind)
  const plain = createHash('sha256')
  const encrypted = createHash('sha256')
  const mac = createHmac('sha256', keys.macKey).update(keys.iv)
  let sizeBytes = 0
  let uploadBytes = macLength
  const counted = async function* () {
    for await (const chunk of readChunks(path, signal)) {
      sizeBytes += chunk.length
      plain.update(chunk)
      yield chunk
    }
  }
  for await (const part of encrypt(counted(), keys)) {
    uploadBytes += part.length
    encrypted.update(part)
    mac.update(part)
  }
  const signature = mac.digest().subarray(0, macLength)
  const encryptedSha256 = encrypted.update(signature).digest()
  return {
    facts: { sizeBytes, sha256: plain.digest(), mediaKey, encryptedSha256 },
    uploadSha256: encryptedSha256,
    uploadBytes,
    async *bytes() {
      yield* encrypt(readChunks(path, signal), keys)
      yield signature
    },
  }
}

/** The file as channels take it: in the clear. */
export async function openFile(path: string, signal: AbortSignal): Promise<UploadableFile> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of readChunks(path, signal)) {
    sizeBytes += chunk.length
    hash.update(chunk)
  }
  const sha256 = hash.digest()
  return {
    facts: { sizeBytes, sha256, mediaKey: null, encryptedSha256: null },
    uploadSha256: sha256,
    uploadBytes: sizeBytes,
    bytes: () => readChunks(path, signal),
  }
}

async function* encrypt(source: AsyncIterable<Buffer>, keys: MediaKeys): AsyncGenerator<Buffer> {
  const cipher = createCipheriv('aes-256-cbc', keys.cipherKey, keys.iv)
  for await (const chunk of source) yield cipher.update(chunk)
  yield cipher.final()
}

async function* readChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, { highWaterMark: chunkBytes, signal })
  for await (const chunk of stream) yield chunk as Buffer // a stream without encoding gives Buffers
}
