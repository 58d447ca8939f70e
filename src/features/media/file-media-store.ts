import { chmod, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { FileParts, type Parts } from '../../files/file-parts.ts'
import { spool } from '../../files/spool.ts'
import { TempFolder } from '../../files/temp-folder.ts'
import { extensionOf } from './file-extension.ts'
import {
  type ByteRange,
  type ListedMedia,
  type MediaFacts,
  type MediaRef,
  type MediaStat,
  type MediaStore,
  makeMediaRef,
  type StoredMedia,
  sha256Of,
} from './media-store.ts'

const contentName = /^[0-9a-f]{64}$/
const partName = 'parts'

/** A media store in a local folder that only the gateway's user can read: `<first 2 digits>/<64 digits>`. */
export class FileMediaStore implements MediaStore {
  readonly #dir: string
  readonly #clock: Clock
  readonly #parts: TempFolder

  constructor(deps: { readonly dir: string; readonly clock: Clock }) {
    this.#dir = deps.dir
    this.#clock = deps.clock
    this.#parts = new TempFolder(join(deps.dir, partName))
  }

  /** Makes the folder private and deletes what an earlier run did not end. */
  async start(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 })
    await chmod(this.#dir, 0o700)
    await this.#parts.sweep()
  }

  async put(content: AsyncIterable<Uint8Array>, facts: MediaFacts): Promise<StoredMedia> {
    const part = await this.#parts.newPath()
    const { sizeBytes, sha256 } = await spool(content, part, facts)
    const path = this.#pathOf(sha256)
    const shard = join(this.#dir, sha256.slice(0, 2))
    const isNewShard = (await mkdir(shard, { recursive: true, mode: 0o700 })) !== undefined
    const now = this.#clock.now()
    await utimes(part, now, now)
    // Whoever finds the name later takes what is under it for whole, also after the power failed.
    await toDisk(part)
    // Over a file that is there already: the bytes are the same, and readers keep the one they have open.
    await rename(part, path)
    await toDisk(shard)
    if (isNewShard) await toDisk(this.#dir)
    return { ref: makeMediaRef(sha256, extensionOf(facts.mimeType)), sizeBytes, sha256 }
  }

  async open(ref: MediaRef, range?: ByteRange): Promise<Parts | null> {
    try {
      return await FileParts.open(this.#pathOf(sha256Of(ref)), range)
    } catch (thrown) {
      if (isMissing(toError(thrown))) return null
      throw thrown
    }
  }

  async stat(ref: MediaRef): Promise<MediaStat | null> {
    return statIfThere(this.#pathOf(sha256Of(ref)))
  }

  async delete(ref: MediaRef): Promise<void> {
    await rm(this.#pathOf(sha256Of(ref)), { force: true })
  }

  async *list(): AsyncIterable<ListedMedia> {
    for (const shard of await readdir(this.#dir)) {
      if (!/^[0-9a-f]{2}$/.test(shard)) continue
      for (const name of await readdir(join(this.#dir, shard))) {
        if (!contentName.test(name)) continue
        const found = await statIfThere(join(this.#dir, shard, name))
        if (found !== null) yield { sha256: name, ...found }
      }
    }
  }

  #pathOf(sha256: string): string {
    return join(this.#dir, sha256.slice(0, 2), sha256)
  }
}

/** Resolves when a file's content, or the names in a folder, would outlast a loss of power. */
async function toDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function statIfThere(path: string): Promise<MediaStat | null> {
  try {
    const { size, mtime } = await stat(path)
    return { sizeBytes: size, storedAt: mtime }
  } catch (thrown) {
    if (isMissing(toError(thrown))) return null
    throw thrown
  }
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'ENOENT'
}
