/** Node before 23.9 cannot tell the threads apart. */
const usage: typeof process.cpuUsage = (before) =>
  typeof process.threadCpuUsage === 'function' ? process.threadCpuUsage(before) : process.cpuUsage(before)

/**
 * Watches the event loop from inside: the longest time without a turn, and the longest such stretch in CPU time of the
 * thread. On a machine that is shared the second one tells what the program itself did to the loop.
 */
export class LoopWatch {
  #stallMs = 0
  #busyMs = 0
  #at = performance.now()
  #cpu = usage()

  constructor() {
    setInterval(() => this.#tick(), 1)
  }

  /** Forgets what was seen. */
  reset(): void {
    this.#tick()
    this.#stallMs = 0
    this.#busyMs = 0
  }

  /** The longest since the reset, in milliseconds. */
  get longest(): { readonly stallMs: number; readonly busyMs: number } {
    this.#tick()
    return { stallMs: this.#stallMs, busyMs: this.#busyMs }
  }

  #tick(): void {
    const at = performance.now()
    const { user, system } = usage(this.#cpu)
    this.#stallMs = Math.max(this.#stallMs, at - this.#at - 1)
    this.#busyMs = Math.max(this.#busyMs, (user + system) / 1000)
    this.#at = at
    this.#cpu = usage()
  }
}
