import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { jsonWithData, lengthOfJsonWithData } from './base64-json.ts'

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
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
    [70_001, 65_536],
  ])('of %i bytes, coming %i at a time, is the same when the JSON is read', async (size, partSize) => {
    const bytes = randomBytes(size)
    const json = await text(jsonWithData(envelope, results, inParts(bytes, partSize)))
    expect(JSON.parse(json)).toEqual({ ...envelope, results: { ...results, data: bytes.toString('base64') } })
    expect(lengthOfJsonWithData(envelope, results, size)).toBe(Buffer.byteLength(json))
  })
})
