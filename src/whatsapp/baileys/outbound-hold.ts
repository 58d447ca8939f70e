/** The slice of a `ws` WebSocket that frames leave through. */
export interface FrameSink {
  send(data: Uint8Array | string, done?: (error?: Error) => void): void
}

/**
 * Holds outgoing frames back for as long as something that they confirm is not durable. Frames keep their order (each is
 * encrypted with a counter), and after a failure none of them leaves.
 */
export class OutboundHold {
  readonly #send: FrameSink['send']
  #waiting: (() => void)[] | null = null

  constructor(sink: FrameSink) {
    this.#send = sink.send.bind(sink)
    sink.send = (data, done) => {
      if (this.#waiting === null) this.#send(data, done)
      else this.#waiting.push(() => this.#send(data, done))
    }
  }

  /** Lets no frame out until `work` has resolved; rejects like `work`, and then the held frames are gone. */
  async during(work: () => Promise<void>): Promise<void> {
    this.#waiting ??= []
    await work()
    const waiting = this.#waiting
    this.#waiting = null
    for (const send of waiting) send()
  }
}
