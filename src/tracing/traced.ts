// Decorators of the ports that make spans of what passes through them: each has the promises of what it stands in front of.

import { deviceFact } from '../core/device-fact.ts'
import type { TraceScope } from '../core/trace-scope.ts'
import { errorClass, type Span, type SpanFacts, type Tracing } from '../core/tracing.ts'
import type { InTransaction } from '../db/transaction.ts'
import type { EventSink } from '../outbox/event-sink.ts'
import { withSending } from '../whatsapp/decorated-sessions.ts'
import { jidKind } from '../whatsapp/jid.ts'
import type { SendStep, SessionLookup } from '../whatsapp/whatsapp-session.ts'

/** Transactions whose work runs in the span that it was given in: on SQLite somebody else's turn runs it. */
export function tracedTransactions(inTransaction: InTransaction, scope: TraceScope): InTransaction {
  return (work) => {
    const span = scope.entered
    return inTransaction((tx) => scope.run(span, () => work(tx)))
  }
}

/** Sessions whose sends are spans, with one in them for each step of the way. */
export function tracedSessions(sessions: SessionLookup, tracing: Tracing): SessionLookup {
  return withSending(sessions, (session, deviceId) => (to, content, options) => {
    const span = tracing.begin({
      name: 'send',
      kind: 'producer',
      facts: {
        ...whatsAppFacts('send', 'send'),
        ...deviceFact(deviceId),
        'gatewa.message.kind': content.kind,
        'gatewa.chat.kind': jidKind(to),
      },
    })
    const steps = new SendSteps(span, tracing)
    return tracing.within(span, async () => {
      try {
        const sent = await session.sendMessage(to, content, {
          ...options,
          onStep: (step) => steps.enter(step),
        })
        steps.end()
        return sent
      } catch (thrown) {
        steps.end(errorClass(thrown))
        throw thrown
      }
    })
  })
}

const stepNames: Readonly<Record<SendStep, string>> = { queued: 'queue', turn: 'write', left: 'ack' }

/** The steps of one send, each a span that ends where the next one begins. */
class SendSteps {
  readonly #send: Span
  readonly #tracing: Tracing
  #step: Span | null = null

  constructor(send: Span, tracing: Tracing) {
    this.#send = send
    this.#tracing = tracing
  }

  enter(step: SendStep): void {
    this.#step?.end()
    this.#step = this.#tracing.begin({ name: stepNames[step], parent: this.#send.traceparent })
  }

  end(error?: string): void {
    this.#step?.end({ error })
    this.#send.end({ error })
  }
}

/** A sink each of whose tries is a span of the trace that the event belongs to; the receiver is told of that span. */
export function tracedSink(sink: EventSink, tracing: Tracing): EventSink {
  const { id } = sink
  return {
    id,
    retryDelayMs: (attempts, ageMs) => sink.retryDelayMs(attempts, ageMs),
    async deliver(attempt, signal) {
      const { envelope } = attempt
      const span = tracing.begin({
        name: 'POST',
        kind: 'client',
        parent: attempt.traceparent,
        facts: {
          'http.request.method': 'POST',
          ...(attempt.attempt > 1 ? { 'http.request.resend_count': attempt.attempt - 1 } : {}),
          ...deviceFact(envelope.deviceId),
          'gatewa.endpoint.id': id,
          'gatewa.event.kind': envelope.kind,
          'gatewa.event.seq': envelope.seq,
        },
      })
      const traceparent = span.traceparent
      const outcome = await tracing.within(span, () => sink.deliver({ ...attempt, traceparent }, signal))
      if (outcome.status !== null) span.tell({ 'http.response.status_code': outcome.status })
      const isDone = outcome.result === 'done'
      span.end({ error: isDone ? undefined : outcome.status === null ? 'no_answer' : String(outcome.status) })
      return outcome
    },
  }
}

/** What messaging spans say of the system, and of what is done. */
export function whatsAppFacts(name: string, type: 'send' | 'receive' | 'process' | 'settle'): SpanFacts {
  return {
    'messaging.system': 'whatsapp',
    'messaging.operation.name': name,
    'messaging.operation.type': type,
  }
}
