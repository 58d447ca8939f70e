import type { TracingConfig } from '../config/tracing-config.ts'
import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { TraceScope } from '../core/trace-scope.ts'
import type { Tracing } from '../core/tracing.ts'
import type { InTransaction } from '../db/transaction.ts'
import type { EventSink } from '../outbox/event-sink.ts'
import type { EventApplier } from '../sessions/device-registry.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import type { SessionLookup } from '../whatsapp/whatsapp-session.ts'

/** Tracing, as it is put in front of what is traced. When it is off each member gives back what it was given. */
export interface Traces {
  /** For those who make spans themselves; null when tracing is off. */
  readonly tracing: Tracing | null
  transactions(inTransaction: InTransaction): InTransaction
  sessions(sessions: SessionLookup): SessionLookup
  inbox(inbox: EventApplier): EventApplier
  /** What the inbox has to put around the application of each fact. */
  readonly aroundFact: ((event: WhatsAppEvent, apply: () => Promise<void>) => Promise<void>) | null
  readonly sink: (sink: EventSink) => EventSink
  /** Sends the spans that are left, as far as their receiver takes them in time. */
  stop(): Promise<void>
}

/** How long the end of the gateway waits for the receiver of spans. */
const lastSpansMs = 1_500

/** Builds what makes spans. Without settings that ask for it nothing is loaded, and nothing stands in front of anything. */
export async function createTraces(
  config: TracingConfig | null,
  deps: {
    readonly scope: TraceScope
    readonly version: string
    readonly clock: Clock
    readonly logger: Logger
  },
): Promise<Traces> {
  if (config === null) return untraced
  const { scope, clock, logger } = deps
  const [{ OtelTracing }, { openSpanProvider }, traced, { TracedInbox }] = await Promise.all([
    import('./otel-tracing.ts'),
    import('./span-provider.ts'),
    import('./traced.ts'),
    import('./traced-inbox.ts'),
  ])
  const provider = await openSpanProvider(config, deps)
  const tracing = new OtelTracing(provider.tracer, scope)
  const inboxes = new TracedInbox(tracing)
  return {
    tracing,
    transactions: (inTransaction) => traced.tracedTransactions(inTransaction, scope),
    sessions: (sessions) => traced.tracedSessions(sessions, tracing),
    inbox: (inbox) => inboxes.before(inbox),
    aroundFact: (event, apply) => inboxes.around(event, apply),
    sink: (sink) => traced.tracedSink(sink, tracing),
    async stop() {
      const sent = provider.shutdown().then(
        () => true,
        (error: unknown) => {
          logger.debug({ reason: toError(error).message }, 'the last spans were not taken')
          return true
        },
      )
      let cancel: () => void = () => undefined
      const late = new Promise<boolean>((resolve) => {
        cancel = clock.after(lastSpansMs, () => resolve(false))
      })
      if (!(await Promise.race([sent, late]))) logger.warn({}, 'the last spans were not taken in time')
      cancel()
    },
  }
}

const untraced: Traces = {
  tracing: null,
  transactions: (inTransaction) => inTransaction,
  sessions: (sessions) => sessions,
  inbox: (inbox) => inbox,
  aroundFact: null,
  sink: (sink) => sink,
  stop: () => Promise.resolve(),
}
