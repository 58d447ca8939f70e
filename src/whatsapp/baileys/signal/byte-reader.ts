/** Reads what ByteWriter wrote. Every read throws when the bytes end too early. Slices are views, not copies. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw new RangeError('the bytes end too early')
    this.#at += 1
    return value
  }

  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const group = this.byte()
      value += (group & 127) * factor
      if (group < 128) return value
      factor *= 128
      if (factor > 2 ** 63) throw new RangeError('the number is too long')
    }
  }

  double(): number {
    return this.raw(8).readDoubleBE(0)
  }

  raw(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('the bytes end too early')
    const slice = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return slice
  }

  bytes(): Buffer {
    return this.raw(this.varint())
  }

  text(): string {
    return this.bytes().toString('utf8')
  }
}
