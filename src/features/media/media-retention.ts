import type { Clock } from '../../core/clock.ts'
import { type MediaStore, makeMediaRef } from './media-store.ts'

const dayMs = 86_400_000

/** Deletes stored media once it is old enough; content that was put again counts from then. */
export class MediaRetention {
  readonly #store: MediaStore
  readonly #clock: Clock
  readonly #days: number
  readonly #onDeleted: (hashes: readonly string[], at: Date) => Promise<void>

  /** `days` 0 keeps everything. `onDeleted` hears which content went, by its hash, and when that began. */
  constructor(deps: {
    readonly store: MediaStore
    readonly clock: Clock
    readonly days: number
    readonly onDeleted: (hashes: readonly string[], at: Date) => Promise<void>
  }) {
    this.#onDeleted = deps.onDeleted
    this.#store = deps.store
    this.#clock = deps.clock
    this.#days = deps.days
  }

  /** Deletes what is too old now; resolves to how many files that were. */
  async sweep(): Promise<number> {
    if (this.#days === 0) return 0
    const startedAt = this.#clock.now()
    const oldest = startedAt.getTime() - this.#days * dayMs
    const deleted: string[] = []
    for await (const { sha256, storedAt } of this.#store.list()) {
      if (storedAt.getTime() >= oldest) continue
      // It may have been put again since the listing began.
      const ref = makeMediaRef(sha256)
      const now = await this.#store.stat(ref)
      if (now === null || now.storedAt.getTime() >= oldest) continue
      await this.#store.delete(ref)
      deleted.push(sha256)
    }
    if (deleted.length > 0) await this.#onDeleted(deleted, startedAt)
    return deleted.length
  }
}
