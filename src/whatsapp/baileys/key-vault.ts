import { AppError, toError } from '../../core/app-error.ts'
import { isDatabaseGone } from '../../core/database-gone.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { ByteLru } from './byte-lru.ts'
import type { KeyRowStore } from './key-row-store.ts'
import type { DecryptedText, IdentityPair, KeyBatch, KeyChange } from './key-rows.ts'
import { isTakenOver } from './taken-over.ts'

/** What one operation writes. */
export interface VaultWrite {
  readonly changes?: readonly KeyChange[]
  readonly decrypted?: readonly DecryptedText[]
}

/** Where a vault reads and writes. The cache is shared by all devices. */
export interface VaultDeps {
  readonly device: DeviceId
  readonly store: KeyRowStore
  readonly cache: ByteLru
}

/**
 * The key rows of one device as everybody in this process sees them: what is written is read by the next one at once,
 * and `write` resolves when it is on disk. Writes that come while a commit is under way share the next one.
 * After a failed write, or a question that the database did not answer, the vault is dead: nothing it would answer could be relied on, so the session has to be opened anew.
 */
export class KeyVault {
  readonly #deps: VaultDeps
  /** Rows written and not yet committed, by type and id. */
  readonly #uncommitted = new Map<string, KeyChange>()
  #next: PendingBatch = emptyBatch()
  #flushing: Promise<void> | null = null
  /** Counts commits that deleted rows: a row read across one may be gone. */
  #deletions = 0
  /** The last write's; commits happen in order, so all before it are on disk as well once it resolves. */
  #lastWrite: Promise<void> | null = null
  #failure: Error | null = null

  constructor(deps: VaultDeps) {
    this.#deps = deps
  }

  /** Why the vault is dead; null while it lives. */
  get failure(): Error | null {
    return this.#failure
  }

  /**
   * Resolves once everything written so far is on disk, rejects once it is sure that it will not be; null when there is
   * nothing to wait for.
   */
  durable(): Promise<void> | null {
    return this.#failure === null ? this.#lastWrite : Promise.reject(this.#failure)
  }

  /** The rows of one type that exist, by id. Rejects once the vault is dead. */
  async read(type: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    this.#assertAlive()
    const found = new Map<string, Buffer>()
    const missing: string[] = []
    for (const id of ids) {
      const pending = this.#uncommitted.get(rowKey(type, id))
      const body = pending === undefined ? this.#deps.cache.get(this.#cacheKey(type, id)) : pending.body
      if (body === undefined) missing.push(id)
      else if (body !== null && body !== absent) found.set(id, body)
    }
    if (missing.length > 0) await this.#load(type, missing, found)
    return found
  }

  /** One row, or null. */
  async readOne(type: string, id: string): Promise<Buffer | null> {
    return (await this.read(type, [id])).get(id) ?? null
  }

  /** Makes a write visible at once, and resolves when it is committed. Rows that are so already are not written. */
  write(write: VaultWrite): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    const batch = this.#next
    const decrypted = write.decrypted ?? []
    let isNews = decrypted.length > 0
    for (const change of write.changes ?? []) {
      const key = rowKey(change.type, change.id)
      if (!this.#uncommitted.has(key) && this.#isStored(change)) continue
      this.#uncommitted.set(key, change)
      this.#deps.cache.delete(this.#cacheKey(change.type, change.id))
      batch.changes.set(key, change)
      isNews = true
    }
    if (!isNews) return Promise.resolve()
    for (const text of decrypted) batch.decrypted.push(text)
    const written = new Promise<void>((resolve, reject) => {
      batch.waiting.push({ resolve, reject })
      this.#flushing ??= this.#flush()
    })
    this.#lastWrite = written
    return written
  }

  /** The plaintext of a ciphertext that was decrypted before, by any of its hashes. */
  async decryptedBefore(hashes: readonly Buffer[]): Promise<Buffer | null> {
    // It may be on its way to the table at this moment.
    await this.durable()
    return this.#answer(this.#deps.store.decryptedBefore(hashes))
  }

  lidsOf(phoneUsers: readonly string[]): Promise<Map<string, string>> {
    return this.#answer(this.#deps.store.lidsOf(phoneUsers))
  }

  phonesOf(lidUsers: readonly string[]): Promise<Map<string, string>> {
    return this.#answer(this.#deps.store.phonesOf(lidUsers))
  }

  /** Keeps who is who. In a commit of its own: what cannot be merged there must not keep a session from advancing. */
  async learn(pairs: readonly IdentityPair[]): Promise<void> {
    if (pairs.length === 0) return
    try {
      await this.#deps.store.learn(pairs)
    } catch (error) {
      if (isDatabaseGone(error)) this.#die(unreachable(error))
      throw error
    }
  }

