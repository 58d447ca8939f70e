import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

const keyBytes = 32
const idBytes = 8

/**
 * The keys that stored secrets are encrypted with: one that is written with, and older ones that are still read. A key is named
 * by an id that is made of it and tells nothing of it. Each owner of rows (a device; '' for the gateway) has a key of its own,
 * derived when it is first asked for, so that one key does not encrypt more values than random nonces are good for. @sensitive
 */
export class KeyRing {
  /** Id of the key that is written with. */
  readonly presentId: string
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #derived = new Map<string, KeyObject>()

  private constructor(keys: readonly Buffer[], presentId: string) {
    this.presentId = presentId
    this.#keys = new Map(keys.map((key) => [idOf(key), key]))
  }

  /** A ring of keys of 32 bytes each, the present one first; null without any. */
  static of(keys: readonly Buffer[]): KeyRing | null {
    const [present] = keys
    if (present === undefined) return null
    if (keys.some((key) => key.length !== keyBytes)) throw new RangeError('a key has 32 bytes')
    return new KeyRing(keys, idOf(present))
  }

  has(id: string): boolean {
    return this.#keys.has(id)
  }

  /** The key of one owner's rows under the key with this id; null when the ring lacks that. */
  keyOf(id: string, owner: string): KeyObject | null {
    const name = `${id}${owner}`
    const known = this.#derived.get(name)
    if (known !== undefined) return known
    const key = this.#keys.get(id)
    if (key === undefined) return null
    const bytes = hkdfSync('sha256', key, Buffer.alloc(0), `gatewa rows of ${owner}`, keyBytes)
    const derived = createSecretKey(Buffer.from(bytes))
    this.#derived.set(name, derived)
    return derived
  }
}

function idOf(key: Buffer): string {
  return createHmac('sha256', key)
    .update('gatewa key id')
    .digest('hex')
    .slice(0, 2 * idBytes)
}
