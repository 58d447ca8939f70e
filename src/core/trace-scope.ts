import { AsyncLocalStorage } from 'node:async_hooks'
import type { TraceParent } from './tracing.ts'

/** A span that code can run in. */
export interface ScopedSpan {
  readonly traceparent: TraceParent
  readonly isOver: boolean
}

/**
 * Which span the calling code runs in. What a request has begun and what lives on after it (a connection, a worker's loop)
 * inherits its span; once the span has ended nothing is counted to it.
 */
export class TraceScope {
  readonly #spans = new AsyncLocalStorage<ScopedSpan | null>()

  get current(): TraceParent | null {
    const span = this.#spans.getStore() ?? null
    return span === null || span.isOver ? null : span.traceparent
  }

  /** The span as it was entered, to be entered again by work that somebody else runs. */
  get entered(): ScopedSpan | null {
    return this.#spans.getStore() ?? null
  }

  run<T>(span: ScopedSpan | null, work: () => T): T {
    return this.#spans.run(span, work)
  }

  /** What a line of the log says of the span; nothing outside of one. */
  get logFields(): { readonly trace_id?: string; readonly span_id?: string } {
    const { current } = this
    if (current === null) return {}
    const [, trace_id = '', span_id = ''] = current.split('-')
    return { trace_id, span_id }
  }
}
