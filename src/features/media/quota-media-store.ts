import { AppError } from '../../core/app-error.ts'
import type { Parts } from '../../files/file-parts.ts'
import type {
  ByteRange,
  ListedMedia,
  MediaFacts,
  MediaRef,
  MediaStat,
  MediaStore,
  StoredMedia,
} from './media-store.ts'

/**
 * A media store that takes no more than so many bytes altogether. It counts what is put, and now and then what is really
 * there (`recount`): until then content that was put twice counts twice.
 */
export class QuotaMediaStore implements MediaStore {
  readonly #store: MediaStore
  readonly #quotaBytes: number
  #usedBytes: Promise<number> | null = null

  constructor(deps: { readonly store: MediaStore; readonly quotaBytes: number }) {
    this.#store = deps.store
    this.#quotaBytes = deps.quotaBytes
  }

  /** Sums up what is stored. */
  async recount(): Promise<void> {
    const counted = this.#sum()
    await counted
    this.#usedBytes = counted
  }

  async put(content: AsyncIterable<Uint8Array>, facts: MediaFacts): Promise<StoredMedia> {
    const left = this.#quotaBytes - (await (this.#usedBytes ??= this.#sum()))
    if (left <= 0) throw new AppError('media_quota_exceeded')
    const isQuotaNearer = left < facts.limitBytes
    try {
      const stored = await this.#store.put(content, isQuotaNearer ? { ...facts, limitBytes: left } : facts)
      this.#usedBytes = this.#usedBytes.then((used) => used + stored.sizeBytes)
      return stored
    } catch (error) {
      const isFull = isQuotaNearer && error instanceof AppError && error.code === 'media_too_large'
      throw isFull ? new AppError('media_quota_exceeded', { cause: error }) : error
    }
  }

  open(ref: MediaRef, range?: ByteRange): Promise<Parts | null> {
    return this.#store.open(ref, range)
  }

  stat(ref: MediaRef): Promise<MediaStat | null> {
    return this.#store.stat(ref)
  }

  async delete(ref: MediaRef): Promise<void> {
    const found = await this.#store.stat(ref)
    await this.#store.delete(ref)
    if (found !== null) this.#usedBytes = this.#usedBytes?.then((used) => used - found.sizeBytes) ?? null
  }

  list(): AsyncIterable<ListedMedia> {
    return this.#store.list()
  }

  async #sum(): Promise<number> {
    let sum = 0
    for await (const { sizeBytes } of this.#store.list()) sum += sizeBytes
    return sum
  }
}
