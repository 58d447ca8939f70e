import type { DeliveryAttempt, DeliveryOutcome, EventSink } from '../../outbox/event-sink.ts'
import { type RetryPolicy, retryDelayMs } from './retry-policy.ts'
import type { WebhookTarget, WebhookTransport } from './webhook-transport.ts'

/** Posts events to one endpoint. A 2xx is success; anything else, and no answer in time, is tried again. */
export class WebhookSink implements EventSink {
  readonly id: string
  readonly #target: WebhookTarget
  readonly #transport: WebhookTransport
  readonly #retries: RetryPolicy

  constructor(deps: {
    readonly id: string
    readonly target: WebhookTarget
    readonly transport: WebhookTransport
    readonly retries: RetryPolicy
  }) {
    this.id = deps.id
    this.#target = deps.target
    this.#transport = deps.transport
    this.#retries = deps.retries
  }

  async deliver({ envelope, attempt }: DeliveryAttempt, signal: AbortSignal): Promise<DeliveryOutcome> {
    const post = { eventId: envelope.id, attempt, body: JSON.stringify(envelope.body) }
    const answer = await this.#transport.post(this.#target, post, signal)
    if (answer.status === null) return { result: 'retry', status: null, error: answer.error }
    if (answer.status >= 200 && answer.status <= 299) return { result: 'done', status: answer.status }
    return { result: 'retry', status: answer.status, error: `answered ${answer.status}` }
  }

  retryDelayMs(attempts: number, ageMs: number): number | null {
    return retryDelayMs(attempts, ageMs, this.#retries)
  }
}
