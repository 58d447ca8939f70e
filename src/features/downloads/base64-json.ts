import type { Parts } from '../../files/file-parts.ts'
import { Base64Encoder, base64Room } from './base64-encoder.ts'

/**
 * A JSON object whose last member is a file in base64, made while it is read: `results` are the other members. Never holds
 * more than a part of the file.
 */
export function jsonWithData(
  envelope: { readonly code: string; readonly message: string; readonly status?: number },
  results: { readonly [name: string]: string | number },
  file: Parts,
): Parts {
  const { head, tail } = frameOf(envelope, results)
  return { [Symbol.asyncIterator]: () => toJson(head, file, tail), close: () => file.close() }
}

/** How long that JSON is, for a file of so many bytes. */
export function lengthOfJsonWithData(
  envelope: { readonly code: string; readonly message: string },
  results: { readonly [name: string]: string | number },
  fileBytes: number,
): number {
  const { head, tail } = frameOf(envelope, results)
  return Buffer.byteLength(head) + Math.ceil(fileBytes / 3) * 4 + Buffer.byteLength(tail)
}

function frameOf(envelope: object, results: object): { head: string; tail: string } {
  const whole = JSON.stringify({ ...envelope, results: { ...results, data: '' } })
  // `data` is the last member of the last member: its value goes between the quotes.
  const cut = whole.length - '"}}'.length
  return { head: whole.slice(0, cut), tail: whole.slice(cut) }
}

async function* toJson(head: string, file: Parts, tail: string): AsyncGenerator<Buffer> {
  yield Buffer.from(head)
  const encoder = new Base64Encoder()
  let memory = Buffer.alloc(4)
  for await (const part of file) {
    const room = base64Room(part.length)
    if (memory.length < room) memory = Buffer.allocUnsafeSlow(room)
    yield memory.subarray(0, encoder.encode(part, memory))
  }
  yield memory.subarray(0, encoder.end(memory))
  yield Buffer.from(tail)
}
