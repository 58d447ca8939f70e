/** Something that can be waited on: listeners are called after a fact became true. */
export class Changes {
  #listeners = new Set<() => void>()

  /** Calls `listener` after every change; returns the function that stops it. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells everybody who waits that something changed. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
