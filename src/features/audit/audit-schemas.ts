import { z } from 'zod'
import type { AuditEntry } from './audit-entry.ts'
import type { AuditVerdict } from './audit-log.ts'

export const auditQuery = z.object({
  actor: z
    .string()
    .max(200)
    .optional()
    .describe('Only what this credential did: a user name or `key:` and an id'),
  device_id: z.string().max(200).optional(),
  operation: z.string().max(200).optional().describe('Only this `operationId`'),
  before: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a position')
    .optional()
    .describe('`next` of the page before'),
  limit: z.int().min(1).max(1000).default(100),
})

export const wireAuditEntry = z.object({
  position: z.int(),
  at: z.iso.datetime(),
  actor: z.string().describe('User name, or `key:` and an id; empty on a gateway without credentials'),
  address: z.string(),
  operation: z.string(),
  device_id: z.string().optional(),
  subject: z.string().optional().describe('Id of the key or webhook that was acted on'),
  status: z.int().describe('HTTP status of the answer'),
  hash: z.string().describe('SHA-256 over the hash of the entry before and this entry'),
})

export const auditResults = z.object({
  data: z.array(wireAuditEntry),
  next: z.string().optional().describe('Give it as `before` for older entries'),
})

export const auditVerdict = z.object({
  intact: z.boolean(),
  good_entries: z.int(),
  broken_at: z.int().optional().describe('Position of the first entry that is not as it was written'),
  problem: z.enum(['changed', 'missing', 'cut-off']).optional(),
})

/** An entry as callers see it. */
export function toWireAuditEntry(entry: AuditEntry): z.input<typeof wireAuditEntry> {
  return {
    position: entry.position,
    at: entry.at.toISOString(),
    actor: entry.actor,
    address: entry.address,
    operation: entry.operation,
    ...(entry.deviceId === '' ? {} : { device_id: entry.deviceId }),
    ...(entry.subject === '' ? {} : { subject: entry.subject }),
    status: entry.status,
    hash: entry.hash,
  }
}

/** A verdict as callers see it. */
export function toWireVerdict(verdict: AuditVerdict): z.input<typeof auditVerdict> {
  return {
    intact: verdict.isIntact,
    good_entries: verdict.goodEntries,
    ...(verdict.brokenAt === null ? {} : { broken_at: verdict.brokenAt }),
    ...(verdict.problem === null ? {} : { problem: verdict.problem }),
  }
}
