import { Readable, type Writable } from 'node:stream'
import { toError } from '../core/app-error.ts'
import type { Parts } from '../files/file-parts.ts'

/**
 * The body of an answer that is made of parts. Whoever it is piped into has written one part out before the next is asked
 * for, so that the memory of a part can be used again; that is what keeps a large answer from filling the memory with what
 * is to be collected. Read in any other way it gives copies.
 */
export class PartsBody extends Readable {
  readonly #parts: Parts
  readonly #iterator: AsyncIterator<Buffer>

  constructor(parts: Parts) {
    super()
    this.#parts = parts
    this.#iterator = parts[Symbol.asyncIterator]()
  }

  override pipe<Target extends NodeJS.WritableStream>(target: Target): Target {
    // The server's response, and those of tests, are Writables.
    void this.#pour(target as Target & Writable).catch((error: unknown) => this.destroy(toError(error)))
    return target
  }

  override _read(): void {
    void this.#next().then(
      (part) => this.push(part === null ? null : Buffer.from(part)),
      (error: unknown) => this.destroy(toError(error)),
    )
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#parts.close().then(
      () => done(error),
      (failure: unknown) => done(error ?? toError(failure)),
    )
  }

  async #pour(target: Writable): Promise<void> {
    for (let part = await this.#next(); part !== null && !this.destroyed; part = await this.#next()) {
      if (!(await wroteTo(target, part))) return
    }
    if (this.destroyed) return
    target.end()
    // Tells whoever watches that the end was reached.
    this.push(null)
    this.resume()
  }

  async #next(): Promise<Buffer | null> {
    const next = await this.#iterator.next()
    return next.done === true ? null : next.value
  }
}

/** False when the target is gone; that shows there, and whoever watches it ends this body. */
function wroteTo(target: Writable, part: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    target.write(part, (error) => resolve(error === null || error === undefined))
  })
}
