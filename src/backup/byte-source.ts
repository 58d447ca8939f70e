/** Reads exact lengths from a stream of chunks, whatever their sizes. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** The next `length` bytes; fewer where the stream ends before. */
  async upTo(length: number): Promise<Buffer> {
    const parts = [this.#held]
    let has = this.#held.length
    while (has < length) {
      const next = await this.#chunks.next()
      if (next.done === true) break
      parts.push(Buffer.from(next.value))
      has += next.value.length
    }
    const all = parts.length === 1 ? this.#held : Buffer.concat(parts)
    this.#held = all.subarray(length)
    return all.subarray(0, length)
  }

  /** Whether nothing more comes. */
  async isAtEnd(): Promise<boolean> {
    const next = await this.upTo(1)
    this.#held = Buffer.concat([next, this.#held])
    return next.length === 0
  }
}
