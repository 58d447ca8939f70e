import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { FileMediaStore } from './file-media-store.ts'
import { LinkSecretStore } from './link-secret-store.ts'
import { MediaRetention } from './media-retention.ts'
import { type MediaStore, sha256Of } from './media-store.ts'
import { QuotaMediaStore } from './quota-media-store.ts'

const dayMs = 86_400_000
let dir: string
let clock: ManualClock
let files: FileMediaStore
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatewa-keeping-'))
  clock = new ManualClock()
  files = new FileMediaStore({ dir, clock })
  await files.start()
})
afterEach(() => rm(dir, { recursive: true }))

const put = (store: MediaStore, bytes: Buffer, limitBytes = 1_000) =>
  store.put(Readable.from([bytes]), { mimeType: 'image/png', limitBytes })

describe('stored media', () => {
  it('is deleted when it is old, unless it came again', async () => {
    const told: (readonly string[])[] = []
    const onDeleted = async (hashes: readonly string[]) => void told.push(hashes)
    const retention = new MediaRetention({ store: files, clock, days: 7, onDeleted })
    const [old, again] = [randomBytes(10), randomBytes(10)]
    const { ref } = await put(files, old)
    await put(files, again)
    clock.advance(7 * dayMs)
    const { ref: young } = await put(files, again)
    expect(await retention.sweep()).toBe(0)
    clock.advance(1_000)
    expect(await retention.sweep()).toBe(1)
    expect(await files.stat(ref)).toBeNull()
    expect(await files.stat(young)).not.toBeNull()
    expect(told).toEqual([[sha256Of(ref)]])
  })

  it('is kept for ever with 0 days', async () => {
    const { ref } = await put(files, randomBytes(10))
    clock.advance(10_000 * dayMs)
    expect(
      await new MediaRetention({ store: files, clock, days: 0, onDeleted: async () => undefined }).sweep(),
    ).toBe(0)
    expect(await files.stat(ref)).not.toBeNull()
  })
})

describe('a store with a quota', () => {
  it('takes no more than that, counting what an earlier run left', async () => {
    await put(files, randomBytes(600))
    const store = new QuotaMediaStore({ store: files, quotaBytes: 1_000 })
    await expect(put(store, randomBytes(500))).rejects.toMatchObject({ code: 'media_quota_exceeded' })
    const { ref } = await put(store, randomBytes(400))
    await expect(put(store, randomBytes(1))).rejects.toMatchObject({ code: 'media_quota_exceeded' })
    await store.delete(ref)
    await put(store, randomBytes(300))
  })

  it('takes no more than that of files that come at the same time', async () => {
    const store = new QuotaMediaStore({ store: files, quotaBytes: 1_000 })
    let arrived = 0
    let allHalf: () => void = () => undefined
    const halves = new Promise<void>((resolve) => {
      allHalf = resolve
    })
    async function* inHalves() {
      yield randomBytes(350)
      arrived += 1
      if (arrived === 2) allHalf()
      await halves
      yield randomBytes(350)
    }
    const facts = { mimeType: 'image/png', limitBytes: 10_000 }
    const ended = await Promise.allSettled([store.put(inHalves(), facts), store.put(inHalves(), facts)])
    const refusals = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
    expect(refusals).toEqual([expect.objectContaining({ code: 'media_quota_exceeded' })])
    // What was refused takes no room.
    await put(store, randomBytes(300))
    await expect(put(store, randomBytes(1))).rejects.toMatchObject({ code: 'media_quota_exceeded' })
  })

  it('still says of a file that it is too large by itself', async () => {
    const store = new QuotaMediaStore({ store: files, quotaBytes: 1_000 })
    await expect(put(store, randomBytes(500), 100)).rejects.toMatchObject({ code: 'media_too_large' })
  })

  it('counts again what is really there', async () => {
    const store = new QuotaMediaStore({ store: files, quotaBytes: 1_000 })
    const bytes = randomBytes(400)
    await put(store, bytes)
    await put(store, bytes)
    await expect(put(store, randomBytes(500))).rejects.toMatchObject({ code: 'media_quota_exceeded' })
    await store.recount()
    await put(store, randomBytes(500))
  })
})

describeEachDialect('the key of links', (open) => {
  it('is made once', async () => {
    const { inTransaction, cipher } = await open()
    const keys = await Promise.all(
      [1, 2].map(() => inTransaction((tx) => new LinkSecretStore(cipher).ensure(tx, new Date()))),
    )
    expect(keys[0]).toHaveLength(32)
    expect(keys[0]).toEqual(keys[1])
  })
})
