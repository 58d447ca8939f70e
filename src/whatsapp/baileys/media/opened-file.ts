import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { AppError } from '../../../core/app-error.ts'
import type { MediaFacts } from './media-facts.ts'
import { deriveMediaKeys, macLength } from './media-keys.ts'

/**
 * Writes what comes from a media host to a new file at `path`, decrypted. Signature and hashes are checked over every byte;
 * when one is wrong, or more than `maxBytes` come, no file is left. Resolves with the file's size. Rejects with
 * `media_damaged`, `media_too_large` or as the source does.
 */
export async function writeOpened(
  source: AsyncIterable<Buffer>,
  facts: MediaFacts,
  path: string,
  maxBytes: number,
): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    const size = await (facts.mediaKey === null
      ? copyClear(source, facts, file, maxBytes)
      : decryptTo(source, { ...facts, mediaKey: facts.mediaKey }, file, maxBytes))
    await file.close()
    return size
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
}

async function decryptTo(
  source: AsyncIterable<Buffer>,
  facts: MediaFacts & { readonly mediaKey: Uint8Array },
  file: FileHandle,
  maxBytes: number,
): Promise<number> {
  const keys = deriveMediaKeys(facts.mediaKey, facts.kind)
  const decipher = createDecipheriv('aes-256-cbc', keys.cipherKey, keys.iv)
  const mac = createHmac('sha256', keys.macKey).update(keys.iv)
  const encrypted = createHash('sha256')
  const output = new CheckedOutput(file, maxBytes)
  // The last bytes are the signature; which these are is only known at the end.
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    encrypted.update(chunk)
    const [body, after] = splitTail(tail, chunk)
    tail = after
    for (const bytes of body) {
      mac.update(bytes)
      await output.write(decipher.update(bytes))
    }
  }
  const expected = mac.digest().subarray(0, macLength)
  if (tail.length !== macLength || !timingSafeEqual(tail, expected)) throw damaged('signature')
  if (facts.encryptedSha256 !== null && !encrypted.digest().equals(facts.encryptedSha256)) {
    throw damaged('hash of the encrypted file')
  }
  await output.write(lastOf(decipher))
  return output.end(facts.sha256)
}

/** What of both comes before the last bytes, and those; the chunk is not copied, the rest outlives it. */
function splitTail(before: Buffer, chunk: Buffer): [body: readonly Buffer[], tail: Buffer] {
  const cut = before.length + chunk.length - macLength
  if (cut <= 0) return [[], Buffer.concat([before, chunk])]
  const early = before.subarray(0, cut)
  const late = chunk.subarray(0, cut - early.length)
  const tail = Buffer.concat([before.subarray(early.length), chunk.subarray(late.length)])
  return [[early, late], tail]
}

async function copyClear(
  source: AsyncIterable<Buffer>,
  facts: MediaFacts,
  file: FileHandle,
  maxBytes: number,
): Promise<number> {
  // Without a key there is only the hash to tell the file from any other.
  if (facts.sha256 === null) throw damaged('hash')
  const output = new CheckedOutput(file, maxBytes)
  for await (const chunk of source) await output.write(chunk)
  return output.end(facts.sha256)
}

class CheckedOutput {
  readonly #file: FileHandle
  readonly #maxBytes: number
  readonly #hash = createHash('sha256')
  #size = 0

  constructor(file: FileHandle, maxBytes: number) {
    this.#file = file
    this.#maxBytes = maxBytes
  }

  async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    this.#size += bytes.length
    if (this.#size > this.#maxBytes) throw tooLarge(this.#maxBytes)
    this.#hash.update(bytes)
    await this.#file.writeFile(bytes)
  }

  end(sha256: Uint8Array | null): number {
    if (sha256 !== null && !this.#hash.digest().equals(sha256)) throw damaged('hash')
    return this.#size
  }
}

/** What a file larger than `maxBytes` is refused with. */
export function tooLarge(maxBytes: number): AppError {
  return new AppError('media_too_large', {
    message: `the file is larger than the allowed ${maxBytes} bytes`,
    details: { limitBytes: maxBytes },
  })
}

function lastOf(decipher: ReturnType<typeof createDecipheriv>): Buffer {
  try {
    return decipher.final()
  } catch (cause) {
    throw new AppError('media_damaged', { cause })
  }
}

function damaged(what: string): AppError {
  return new AppError('media_damaged', {
    message: `failed to download media: the ${what} is not what the sender said`,
  })
}
