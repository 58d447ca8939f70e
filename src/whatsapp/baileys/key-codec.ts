import { ByteReader } from './signal/byte-reader.ts'
import { ByteWriter } from './signal/byte-writer.ts'

// Credentials and keys are plain values with byte strings in them. JSON would make the byte strings a third longer, and
// the library's own revival of them mistakes an object with numeric keys for one; so every value carries its type.

const tags = {
  null: 0,
  true: 1,
  false: 2,
  unsigned: 3,
  double: 4,
  text: 5,
  bytes: 6,
  list: 7,
  object: 8,
  bigint: 9,
} as const

const formatVersion = 1

/** Encodes a value. Functions and `undefined` fields are left out, as JSON does; byte arrays stay byte arrays. */
export function encodeValue(value: unknown): Buffer {
  const writer = new ByteWriter().byte(formatVersion)
  write(writer, value)
  return writer.finish()
}

/** Decodes what `encodeValue` made, as fresh objects; byte arrays come as Buffers. Throws when the bytes are none. */
export function decodeValue(bytes: Uint8Array): unknown {
  const reader = new ByteReader(bytes)
  const version = reader.byte()
  if (version !== formatVersion) throw new RangeError(`unknown value format ${version}`)
  return read(reader)
}

function write(writer: ByteWriter, value: unknown): void {
  switch (typeof value) {
    case 'boolean':
      writer.byte(value ? tags.true : tags.false)
      return
    case 'number':
      if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
        writer.byte(tags.unsigned).varint(value)
      } else {
        writer.byte(tags.double).double(value)
      }
      return
    case 'string':
      writer.byte(tags.text).text(value)
      return
    case 'bigint':
      writer.byte(tags.bigint).text(value.toString())
      return
    case 'object':
      writeObject(writer, value)
      return
    default:
      writer.byte(tags.null)
  }
}

function writeObject(writer: ByteWriter, value: object | null): void {
  if (value === null) {
    writer.byte(tags.null)
  } else if (value instanceof Uint8Array) {
    writer.byte(tags.bytes).bytes(value)
  } else if (Array.isArray(value)) {
    writer.byte(tags.list).varint(value.length)
    for (const item of value) write(writer, item)
  } else {
    // Only own fields: a protobuf class has its defaults on the prototype.
    const fields = Object.entries(value).filter(
      ([, field]) => field !== undefined && typeof field !== 'function',
    )
    writer.byte(tags.object).varint(fields.length)
    for (const [name, field] of fields) write(writer.text(name), field)
  }
}

function read(reader: ByteReader): unknown {
  const tag = reader.byte()
  switch (tag) {
    case tags.null:
      return null
    case tags.true:
      return true
    case tags.false:
      return false
    case tags.unsigned:
      return reader.varint()
    case tags.double:
      return reader.double()
    case tags.text:
      return reader.text()
    case tags.bytes:
      return Buffer.from(reader.bytes())
    case tags.list:
      return Array.from({ length: reader.varint() }, () => read(reader))
    case tags.object:
      return readFields(reader)
    case tags.bigint:
      return BigInt(reader.text())
    default:
      throw new RangeError(`unknown value tag ${tag}`)
  }
}

function readFields(reader: ByteReader): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (let count = reader.varint(); count > 0; count -= 1) {
    const name = reader.text()
    // Assigning would call a setter for this one name.
    Object.defineProperty(fields, name, {
      value: read(reader),
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
  return fields
}
