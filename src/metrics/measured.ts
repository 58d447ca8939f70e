// Decorators of the ports that tell what passes through them: each has the promises of what it stands in front of.
import { AppError } from '../core/app-error.ts'
import type { InTransaction } from '../db/transaction.ts'
import type { EventSink } from '../outbox/event-sink.ts'
import type { EventApplier } from '../sessions/device-registry.ts'
import { withSending } from '../whatsapp/decorated-sessions.ts'
import type { CloseReason, SessionLookup, WhatsAppEngine } from '../whatsapp/whatsapp-session.ts'
import type { Metrics } from './metrics.ts'

/** Sessions that count what is sent, by outcome, and time how long WhatsApp's ack takes. */
export function measuredSessions(sessions: SessionLookup, metrics: Metrics): SessionLookup {
  return withSending(sessions, (session) => async (to, content, options) => {
    const start = performance.now()
    try {
      const sent = await session.sendMessage(to, content, options)
      metrics.observe('ackSeconds', secondsSince(start))
      metrics.count('sends', [content.kind, 'accepted'])
      return sent
    } catch (error) {
      // As the send service takes it: what is no AppError says nothing about what left.
      const isCertain = error instanceof AppError && error.certain
      metrics.count('sends', [content.kind, isCertain ? 'refused' : 'unknown'])
      throw error
    }
  })
}

/** Each of these is worth an alert the first time. */
const rareReasons: readonly CloseReason[] = [
  'replaced',
  'logged-out',
  'banned',
  'temporarily-banned',
  'unusable',
]

/** An engine that counts how its connections end. */
export function measuredEngine(engine: WhatsAppEngine, metrics: Metrics): WhatsAppEngine {
  for (const reason of rareReasons) metrics.begin('closes', [reason])
  return {
    selfCheck: () => engine.selfCheck(),
    account: (deviceId) => engine.account(deviceId),
    forget: (deviceId) => engine.forget(deviceId),
    open: (deviceId, listener) =>
      engine.open(deviceId, {
        onChange(change) {
          if (change.type === 'closed') metrics.count('closes', [change.reason])
          listener.onChange(change)
        },
        onEvents: (events) => listener.onEvents(events),
      }),
  }
}

/** An inbox that counts what could not be decrypted. */
export function measuredInbox(inbox: EventApplier, metrics: Metrics): EventApplier {
  return {
    async apply(deviceId, account, events) {
      await inbox.apply(deviceId, account, events)
      for (const { type } of events) if (type === 'message.undecryptable') metrics.count('undecryptable')
    },
  }
}

/** A sink whose tries are counted and timed. */
export function measuredSink(sink: EventSink, metrics: Metrics): EventSink {
  const { id } = sink
  metrics.begin('givenUp', [id])
  return {
    id,
    async deliver(attempt, signal) {
      const start = performance.now()
      const outcome = await sink.deliver(attempt, signal)
      metrics.observe('attemptSeconds', secondsSince(start), [id])
      metrics.count('attempts', [id, outcome.result === 'done' ? 'delivered' : 'failed'])
      if (outcome.result === 'drop') metrics.count('givenUp', [id])
      return outcome
    },
    retryDelayMs(attempts, ageMs) {
      const delay = sink.retryDelayMs(attempts, ageMs)
      if (delay === null) metrics.count('givenUp', [id])
      return delay
    },
  }
}

/** Transactions that are timed. */
export function measuredTransactions(inTransaction: InTransaction, metrics: Metrics): InTransaction {
  return async (work) => {
    const start = performance.now()
    try {
      const result = await inTransaction(work)
      metrics.observe('databaseSeconds', secondsSince(start), ['committed'])
      return result
    } catch (error) {
      metrics.observe('databaseSeconds', secondsSince(start), ['undone'])
      throw error
    }
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