  /** Kills the vault; resolves when nothing of it writes any more. */
  async close(reason: Error): Promise<void> {
    this.#die(reason)
    await this.#flushing
  }

  async #load(type: string, ids: readonly string[], found: Map<string, Buffer>): Promise<void> {
    let rows: Map<string, Buffer>
    let deletions: number
    do {
      deletions = this.#deletions
      rows = await this.#answer(this.#deps.store.read(type, ids))
      this.#assertAlive()
    } while (deletions !== this.#deletions)
    for (const id of ids) {
      // Somebody may have written while the row was on its way here.
      const pending = this.#uncommitted.get(rowKey(type, id))
      const newer = pending === undefined ? this.#deps.cache.get(this.#cacheKey(type, id)) : pending.body
      const body = newer === undefined ? (rows.get(id) ?? null) : newer
      if (body !== null && body !== absent) found.set(id, body)
      if (pending === undefined) this.#remember(type, id, body)
    }
  }

  /**
   * What the store answers. Without an answer the vault is dead: the library takes what it cannot read for absent, and would
   * acknowledge a message that it could not decrypt. A row that was read and makes no sense is that row's affair.
   */
  async #answer<T>(question: Promise<T>): Promise<T> {
    try {
      return await question
    } catch (error) {
      const isUnreadable = error instanceof AppError && error.code === 'key_unreadable'
      if (!isUnreadable) this.#die(unreachable(error))
      throw error
    }
  }

  async #flush(): Promise<void> {
    while (!isEmpty(this.#next) || this.#next.waiting.length > 0) {
      let batch: PendingBatch | null = null
      try {
        // Taken only when the transaction runs: whatever came while it waited for its turn shares the commit.
        await this.#deps.store.commit(() => {
          batch ??= this.#takeNext()
          return toKeyBatch(batch)
        })
      } catch (error) {
        const failed = batch ?? this.#takeNext()
        this.#die(
          isTakenOver(error)
            ? error
            : new AppError('internal_error', { message: 'key material could not be stored', cause: error }),
        )
        for (const { reject } of failed.waiting) reject(toError(this.#failure))
        break
      }
      // The compiler does not see the assignment inside the callback.
      this.#settle((batch as PendingBatch | null) ?? emptyBatch())
    }
    this.#flushing = null
  }

  #takeNext(): PendingBatch {
    const batch = this.#next
    this.#next = emptyBatch()
    return batch
  }

  #settle(batch: PendingBatch): void {
    if ([...batch.changes.values()].some(({ body }) => body === null)) this.#deletions += 1
    for (const [key, change] of batch.changes) {
      if (this.#uncommitted.get(key) !== change) continue
      this.#uncommitted.delete(key)
      if (this.#failure === null) this.#remember(change.type, change.id, change.body)
    }
    if (isEmpty(this.#next)) this.#lastWrite = null
    for (const { resolve } of batch.waiting) resolve()
  }

  #die(reason: Error): void {
    this.#failure ??= reason
    this.#uncommitted.clear()
    this.#deps.cache.deleteWithPrefix(`${this.#deps.device}\0`)
    for (const { reject } of this.#takeNext().waiting) reject(this.#failure)
  }

  /** One-time prekeys are read once: eight hundred of them per device would push everything else out. */
  #remember(type: string, id: string, body: Buffer | null): void {
    if (type !== 'pre-key') this.#deps.cache.set(this.#cacheKey(type, id), body ?? absent)
  }

  #assertAlive(): void {
    if (this.#failure !== null) throw this.#failure
  }

  #isStored(change: KeyChange): boolean {
    return (
      change.body !== null &&
      this.#deps.cache.get(this.#cacheKey(change.type, change.id))?.equals(change.body) === true
    )
  }

  #cacheKey(type: string, id: string): string {
    return `${this.#deps.device}\0${rowKey(type, id)}`
  }
}

function unreachable(cause: unknown): AppError {
  return new AppError('internal_error', { message: 'key material could not be read', cause })
}

/** Stands in the cache for a row that is known not to be there: many are asked for with every message. */
const absent = Buffer.alloc(0)

interface PendingBatch {
  readonly changes: Map<string, KeyChange>
  readonly decrypted: DecryptedText[]
  readonly waiting: { readonly resolve: () => void; readonly reject: (reason: Error) => void }[]
}

function emptyBatch(): PendingBatch {
  return { changes: new Map(), decrypted: [], waiting: [] }
}

function isEmpty(batch: PendingBatch): boolean {
  return batch.changes.size === 0 && batch.decrypted.length === 0
}

function toKeyBatch(batch: PendingBatch): KeyBatch {
  return { changes: [...batch.changes.values()], decrypted: batch.decrypted }
}

function rowKey(type: string, id: string): string {
  return `${type}\0${id}`
}
