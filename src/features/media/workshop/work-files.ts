import { createHash } from 'node:crypto'
import { link, rm, stat } from 'node:fs/promises'
import { AppError } from '../../../core/app-error.ts'
import type { GuardedFetcher } from '../../../fetch/guarded-fetcher.ts'
import { FileParts } from '../../../files/file-parts.ts'
import { spool, tooLarge } from '../../../files/spool.ts'
import type { TempFolder } from '../../../files/temp-folder.ts'
import type { MediaSource, PreparedMedia } from '../prepared-media.ts'
import { typeOfContent } from './media-type.ts'

/** A file to work on, in a folder of ours. */
export interface WorkFile {
  readonly path: string
  readonly sizeBytes: number
  /** Without folders; '' when nobody named it. */
  readonly fileName: string
  /** By its bytes; '' when they show none. */
  readonly mimeType: string
}

/** Bounds of taking a file in. */
export interface IntakeOptions {
  readonly limitBytes: number
  readonly signal?: AbortSignal | undefined
  /** The Accept header for URLs. */
  readonly accept?: string
}

/** The files that one preparation makes on its way; all but the one that is kept are deleted at its end. */
export class WorkFiles {
  readonly #folder: TempFolder
  readonly #fetcher: GuardedFetcher
  readonly #made: string[] = []

  constructor(folder: TempFolder, fetcher: GuardedFetcher) {
    this.#folder = folder
    this.#fetcher = fetcher
  }

  /** A path for a new file. */
  async newPath(extension = ''): Promise<string> {
    const path = await this.#folder.newPath(extension)
    this.#made.push(path)
    return path
  }

  /** The source as a file. Raises `media_empty`, `media_too_large` and what fetching raises. */
  async take(source: MediaSource, options: IntakeOptions): Promise<WorkFile> {
    const file = source.kind === 'upload' ? source.file : await this.#fetch(source.url, options)
    if (file.sizeBytes === 0) throw new AppError('media_empty')
    if (file.sizeBytes > options.limitBytes) throw tooLarge(options.limitBytes)
    const { path, sizeBytes, fileName } = file
    return { path, sizeBytes, fileName, mimeType: await typeOfContent(path) }
  }

  /** The same bytes under a path of this preparation's own; nothing is copied. */
  async adopt(file: WorkFile): Promise<string> {
    if (this.#made.includes(file.path)) return file.path
    const path = await this.newPath()
    await link(file.path, path)
    return path
  }

  /** Says what is kept, and deletes the rest. */
  async keep(
    path: string,
    facts: Omit<PreparedMedia, 'path' | 'sizeBytes' | 'sha256' | 'dispose'>,
  ): Promise<PreparedMedia> {
    const hash = createHash('sha256')
    for await (const part of await FileParts.open(path)) hash.update(part)
    const { size } = await stat(path)
    this.#made.splice(this.#made.indexOf(path), 1)
    return {
      ...facts,
      path,
      sizeBytes: size,
      sha256: hash.digest('hex'),
      dispose: () => rm(path, { force: true }),
    }
  }

  /** Deletes everything that is not kept. */
  async clear(): Promise<void> {
    await Promise.all(this.#made.splice(0).map((path) => rm(path, { force: true })))
  }

  async #fetch(url: string, { limitBytes, signal, accept }: IntakeOptions) {
    const fetched = await this.#fetcher.get(url, {
      limitBytes,
      signal,
      ...(accept === undefined ? {} : { accept }),
    })
    const path = await this.newPath()
    const { sizeBytes } = await spool(fetched.body, path, { limitBytes, signal })
    return { path, sizeBytes, fileName: fetched.fileName }
  }
}
