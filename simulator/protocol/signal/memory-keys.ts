import type { SignalDataSet, SignalDataTypeMap, SignalKeyStoreWithTransaction } from 'baileys'

/**
 * Key material of one simulated device, in memory. A transaction is only a lock per key: writes are seen at once,
 * and libsignal writes a session only after it has decrypted with it, so there is nothing to roll back.
 */
export class MemoryKeys implements SignalKeyStoreWithTransaction {
  readonly #data = new Map<string, Map<string, unknown>>()
  readonly #locks = new Map<string, Promise<unknown>>()

  get = <T extends keyof SignalDataTypeMap>(
    type: T,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[T] }> => {
    const known = this.#data.get(type)
    const found: { [id: string]: SignalDataTypeMap[T] } = {}
    for (const id of ids) {
      const value = known?.get(id)
      // What was stored under a type is that type's value: `set` is typed the same way.
      if (value !== undefined) found[id] = value as SignalDataTypeMap[T]
    }
    return Promise.resolve(found)
  }

  set = (data: SignalDataSet): Promise<void> => {
    this.put(data)
    return Promise.resolve()
  }

  /** Writes at once; a null forgets. */
  put(data: SignalDataSet): void {
    for (const [type, entries] of Object.entries(data)) {
      const known = this.#data.get(type) ?? new Map<string, unknown>()
      this.#data.set(type, known)
      for (const [id, value] of Object.entries(entries)) {
        if (value === null) known.delete(id)
        else known.set(id, value)
      }
    }
  }

  isInTransaction = (): boolean => false

  transaction = async <T>(work: () => Promise<T>, key: string): Promise<T> => {
    const before = this.#locks.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    const settled = mine.catch(() => undefined)
    this.#locks.set(key, settled)
    try {
      return await mine
    } finally {
      if (this.#locks.get(key) === settled) this.#locks.delete(key)
    }
  }
}
