import type { MetricsConfig } from '../config/config.ts'
import type { InTransaction } from '../db/transaction.ts'
import type { HttpRoutes } from '../http/http-app.ts'
import type { Answered } from '../http/server.ts'
import type { FreshFact } from '../inbox/inbox.ts'
import type { EventSink } from '../outbox/event-sink.ts'
import type { EventApplier } from '../sessions/device-registry.ts'
import type { SessionLookup, WhatsAppEngine } from '../whatsapp/whatsapp-session.ts'
import { type GaugeSources, gaugesFrom } from './gauges.ts'
import {
  measuredEngine,
  measuredInbox,
  measuredSessions,
  measuredSink,
  measuredTransactions,
} from './measured.ts'
import { Metrics } from './metrics.ts'
import { metricsRoutes } from './metrics-routes.ts'

/** Measuring, as it is put in front of what is measured. Each member but `routes` gives back the same thing, watched. */
export interface Measuring {
  transactions(inTransaction: InTransaction): InTransaction
  engine(engine: WhatsAppEngine): WhatsAppEngine
  inbox(inbox: EventApplier): EventApplier
  sessions(sessions: SessionLookup): SessionLookup
  readonly sink: (sink: EventSink) => EventSink
  /** Takes an answer of the HTTP side. */
  readonly answered: (answer: Answered) => void
  /** Takes messages that were new here. */
  received(facts: readonly FreshFact[]): void
  /** `GET /metrics`. */
  routes(config: MetricsConfig, sources: GaugeSources): HttpRoutes
}

/** Builds what counts and times. Nothing is loaded for it before somebody scrapes. */
export function createMeasuring(): Measuring {
  const metrics = new Metrics()
  return {
    transactions: (inTransaction) => measuredTransactions(inTransaction, metrics),
    engine: (engine) => measuredEngine(engine, metrics),
    inbox: (inbox) => measuredInbox(inbox, metrics),
    sessions: (sessions) => measuredSessions(sessions, metrics),
    sink: (sink) => measuredSink(sink, metrics),
    answered: (answer) => metrics.countAnswer(answer),
    received: (facts) => metrics.countReceived(facts),
    routes(config, sources) {
      const gauges = gaugesFrom(sources, config.namesDevices)
      return metricsRoutes({ isPublic: config.isPublic, text: () => metrics.text(gauges) })
    },
  }
}
