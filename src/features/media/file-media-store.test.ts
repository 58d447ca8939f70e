import { type FileHandle, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { FileMediaStore } from './file-media-store.ts'
import { itKeepsMedia } from './media-store-contract.ts'

itKeepsMedia('a local folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gatewa-media-'))
  const clock = new ManualClock()
  const store = new FileMediaStore({ dir, clock })
  await store.start()
  return {
    store,
    later: async () => clock.advance(60_000),
    leftovers: () => readdir(join(dir, 'parts')),
    close: () => rm(dir, { recursive: true }),
  }
})

describe('a local media folder', () => {
  it('can be read by nobody else', async () => {
    const dir = join(await mkdtemp(join(tmpdir(), 'gatewa-media-')), 'media')
    const store = new FileMediaStore({ dir, clock: new ManualClock() })
    await store.start()
    const { sha256 } = await store.put(Readable.from([Buffer.from('secret')]), {
      mimeType: 'a/b',
      limitBytes: 10,
    })
    const mode = async (...path: string[]) => (await stat(join(dir, ...path))).mode & 0o777
    expect(await mode()).toBe(0o700)
    expect(await mode(sha256.slice(0, 2))).toBe(0o700)
    expect(await mode(sha256.slice(0, 2), sha256)).toBe(0o600)
    await rm(dir, { recursive: true })
  })

  it('gives a file its name only once its content is on disk, and then the name is kept too', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'gatewa-media-'))
    const store = new FileMediaStore({ dir, clock: new ManualClock() })
    await store.start()
    const named: number[] = []
    const count = async () => {
      const shards = (await readdir(dir)).filter((name) => name !== 'parts')
      return (await Promise.all(shards.map((shard) => readdir(join(dir, shard))))).flat().length
    }
    const handle = await open(dir, 'r')
    const kind = Object.getPrototypeOf(handle) as FileHandle // the class of every handle, which Node does not export
    const sync = Reflect.get<FileHandle, 'sync'>(kind, 'sync')
    const spy = vi.spyOn(kind, 'sync').mockImplementation(async function (this: FileHandle) {
      named.push(await count())
      return sync.call(this)
    })
    onTestFinished(() => spy.mockRestore())
    await handle.close()
    await store.put(Readable.from([Buffer.from('one')]), { mimeType: 'a/b', limitBytes: 10 })
    expect(named).toEqual([0, 1, 1])
    await rm(dir, { recursive: true })
  })
})
