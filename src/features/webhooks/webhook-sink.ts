import type { Clock } from '../../core/clock.ts'
import type { DeliveryAttempt, DeliveryOutcome, EventSink } from '../../outbox/event-sink.ts'
import { type RetryPolicy, retryDelayMs } from './retry-policy.ts'
import type { GoneChoice, WebhookFormat } from './webhook-endpoint.ts'
import { headersOf, parseRetryAfter } from './webhook-headers.ts'
import type { WebhookAnswer, WebhookTarget, WebhookTransport } from './webhook-transport.ts'

/** Longest pause that a receiver can ask for. */
const longestRetryAfterMs = 6 * 3_600_000

/** What one endpoint's sink is made of. @sensitive */
export interface WebhookSinkDeps {
  readonly id: string
  readonly target: WebhookTarget
  readonly secret: string
  readonly format: WebhookFormat
  readonly whenGone: GoneChoice
  readonly transport: WebhookTransport
  readonly retries: RetryPolicy
  readonly clock: Clock
  /** The receiver said that it is gone for good, and the endpoint is to be put out of use then. */
  readonly onGone: () => void
}

/** Posts events to one endpoint. A 2xx is success; anything else, and no answer in time, is tried again. */
export class WebhookSink implements EventSink {
  readonly id: string
  readonly #deps: WebhookSinkDeps

  constructor(deps: WebhookSinkDeps) {
    this.id = deps.id
    this.#deps = deps
  }

  async deliver(
    { envelope, attempt, traceparent }: DeliveryAttempt,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome> {
    const { target, transport, clock, secret, format } = this.#deps
    const body = JSON.stringify(envelope.body)
    const headers = headersOf({ envelope, body, attempt, traceparent, at: clock.now(), secret, format })
    const answer = await transport.post(target, { body, headers }, signal)
    if (answer.status === null) return { result: 'retry', status: null, error: answer.error }
    if (answer.status >= 200 && answer.status <= 299) return { result: 'done', status: answer.status }
    if (answer.status === 410) return this.#gone()
    return {
      result: 'retry',
      status: answer.status,
      error: `answered ${answer.status}`,
      ...this.#pauseOf(answer),
    }
  }

  retryDelayMs(attempts: number, ageMs: number): number | null {
    return retryDelayMs(attempts, ageMs, this.#deps.retries)
  }

  #gone(): DeliveryOutcome {
    const { whenGone, onGone } = this.#deps
    const outcome = { status: 410, error: 'answered 410: gone' } as const
    if (whenGone === 'drop') return { result: 'drop', ...outcome }
    if (whenGone === 'disable') onGone()
    // What waits goes out if the endpoint is put in use again before the event is too old.
    return { result: 'retry', ...outcome }
  }

  #pauseOf(answer: Extract<WebhookAnswer, { status: number }>): { notBeforeMs?: number } {
    if (answer.retryAfter === undefined) return {}
    const ms = parseRetryAfter(answer.retryAfter, this.#deps.clock.now())
    return ms === null ? {} : { notBeforeMs: Math.min(ms, longestRetryAfterMs) }
  }
}
