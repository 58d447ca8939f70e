import { z } from 'zod'
import { type DeliveryFailure, type DeliveryRecord, deliveryStates } from './delivery-record-store.ts'

/** A delivery as the API shows it; the event's body is in `GET /events`. */
export const wireDelivery = z.object({
  webhook_id: z.string(),
  event_id: z.string(),
  device_id: z.string(),
  event: z.string().describe('Kind of the event'),
  seq: z.int().describe('Number of the event within its device'),
  state: z.enum(deliveryStates).describe('`dead`: given up'),
  attempts: z.int(),
  queued_at: z.iso.datetime(),
  next_attempt_at: z.iso.datetime().optional(),
  last_attempt_at: z.iso.datetime().optional(),
  last_duration_ms: z.int().optional(),
  last_status: z.int().optional().describe('HTTP status of the last answer; absent when there was none'),
  last_error: z.string().optional(),
  delivered_at: z.iso.datetime().optional(),
})

export const wireAttempt = z.object({
  attempt: z.int(),
  at: z.iso.datetime(),
  duration_ms: z.int(),
  status: z.int().optional(),
  error: z.string().optional(),
})

export const deliveriesQuery = z.object({
  webhook_id: z.string().optional(),
  device_id: z.string().optional(),
  state: z.enum(deliveryStates).optional(),
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('`next` of the page before'),
  limit: z.int().min(1).max(200).default(50),
})

export const deliveriesResults = z.object({
  data: z.array(wireDelivery),
  next: z.string().optional().describe('Give it as `before` for the next page; absent on the last'),
})

export const deliveryPath = z.object({ webhook_id: z.string(), event_id: z.string() })

export const replayBody = z
  .object({
    since: z.iso.datetime({ offset: true }).optional().describe('Events that happened then or later'),
    until: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Events that happened then or earlier; default now'),
    device_id: z.string().optional(),
    events: z.array(z.string()).max(100).optional().describe('Only these kinds, of those the endpoint wants'),
    only_dead: z.boolean().optional().describe('Only deliveries that were given up'),
  })
  .nullish()

/** Turns a delivery into what the API shows of it. */
export function toWireDelivery(record: DeliveryRecord): z.input<typeof wireDelivery> {
  const { nextAttemptAt, lastAttemptAt, lastDurationMs, lastStatus, lastError, deliveredAt } = record
  return {
    webhook_id: record.endpointId,
    event_id: record.eventId,
    device_id: record.deviceId,
    event: record.kind,
    seq: record.seq,
    state: record.state,
    attempts: record.attempts,
    queued_at: record.queuedAt.toISOString(),
    ...(nextAttemptAt === null ? {} : { next_attempt_at: nextAttemptAt.toISOString() }),
    ...(lastAttemptAt === null ? {} : { last_attempt_at: lastAttemptAt.toISOString() }),
    ...(lastDurationMs === null ? {} : { last_duration_ms: lastDurationMs }),
    ...(lastStatus === null ? {} : { last_status: lastStatus }),
    ...(lastError === null ? {} : { last_error: lastError }),
    ...(deliveredAt === null ? {} : { delivered_at: deliveredAt.toISOString() }),
  }
}

/** All tries of a delivery in their order: those that failed and, at the end, the one that succeeded. */
export function toWireAttempts(
  record: DeliveryRecord,
  failures: readonly DeliveryFailure[],
): z.input<typeof wireAttempt>[] {
  const attempts = failures.map(({ attempt, at, durationMs, status, error }) => ({
    attempt,
    at: at.toISOString(),
    duration_ms: durationMs,
    ...(status === null ? {} : { status }),
    error,
  }))
  const { state, lastAttemptAt, lastDurationMs, lastStatus } = record
  if (state !== 'delivered' || lastAttemptAt === null) return attempts
  const success = {
    attempt: record.attempts,
    at: lastAttemptAt.toISOString(),
    duration_ms: lastDurationMs ?? 0,
    ...(lastStatus === null ? {} : { status: lastStatus }),
  }
  return [...attempts, success]
}
