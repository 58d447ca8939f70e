import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
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
  const file = await open(path, 'wx', 0o600)
  // Each chunk is done with before the next is asked for, as `Parts` need it.
  const write = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) throw tooLarge(limitBytes)
      hash.update(chunk)
      await file.writeFile(chunk)
    }
  }
  try {
    await (signal === undefined ? pipeline(content, write) : pipeline(content, write, { signal }))
    return { sizeBytes, sha256: hash.digest('hex') }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** A size as people write it: `50 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1_000_000) return `${Number((bytes / 1_000_000).toFixed(1))} MB`
  return bytes >= 1_000 ? `${Number((bytes / 1_000).toFixed(1))} kB` : `${bytes} bytes`
}
