import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import S3rver from 's3rver'
import { describe, expect, it } from 'vitest'
import type { S3Config } from '../../config/config.ts'
import { TestWebServer } from '../../fetch/test-web-server.ts'
import { TempFolder } from '../../files/temp-folder.ts'
import { itKeepsMedia } from './media-store-contract.ts'
import { readListPage } from './s3-answers.ts'
import { S3MediaStore } from './s3-media-store.ts'
import { SignatureGate } from './test-signature-gate.ts'

async function filesIn(dir: string): Promise<readonly string[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const access = { bucket: 'media', region: 'us-east-1', accessKey: 'S3RVER', secretKey: 'S3RVER' }

async function aStore(prefix: string, keys: Partial<Pick<S3Config, 'accessKey' | 'secretKey'>> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'gatewa-s3-'))
  const directory = join(dir, 'server')
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'media' }],
  })
  const { port } = await server.run()
  // The server looks at the name of the key alone.
  const gate = new SignatureGate(access, port)
  const config: S3Config = { ...access, ...keys, prefix, endpoint: await gate.listen() }
  const store = new S3MediaStore({ config, parts: new TempFolder(join(dir, 'parts')) })
  return {
    store,
    // Makes what is there older: the server's time is the machine's.
    later: async () => {
      const past = new Date(Date.now() - 3_600_000)
      for (const file of await filesIn(directory)) await utimes(file, past, past)
    },
    leftovers: () => readdir(join(dir, 'parts')).catch(() => []),
    close: async () => {
      await gate.close()
      await server.close()
      await rm(dir, { recursive: true })
    },
  }
}

itKeepsMedia('an S3 bucket', () => aStore(''))
itKeepsMedia('a folder of an S3 bucket', () => aStore('gatewa/media/'))

describe('an S3 bucket', () => {
  const facts = { mimeType: 'image/png', limitBytes: 20_000_000 }

  it('that refuses the key is unavailable, and nothing stays behind', async () => {
    for (const keys of [{ accessKey: 'wrong' }, { secretKey: 'wrong' }]) {
      const tested = await aStore('', keys)
      for (const size of [10, 6_000_000]) {
        const going = tested.store.put(Readable.from([randomBytes(size)]), facts)
        await expect(going).rejects.toMatchObject({ code: 'media_store_unavailable' })
      }
      expect(await tested.leftovers()).toEqual([])
      await tested.close()
    }
  })

  it('that cannot be reached is unavailable', async () => {
    const closed = new TestWebServer()
    const endpoint = await closed.listen()
    await closed.close()
    const dir = await mkdtemp(join(tmpdir(), 'gatewa-s3-'))
    const store = new S3MediaStore({
      config: { ...access, prefix: '', endpoint },
      parts: new TempFolder(dir),
    })
    await expect(store.put(Readable.from([randomBytes(10)]), facts)).rejects.toMatchObject({
      code: 'media_store_unavailable',
    })
    expect(await readdir(dir)).toEqual([])
    await rm(dir, { recursive: true })
  })

  it('lists page after page', () => {
    const xml =
      '<?xml version="1.0"?><ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=</NextContinuationToken><Contents><Key>x/1</Key><Size>7</Size><LastModified>2026-01-02T03:04:05.000Z</LastModified><Owner><ID>Key</ID></Owner></Contents></ListBucketResult>'
    expect(readListPage(xml)).toEqual({
      objects: [{ key: 'x/1', sizeBytes: 7, storedAt: new Date('2026-01-02T03:04:05Z') }],
      next: 'a&b=',
    })
    expect(readListPage('<ListBucketResult/>')).toEqual({ objects: [], next: null })
  })
})
