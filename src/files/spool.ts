import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../core/app-error.ts'

/** What was written. */
export interface Spooled {
  readonly sizeBytes: number
  /** 64 hex digits. */
  readonly sha256: string
}

/** Bounds of `spool`. */
export interface SpoolOptions {
  readonly limitBytes: number
  readonly signal?: AbortSignal | undefined
}

/** Raised when a file is over its limit; the message names it. */
export function tooLarge(limitBytes: number, what = 'the file'): AppError {
  return new AppError('media_too_large', {
    message: `${what} is larger than ${formatBytes(limitBytes)}, which is the limit`,
    details: { limitBytes },
  })
}

/**
 * Writes a stream to a new private file, hashing it on the way. When it fails, breaks off, is aborted or grows over the
 * limit (`media_too_large`) the file is gone again.
 */
export async function spool(
  content: AsyncIterable<Uint8Array>,
  path: string,
  { limitBytes, signal }: SpoolOptions,
): Promise<Spooled> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) return done(tooLarge(limitBytes))
      hash.update(chunk)
      return done(null, chunk)
    },
  })
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await (signal === undefined
      ? pipeline(content, measure, file)
      : pipeline(content, measure, file, { signal }))
    return { sizeBytes, sha256: hash.digest('hex') }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** A size as people write it: `50 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1_000_000) return `${Number((bytes / 1_000_000).toFixed(1))} MB`
  return bytes >= 1_000 ? `${Number((bytes / 1_000).toFixed(1))} kB` : `${bytes} bytes`
}
