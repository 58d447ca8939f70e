import { type FileHandle, open } from 'node:fs/promises'

/** Bytes that come part by part. A part is good until the next is asked for: its memory is used again then. */
export interface Parts extends AsyncIterable<Buffer> {
  /** Lets go of what is read from, read to the end or not. Idempotent. */
  close(): Promise<void>
}

const partBytes = 128 * 1024

/**
 * A file, or the bytes from `start` to `end` (both included) of it, read into one piece of memory again and again: a large
 * file costs no more than a small one, and leaves nothing to be collected. Can be read once.
 */
export class FileParts implements Parts {
  readonly #file: FileHandle
  readonly #range: { readonly start: number; readonly end: number }

  private constructor(file: FileHandle, range: { readonly start: number; readonly end: number }) {
    this.#file = file
    this.#range = range
  }

  /** Opens a file; rejects as the file system does. */
  static async open(
    path: string,
    { start = 0, end = Number.POSITIVE_INFINITY }: { readonly start?: number; readonly end?: number } = {},
  ): Promise<FileParts> {
    return new FileParts(await open(path), { start, end })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const { start, end } = this.#range
    const memory = Buffer.allocUnsafeSlow(partBytes)
    try {
      for (let at = start; at <= end; ) {
        const { bytesRead } = await this.#file.read(memory, 0, Math.min(partBytes, end + 1 - at), at)
        if (bytesRead === 0) return
        at += bytesRead
        yield memory.subarray(0, bytesRead)
      }
    } finally {
      await this.close()
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}
