import type { DeliveryAttempt, DeliveryOutcome, EventSink } from './event-sink.ts'

/** A receiver in memory, for tests: remembers every attempt, answers as told, and can be waited for. */
export class RecordingSink implements EventSink {
  readonly id: string
  /** Every attempt in the order of arrival. */
  readonly attempts: DeliveryAttempt[] = []
  /** Attempts that were answered with `done`, in order. */
  readonly delivered: DeliveryAttempt[] = []
  readonly #answer: (attempt: DeliveryAttempt) => DeliveryOutcome | Promise<DeliveryOutcome>
  readonly #retryDelayMs: (attempts: number, ageMs: number) => number | null
  #watchers: (() => void)[] = []

  constructor(
    id: string,
    options: {
      /** Default: everything is `done`. An answer that is still to come when the try is aborted does not count. */
      readonly answer?: (attempt: DeliveryAttempt) => DeliveryOutcome | Promise<DeliveryOutcome>
      /** Default: one second, for ever. */
      readonly retryDelayMs?: (attempts: number, ageMs: number) => number | null
    } = {},
  ) {
    this.id = id
    this.#answer = options.answer ?? (() => ({ result: 'done', status: null }))
    this.#retryDelayMs = options.retryDelayMs ?? (() => 1000)
  }

  async deliver(attempt: DeliveryAttempt, signal: AbortSignal): Promise<DeliveryOutcome> {
    this.attempts.push(attempt)
    this.#changed()
    const aborted = Promise.withResolvers<DeliveryOutcome>()
    const abort = () => aborted.resolve({ result: 'retry', status: null, error: 'aborted' })
    signal.addEventListener('abort', abort, { once: true })
    const outcome = await Promise.race([this.#answer(attempt), aborted.promise])
    signal.removeEventListener('abort', abort)
    if (outcome.result === 'done') this.delivered.push(attempt)
    this.#changed()
    return outcome
  }

  retryDelayMs(attempts: number, ageMs: number): number | null {
    return this.#retryDelayMs(attempts, ageMs)
  }

  /** Resolves once `isTrue` holds for what has arrived; rejects after `timeoutMs`, naming what did arrive. */
  async until(isTrue: (sink: this) => boolean, timeoutMs = 10_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs)
    deadline.addEventListener('abort', () => this.#changed(), { once: true })
    while (!isTrue(this)) {
      if (deadline.aborted) throw new Error(this.#story())
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve)
      })
    }
  }

  #story(): string {
    const seen = this.attempts.map(
      ({ envelope, attempt }) => `${envelope.lane}#${envelope.seq} try ${attempt}`,
    )
    return `not in time; ${this.delivered.length} delivered of ${seen.length} tries: ${seen.slice(-50).join(', ')}`
  }

  #changed(): void {
    const watchers = this.#watchers
    this.#watchers = []
    for (const resolve of watchers) resolve()
  }
}
