import type { PossiblyExtendedCacheStore } from 'baileys'
import type { Clock } from '../../core/clock.ts'

interface Entry {
  readonly value: unknown
  readonly expiresAt: number
}

/** A part of a cache: what Baileys expects, and answers at once. */
export interface CachePart extends PossiblyExtendedCacheStore {
  get<T>(key: string): T | undefined
}

/** A cache of bounded size and age in Baileys' shape, shared by all devices of a process. Oldest used goes first. */
export class BoundedCache {
  readonly #maxEntries: number
  readonly #ttlMs: number
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(options: { maxEntries: number; ttlMs: number; clock: Clock }) {
    this.#maxEntries = options.maxEntries
    this.#ttlMs = options.ttlMs
    this.#clock = options.clock
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): unknown {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.expiresAt <= this.#clock.now().getTime()) return undefined
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: unknown): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, expiresAt: this.#clock.now().getTime() + this.#ttlMs })
    if (this.#entries.size > this.#maxEntries) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  /** Drops every entry whose key begins so. */
  deleteUnder(prefix: string): void {
    for (const key of [...this.#entries.keys()]) if (key.startsWith(prefix)) this.#entries.delete(key)
  }

  /** The part of this cache that belongs to `owner`; it outlives the connection it is given to. */
  partOf(owner: string): CachePart {
    const prefix = `${owner}|`
    // Baileys names the type it expects; nobody else writes into the part.
    const read = <T>(key: string): T | undefined => this.get(prefix + key) as T | undefined
    return {
      get: read,
      set: (key, value) => this.set(prefix + key, value),
      del: (key) => this.delete(prefix + key),
      flushAll: () => this.deleteUnder(prefix),
      mget: async <T>(keys: string[]) =>
        Object.fromEntries(
          keys.map((key) => [key, read<T>(key)] as const).filter(([, value]) => value !== undefined),
        ),
      mset: (entries) => {
        for (const { key, value } of entries) this.set(prefix + key, value)
      },
      mdel: (keys) => {
        for (const key of keys) this.delete(prefix + key)
      },
    }
  }
}
