/** Lets one work at a time run per name. Works of one name run in the order they came. */
export class KeyLock {
  readonly #tails = new Map<string, Promise<void>>()

  /** Runs `work` while nobody else holds any of `names`; several names are taken in their sorted order. */
  async run<T>(names: string | readonly string[], work: () => Promise<T> | T): Promise<T> {
    const sorted = typeof names === 'string' ? [names] : [...new Set(names)].sort()
    const releases: (() => void)[] = []
    try {
      for (const name of sorted) releases.push(await this.#acquire(name))
      return await work()
    } finally {
      for (const release of releases) release()
    }
  }

  async #acquire(name: string): Promise<() => void> {
    const before = this.#tails.get(name)
    let release: () => void = () => undefined
    const tail = new Promise<void>((resolve) => {
      release = () => {
        if (this.#tails.get(name) === tail) this.#tails.delete(name)
        resolve()
      }
    })
    this.#tails.set(name, tail)
    await before
    return release
  }
}
