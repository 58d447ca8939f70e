/** Runs jobs one after another, in the order given. A failed job rejects its own promise and stops nobody else. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve()

  /** Runs `job` after all jobs given before it; resolves or rejects with its outcome. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job)
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  /** Resolves once every job given so far has ended, whatever its outcome. */
  async drained(): Promise<void> {
    await this.#tail
  }
}
