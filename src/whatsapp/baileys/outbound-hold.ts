import { toError } from '../../core/app-error.ts'

/** The slice of a `ws` WebSocket that frames leave through. */
export interface FrameSink {
  send(data: Uint8Array | string, done?: (error?: Error) => void): void
}

/** What decides when a frame may leave. */
export interface OutboundHoldDeps {
  /** What has to be on disk before a frame written now may leave; null when nothing is outstanding. */
  readonly durable: () => Promise<void> | null
  /** Called once when it will never be: no frame leaves from then on. */
  readonly onFailure: (error: Error) => void
}

interface HeldFrame {
  readonly data: Uint8Array | string
  readonly until: readonly Promise<void>[]
}

/**
 * Holds outgoing frames back until what they stand for is durable: the ratchet step of a message, the plaintext that a
 * receipt confirms, the credentials that complete a link. Frames keep their order (each is encrypted with a counter).
 * A held frame counts as written for its sender, so the next message is encrypted meanwhile and shares the commit.
 */
export class OutboundHold {
  readonly #send: FrameSink['send']
  readonly #deps: OutboundHoldDeps
  #held: HeldFrame[] = []
  #works: readonly Promise<void>[] = []
  #isReleasing = false
  #hasFailed = false

  constructor(sink: FrameSink, deps: OutboundHoldDeps) {
    this.#send = sink.send.bind(sink)
    this.#deps = deps
    sink.send = (data, done) => this.#take(data, done)
  }

  /** Lets no frame out until `work` has resolved; rejects like `work`, and then the held frames are gone. */
  async during(work: () => Promise<void>): Promise<void> {
    const running = work()
    this.#works = [...this.#works, running]
    await running
    this.#works = this.#works.filter((each) => each !== running)
  }

  #take(data: Uint8Array | string, done: ((error?: Error) => void) | undefined): void {
    if (this.#hasFailed) {
      done?.(new Error('what the frame stands for could not be stored'))
      return
    }
    const durable = this.#deps.durable()
    const until = durable === null ? this.#works : [...this.#works, durable]
    if (until.length === 0 && !this.#isReleasing) {
      this.#send(data, done)
      return
    }
    this.#held.push({ data, until })
    done?.()
    if (!this.#isReleasing) void this.#release()
  }

  async #release(): Promise<void> {
    this.#isReleasing = true
    try {
      for (let frame = this.#held.shift(); frame !== undefined; frame = this.#held.shift()) {
        await Promise.all(frame.until)
        // Should the connection be gone by then, its end has been reported already.
        this.#send(frame.data, () => undefined)
      }
    } catch (error) {
      this.#hasFailed = true
      this.#held = []
      this.#deps.onFailure(toError(error))
    }
    this.#isReleasing = false
  }
}
