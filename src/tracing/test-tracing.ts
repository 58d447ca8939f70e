import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { TraceScope } from '../core/trace-scope.ts'
import type { Tracing } from '../core/tracing.ts'
import { OtelTracing } from './otel-tracing.ts'

/** A span that has ended. `parent` is '' for the first of a trace. */
export interface EndedSpan {
  readonly traceparent: string
  readonly trace: string
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** The real thing with its spans kept in memory, for tests of a room. */
export function openTestTracing(): {
  readonly tracing: Tracing
  readonly scope: TraceScope
  readonly ended: () => EndedSpan[]
} {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const scope = new TraceScope()
  return {
    tracing: new OtelTracing(provider.getTracer('test'), scope),
    scope,
    ended: () =>
      exporter.getFinishedSpans().map((span) => {
        const { traceId: trace, spanId: id } = span.spanContext()
        const parent = span.parentSpanContext?.spanId ?? ''
        return {
          traceparent: `00-${trace}-${id}-01`,
          trace,
          id,
          parent,
          name: span.name,
          facts: span.attributes,
        }
      }),
  }
}
