/** A public one-time prekey as its owner uploaded it. */
export interface PublicPreKey {
  id: number
  publicKey: Buffer
}

/** A signed prekey: the public half and its owner's signature over it. */
export interface PublicSignedPreKey extends PublicPreKey {
  signature: Buffer
}

/** One-time prekeys of one device. A key is handed out at most once, whatever is uploaded again later. */
export class PreKeyPool {
  #waiting: PublicPreKey[] = []
  #seen = new Set<number>()
  #handedOut: number[] = []

  /** Appends an upload; keys whose id was seen before are not offered a second time. */
  add(keys: PublicPreKey[]): void {
    for (const key of keys) {
      if (this.#seen.has(key.id)) continue
      this.#seen.add(key.id)
      this.#waiting.push(key)
    }
  }

  /** Takes the oldest key, or returns undefined when none is left. */
  take(): PublicPreKey | undefined {
    const key = this.#waiting.shift()
    if (key) this.#handedOut.push(key.id)
    return key
  }

  /** How many keys are left. */
  get count(): number {
    return this.#waiting.length
  }

  /** Ids handed out so far, in order; a duplicate here would be a defect of the server. */
  get handedOut(): readonly number[] {
    return this.#handedOut
  }
}
