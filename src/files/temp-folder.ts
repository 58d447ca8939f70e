import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A private folder for files that live no longer than a request. Whoever makes a file in it deletes it. */
export class TempFolder {
  /** Absolute path. */
  readonly path: string
  #made: Promise<unknown> | null = null

  constructor(path: string) {
    this.path = path
  }

  /** Makes the folder and deletes what an earlier run left in it. Call it before anything else uses the folder. */
  async sweep(): Promise<void> {
    await this.#make()
    const left = await readdir(this.path)
    await Promise.all(left.map((name) => rm(join(this.path, name), { recursive: true, force: true })))
  }

  /** A path in the folder that nobody else has; nothing is there yet. `extension` is with its dot. */
  async newPath(extension = ''): Promise<string> {
    await (this.#made ??= this.#make())
    return join(this.path, `${randomUUID()}${extension}`)
  }

  async #make(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
  }
}
