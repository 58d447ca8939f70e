import type { EventEnvelope } from '../core/event-envelope.ts'
import type { TraceParent } from '../core/tracing.ts'

/** One try at handing an event over. `attempt` counts from 1 and goes on counting over restarts. */
export interface DeliveryAttempt {
  readonly envelope: EventEnvelope
  readonly attempt: number
  /** The span that the event came of, or of this very try, for the receiver to go on with; null where nothing is traced. */
  readonly traceparent: TraceParent | null
}

/**
 * How a try ended. `done`: the receiver has it. `retry`: it may not, try again later. `drop`: it never will.
 * `status` is the receiver's (HTTP) status when it answered; `error` says what was wrong, without secrets.
 */
export type DeliveryOutcome =
  | { readonly result: 'done'; readonly status: number | null }
  | { readonly result: 'drop'; readonly status: number | null; readonly error: string }
  | {
      readonly result: 'retry'
      readonly status: number | null
      readonly error: string
      /** The receiver asked not to be tried sooner. */
      readonly notBeforeMs?: number
    }

/**
 * Where committed events go: one sink per receiver. A sink sees the envelope and a cancel signal and nothing else.
 * Events of one lane come one after another in their order; different lanes come at the same time.
 */
export interface EventSink {
  /** The endpoint's id, as in the deliveries written for it. */
  readonly id: string
  /** Hands one event over. Never rejects. When `signal` fires it ends soon, with whatever outcome. */
  deliver(attempt: DeliveryAttempt, signal: AbortSignal): Promise<DeliveryOutcome>
  /** How long to wait after `attempts` failed tries of an event that is `ageMs` old; null gives it up. */
  retryDelayMs(attempts: number, ageMs: number): number | null
}
