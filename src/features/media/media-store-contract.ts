import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MediaStore, makeMediaRef, parseMediaRef } from './media-store.ts'

/** A store to test, the pass of time as it sees it, and what lies about in it that is not whole. */
export interface StoreUnderTest {
  readonly store: MediaStore
  /** Moves the store's time on, so that a later put is younger. */
  readonly later: () => Promise<void>
  /** Names of what a put that failed left behind, in the store and beside it. */
  readonly leftovers: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

const limit = 30_000_000

async function* chunksOf(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function* breakingOff(): AsyncGenerator<Uint8Array> {
  yield randomBytes(100_000)
  throw new Error('the sender hung up')
}

/** What every media store has to do. */
export function itKeepsMedia(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a media store`, () => {
    let tested: StoreUnderTest
    let store: MediaStore
    beforeAll(async () => {
      tested = await make()
      store = tested.store
    })
    afterAll(async () => {
      await tested.close()
    })

    const put = (bytes: Uint8Array, mimeType = 'image/jpeg') =>
      store.put(chunksOf(bytes), { mimeType, limitBytes: limit })
    const read = async (...[ref, range]: Parameters<MediaStore['open']>) => {
      const stream = await store.open(ref, range)
      if (stream === null) return null
      const copies: Buffer[] = []
      for await (const part of stream) copies.push(Buffer.from(part))
      return Buffer.concat(copies)
    }
    const listed = async () => {
      const names: string[] = []
      for await (const { sha256 } of store.list()) names.push(sha256)
      return names
    }

    it.each([
      ['a small file', 10],
      ['an empty file', 0],
      ['a file of several parts', 17_000_003],
    ])('gives back %s as it was put, under its hash', async (_title, size) => {
      const bytes = randomBytes(size)
      const { ref, sizeBytes, sha256 } = await put(bytes)
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(ref).toBe(`${sha256}.jpg`)
      expect(sizeBytes).toBe(size)
      expect((await read(ref))?.equals(bytes)).toBe(true)
      expect(await store.stat(ref)).toMatchObject({ sizeBytes: size })
    })

    it('gives a part of it when asked for a range', async () => {
      const { ref } = await put(Buffer.from('0123456789'))
      expect((await read(ref, { start: 2, end: 4 }))?.toString()).toBe('234')
      expect((await read(ref, { start: 9, end: 9 }))?.toString()).toBe('9')
    })

    it('keeps the same bytes once, whatever they are called, and makes them young again', async () => {
      const bytes = randomBytes(5_000)
      const first = await put(bytes, 'image/jpeg')
      await tested.later()
      const before = await store.stat(first.ref)
      const second = await put(bytes, 'application/pdf')
      expect(second.ref).toBe(`${first.sha256}.pdf`)
      expect((await listed()).filter((sha256) => sha256 === first.sha256)).toHaveLength(1)
      const after = await store.stat(first.ref)
      expect(after?.storedAt.getTime()).toBeGreaterThan(before?.storedAt.getTime() ?? Number.NaN)
    })

    it('does not know what was never put, and what was deleted', async () => {
      const never = makeMediaRef('0'.repeat(64), 'jpg')
      expect(await store.open(never)).toBeNull()
      expect(await store.stat(never)).toBeNull()
      await store.delete(never)
      const { ref, sha256 } = await put(randomBytes(100))
      await store.delete(ref)
      expect(await store.open(ref)).toBeNull()
      expect(await listed()).not.toContain(sha256)
    })

    it('keeps nothing of content that is too large, breaks off or is aborted', async () => {
      const before = (await listed()).sort()
      const tooMuch = store.put(chunksOf(randomBytes(70_000)), { mimeType: 'image/jpeg', limitBytes: 69_999 })
      await expect(tooMuch).rejects.toMatchObject({ code: 'media_too_large' })
      await expect(store.put(breakingOff(), { mimeType: 'a/b', limitBytes: limit })).rejects.toThrow(
        'hung up',
      )
      const aborted = AbortSignal.abort()
      await expect(
        store.put(chunksOf(randomBytes(10)), { mimeType: 'a/b', limitBytes: limit, signal: aborted }),
      ).rejects.toThrow()
      expect((await listed()).sort()).toEqual(before)
      expect(await tested.leftovers()).toEqual([])
    })

    it('takes the same content many times at once', async () => {
      const bytes = randomBytes(300_000)
      const puts = await Promise.all(Array.from({ length: 8 }, () => put(bytes)))
      expect(new Set(puts.map(({ ref }) => ref)).size).toBe(1)
      const [first] = puts
      if (first === undefined) throw new Error('eight were put')
      expect((await read(first.ref))?.equals(bytes)).toBe(true)
    })

    it.each([
      '',
      '..',
      '../../etc/passwd',
      `${'a'.repeat(64)}/../x`,
      `${'A'.repeat(64)}.jpg`,
      `${'a'.repeat(63)}`,
    ])('has no name like "%s"', (text) => {
      expect(parseMediaRef(text)).toBeNull()
    })
  })
}
