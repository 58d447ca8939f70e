import {
  type Context,
  isSpanContextValid,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { ScopedSpan, TraceScope } from '../core/trace-scope.ts'
import {
  type Span,
  type SpanFacts,
  type Step,
  spanTime,
  type TraceParent,
  type Tracing,
} from '../core/tracing.ts'

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

/** Spans of an OpenTelemetry tracer. Nothing global is used, so gateways of one process do not see each other. */
export class OtelTracing implements Tracing {
  readonly #tracer: Tracer
  readonly #scope: TraceScope

  constructor(tracer: Tracer, scope: TraceScope) {
    this.#tracer = tracer
    this.#scope = scope
  }

  get current(): TraceParent | null {
    return this.#scope.current
  }

  begin({ name, kind, parent, facts = {}, startedAt = spanTime() }: Step): Span {
    const options = {
      kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind],
      attributes: facts,
      startTime: startedAt,
    }
    const place = contextOf(parent === undefined ? this.#scope.current : parent)
    return new RunningSpan(this.#tracer.startSpan(name, options, place))
  }

  within<T>(span: Span, work: () => T): T {
    // Every span that there is was begun above.
    return this.#scope.run(span as RunningSpan, work)
  }

  outside<T>(work: () => T): T {
    return this.#scope.run(null, work)
  }
}

class RunningSpan implements Span, ScopedSpan {
  readonly traceparent: TraceParent
  readonly #span: OtelSpan
  #isOver = false

  constructor(span: OtelSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext()
    this.#span = span
    this.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
  }

  get isOver(): boolean {
    return this.#isOver
  }

  tell(facts: SpanFacts, name?: string): void {
    this.#span.setAttributes(facts)
    if (name !== undefined) this.#span.updateName(name)
  }

  end({ error, at = spanTime() }: { readonly error?: string | undefined; readonly at?: number } = {}): void {
    if (this.#isOver) return
    this.#isOver = true
    if (error !== undefined) {
      this.#span.setAttribute('error.type', error)
      this.#span.setStatus({ code: SpanStatusCode.ERROR })
    }
    this.#span.end(at)
  }
}

/** Reads a `traceparent` of any version that is written as version 00 begins; null for what is none. */
export function parseTraceParent(text: string) {
  const [, version, traceId = '', spanId = '', flags = '', rest = ''] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text.trim()) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && rest !== '')) return null
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(context) ? context : null
}

function contextOf(parent: TraceParent | null): Context {
  const context = parent === null ? null : parseTraceParent(parent)
  return context === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context)
}
