import { Readable } from 'node:stream'

/**
 * A JSON object whose last member is a file in base64, made while it is read: `before` are the other members of `results`.
 * Never holds more than a part of the file.
 */
export function jsonWithData(
  envelope: { readonly code: string; readonly message: string; readonly status?: number },
  results: { readonly [name: string]: string | number },
  file: AsyncIterable<Buffer>,
): Readable {
  const { head, tail } = frameOf(envelope, results)
  return Readable.from(
    (async function* () {
      yield head
      yield* toBase64(file)
      yield tail
    })(),
    { objectMode: false },
  )
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

async function* toBase64(file: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // Three bytes make four characters: what is over waits for the next part.
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of file) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const cut = bytes.length - (bytes.length % 3)
    rest = Buffer.from(bytes.subarray(cut))
    if (cut > 0) yield bytes.toString('base64', 0, cut)
  }
  if (rest.length > 0) yield rest.toString('base64')
}
