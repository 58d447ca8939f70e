import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileParts } from './file-parts.ts'

describe('a file that is read in parts', () => {
  const bytes = randomBytes(300_001)
  let dir: string
  let path: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gatewa-parts-'))
    path = join(dir, 'file')
    await writeFile(path, bytes)
  })
  afterAll(() => rm(dir, { recursive: true }))

  it.each([
    ['whole', {}, bytes],
    ['from the middle', { start: 200_000 }, bytes.subarray(200_000)],
    ['between two places', { start: 10, end: 200_000 }, bytes.subarray(10, 200_001)],
    ['one byte', { start: 5, end: 5 }, bytes.subarray(5, 6)],
    ['beyond its end', { start: 299_000, end: 900_000 }, bytes.subarray(299_000)],
  ])('comes as it is: %s', async (_title, range, expected) => {
    const copies: Buffer[] = []
    const memory = new Set<unknown>()
    for await (const part of await FileParts.open(path, range)) {
      copies.push(Buffer.from(part))
      memory.add(part.buffer)
    }
    expect(Buffer.concat(copies).equals(expected)).toBe(true)
    expect(memory.size).toBe(1)
  })

  it('is closed at its end, when its reader goes, and when nobody ever reads it', async () => {
    const [read, left, unread] = await Promise.all([1, 2, 3].map(() => FileParts.open(path)))
    if (read === undefined || left === undefined || unread === undefined) throw new Error('three were opened')
    for await (const _ of read) continue
    for await (const _ of left) break
    await unread.close()
    for (const parts of [read, left, unread]) {
      const again = parts[Symbol.asyncIterator]().next()
      await expect(again).rejects.toMatchObject({ code: 'EBADF' })
      await parts.close()
    }
  })

  it('is not there when it is not', async () => {
    await expect(FileParts.open(join(dir, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
