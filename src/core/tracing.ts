/**
 * A span's place in its trace as W3C Trace Context writes it: `00-<trace id>-<span id>-<flags>`. It is what is kept beside
 * pending work, so that whoever goes on with it, maybe after a restart, goes on in the same trace.
 */
export type TraceParent = string

/**
 * What is told of a span, by attribute name. They leave the machine: never a phone number, a JID, the id or text of a message,
 * a path, a query or a URL.
 */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>

/** A step that begins. */
export interface Step {
  readonly name: string
  /** Which side of a call between programs it is; inside the gateway when absent. */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer'
  /** The span it belongs to; the one that the code runs in when absent. null begins a trace of its own. */
  readonly parent?: TraceParent | null
  readonly facts?: SpanFacts
  /** Milliseconds since 1970, with their fraction; now when absent. */
  readonly startedAt?: number
}

/** A step under way. Nothing said of it after its end counts. */
export interface Span {
  readonly traceparent: TraceParent
  /** Adds facts; `name` replaces the one it began with. */
  tell(facts: SpanFacts, name?: string): void
  /** Ends it, now or at a time given as in `Step`. `error` is a code or a class of errors, never a message. */
  end(outcome?: { readonly error?: string | undefined; readonly at?: number }): void
}

/** What makes spans. Whoever can be traced is given one, or null when nothing is. */
export interface Tracing {
  /** The span that the code runs in, unless that has ended. */
  readonly current: TraceParent | null
  begin(step: Step): Span
  /** Runs `work` as part of a span. It does not end the span. */
  within<T>(span: Span, work: () => T): T
  /** Runs `work` as part of no span: what was begun by a request and outlives it. */
  outside<T>(work: () => T): T
}

/** The time as spans take it: milliseconds since 1970 with their fraction. */
export function spanTime(): number {
  return performance.timeOrigin + performance.now()
}

/** The class of what was thrown, as spans may tell it. */
export function errorClass(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return typeof thrown
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return thrown.constructor.name
}
