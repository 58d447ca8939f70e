import { z } from 'zod'
import type { RetentionConfig } from '../../config/config.ts'

export const personPath = z.object({
  phone: z.string().max(100).describe('Phone number, phone-number JID or LID'),
})

export const erasedResults = z
  .record(z.string(), z.int())
  .describe('How many rows went or were changed, by table')

export const retentionResults = z.object({
  events_days: z.int(),
  deliveries_days: z.int(),
  messages_days: z.int().describe('0: for ever'),
  audit_days: z.int().describe('0: for ever'),
  media_days: z.int().describe('0: for ever'),
  idempotency_hours: z.int(),
})

/** For how long everything is kept, as callers see it. */
export function toWireRetention(
  retention: RetentionConfig,
  media: { readonly retentionDays: number },
): z.input<typeof retentionResults> {
  return {
    events_days: retention.eventDays,
    deliveries_days: retention.deliveryDays,
    messages_days: retention.messageDays,
    audit_days: retention.auditDays,
    media_days: media.retentionDays,
    idempotency_hours: 24,
  }
}
