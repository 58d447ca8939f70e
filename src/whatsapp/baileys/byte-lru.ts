/** What an entry costs besides its bytes: the map's slot, the key, the Buffer object. */
const overheadBytes = 200

/** Keeps the byte strings used last, up to a number of bytes in all. */
export class ByteLru {
  readonly #entries = new Map<string, Buffer>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get(key: string): Buffer | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: Buffer): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#bytes += costOf(key, value)
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#entries.delete(key)
    this.#bytes -= costOf(key, value)
  }

  /** Drops every entry whose key begins so. */
  deleteWithPrefix(prefix: string): void {
    for (const key of [...this.#entries.keys()]) if (key.startsWith(prefix)) this.delete(key)
  }

  /** Bytes held, overhead included. */
  get bytes(): number {
    return this.#bytes
  }
}

function costOf(key: string, value: Buffer): number {
  return value.length + key.length + overheadBytes
}
