/** A list that keeps its newest entries only, so that a long run does not grow without bound. */
export class BoundedLog<T> {
  readonly #limit: number
  #entries: T[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Adds an entry and forgets the oldest ones once twice the limit is reached. */
  add(entry: T): void {
    this.#entries.push(entry)
    if (this.#entries.length >= this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit)
  }

  /** Oldest first. */
  get entries(): readonly T[] {
    return this.#entries
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = []
  }
}
