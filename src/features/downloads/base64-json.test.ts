import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { Parts } from '../../files/file-parts.ts'
import { PartsBody } from '../../http/parts-body.ts'
import { jsonWithData, lengthOfJsonWithData } from './base64-json.ts'

/** Parts in memory that is used again, as those of files are. */
function inParts(bytes: Buffer, size: number): Parts {
  return {
    async *[Symbol.asyncIterator]() {
      const memory = Buffer.alloc(size)
      for (let at = 0; at < bytes.length; at += size)
        yield memory.subarray(0, bytes.copy(memory, 0, at, at + size))
    },
    close: async () => undefined,
  }
}

describe('a file inside JSON', () => {
  const envelope = { code: 'SUCCESS', message: 'a "quoted" sentence' }
  const results = { status: 'ünïcode', file_size: 7 }

  it.each([
    [0, 1],
    [1, 1],
    [2, 1],
    [3, 1],
    [1_000, 1],
    [1_000, 7],
    [1_000, 2],
    [1_001, 3],
    [70_001, 65_536],
  ])('of %i bytes, coming %i at a time, is the same when the JSON is read', async (size, partSize) => {
    const bytes = randomBytes(size)
    const json = await text(new PartsBody(jsonWithData(envelope, results, inParts(bytes, partSize))))
    expect(JSON.parse(json)).toEqual({ ...envelope, results: { ...results, data: bytes.toString('base64') } })
    expect(lengthOfJsonWithData(envelope, results, size)).toBe(Buffer.byteLength(json))
  })
})
