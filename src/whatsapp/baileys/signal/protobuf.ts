import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

// The four messages of the Signal protocol have only unsigned numbers and byte strings in them, so this is all of
// protobuf that they need.

const numberWire = 0
const bytesWire = 2

/** Encodes fields in the order given; `undefined` ones are left out. */
export function encodeFields(
  fields: readonly (readonly [number, number | Uint8Array | undefined])[],
): Buffer {
  const writer = new ByteWriter()
  for (const [field, value] of fields) {
    if (value === undefined) continue
    if (typeof value === 'number') writer.varint(field * 8 + numberWire).varint(value)
    else writer.varint(field * 8 + bytesWire).bytes(value)
  }
  return writer.finish()
}

/** The fields of a message; a repeated one has its last value, as protobuf wants. */
export class Fields {
  readonly #numbers = new Map<number, number>()
  readonly #bytes = new Map<number, Buffer>()

  constructor(encoded: Uint8Array) {
    const reader = new ByteReader(encoded)
    while (!reader.isAtEnd) {
      const key = reader.varint()
      const field = Math.floor(key / 8)
      const wire = key % 8
      if (wire === numberWire) this.#numbers.set(field, reader.varint())
      else if (wire === bytesWire) this.#bytes.set(field, reader.bytes())
      else if (wire === 1) reader.raw(8)
      else if (wire === 5) reader.raw(4)
      else throw new RangeError(`unknown wire type ${wire}`)
    }
  }

  /** A 32-bit number, 0 when absent. */
  number(field: number): number {
    return (this.#numbers.get(field) ?? 0) % 2 ** 32
  }

  /** A number, or undefined when absent. */
  optionalNumber(field: number): number | undefined {
    return this.#numbers.has(field) ? this.number(field) : undefined
  }

  /** A byte string. Throws when absent. */
  bytes(field: number): Buffer {
    const value = this.#bytes.get(field)
    if (value === undefined) throw new RangeError(`field ${field} is missing`)
    return value
  }
}
