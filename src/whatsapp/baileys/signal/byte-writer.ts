/** Builds a byte string piece by piece; `finish` gives a Buffer that shares memory with nothing. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(256)
  #length = 0

  byte(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#length] = value
    this.#length += 1
    return this
  }

  /** An unsigned integer up to 2^53 - 1, in base-128 groups, low ones first (as protobuf has it). */
  varint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an unsigned integer: ${value}`)
    let rest = value
    while (rest >= 128) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    return this.byte(rest)
  }

  double(value: number): this {
    this.#reserve(8)
    this.#bytes.writeDoubleBE(value, this.#length)
    this.#length += 8
    return this
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** A length and that many bytes. */
  bytes(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes)
  }

  /** UTF-8 with its length before it. */
  text(text: string): this {
    return this.bytes(Buffer.from(text))
  }

  finish(): Buffer {
    const result = Buffer.allocUnsafeSlow(this.#length)
    this.#bytes.copy(result, 0, 0, this.#length)
    return result
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
