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
 * A media store that takes no more than so many bytes altogether. It counts what comes as it comes, and now and then what is
 * really there (`recount`): until then content that was put twice counts twice.
 */
export class QuotaMediaStore implements MediaStore {
  readonly #store: MediaStore
  readonly #quotaBytes: number
  #counting: Promise<void> | null = null
  #storedBytes = 0
  /** Of what is being put. */
  #arrivingBytes = 0

  constructor(deps: { readonly store: MediaStore; readonly quotaBytes: number }) {
    this.#store = deps.store
    this.#quotaBytes = deps.quotaBytes
  }

  /** Sums up what is stored. */
  async recount(): Promise<void> {
    this.#storedBytes = await this.#sum()
  }

  async put(content: AsyncIterable<Uint8Array>, facts: MediaFacts): Promise<StoredMedia> {
    this.#counting ??= this.recount().catch((error: unknown) => {
      // The next one counts.
      this.#counting = null
      throw error
    })
    await this.#counting
    if (this.#usedBytes >= this.#quotaBytes) throw new AppError('media_quota_exceeded')
    const arriving = { bytes: 0 }
    try {
      const stored = await this.#store.put(this.#counted(content, arriving), facts)
      this.#storedBytes += stored.sizeBytes
      return stored
    } finally {
      this.#release(arriving)
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
    // Before the first count there is nothing to take it from.
    if (found !== null && this.#counting !== null) this.#storedBytes -= found.sizeBytes
  }

  list(): AsyncIterable<ListedMedia> {
    return this.#store.list()
  }

  get #usedBytes(): number {
    return this.#storedBytes + this.#arrivingBytes
  }

  /** The content, as long as there is room for it; whoever comes at the same time takes from the same room. */
  async *#counted(
    content: AsyncIterable<Uint8Array>,
    arriving: { bytes: number },
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      arriving.bytes += chunk.length
      this.#arrivingBytes += chunk.length
      if (this.#usedBytes > this.#quotaBytes) {
        // At once, so that of several that do not fit together one does.
        this.#release(arriving)
        throw new AppError('media_quota_exceeded')
      }
      yield chunk
    }
  }

  #release(arriving: { bytes: number }): void {
    this.#arrivingBytes -= arriving.bytes
    arriving.bytes = 0
  }

  async #sum(): Promise<number> {
    let sum = 0
    for await (const { sizeBytes } of this.#store.list()) sum += sizeBytes
    return sum
  }
}
