import { z } from 'zod'
import { scopes } from '../../core/actor.ts'
import { AppError } from '../../core/app-error.ts'
import { parseDeviceId } from '../devices/device.ts'
import { toRecipient } from '../phone-input.ts'
import { type ApiKey, endOfKey } from './api-key.ts'
import type { KeyWishes } from './api-key-service.ts'

export const createKeyBody = z.object({
  name: z.string().trim().min(1).max(100).describe('What it is for, as it shall be listed'),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .describe('`read`: look; `send`: write in chats; `manage`: accounts, groups, links; `admin`: everything'),
  devices: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(1000)
    .optional()
    .describe('Ids of the devices that it may use; all, also later ones, when absent'),
  recipients: z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'Numbers, or JIDs of people, groups and channels, that it may write to; anybody when absent. Not with `manage` or `admin`',
    ),
  expires_at: z.iso.datetime({ offset: true }).optional().describe('When it ends; never when absent'),
  requests_per_minute: z.int().min(1).max(1_000_000).optional().describe('Any number when absent'),
})

export const keyPath = z.object({ key_id: z.string().max(100) })

export const wireKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  devices: z.array(z.string()).optional().describe('Absent: all'),
  recipients: z.array(z.string()).optional().describe('JIDs; absent: anybody'),
  requests_per_minute: z.int().optional(),
  state: z.enum(['active', 'expired', 'revoked']),
  created_at: z.iso.datetime(),
  created_by: z.string().describe('User name, or `key:` and an id; empty on a gateway without credentials'),
  expires_at: z.iso.datetime().optional(),
  last_used_at: z.iso.datetime().optional().describe('To the minute'),
  revoked_at: z.iso.datetime().optional(),
})

export const newKey = wireKey.extend({ key: z.string().describe('The key itself: shown now, never again') })

export const ticketObject = z.object({ ticket: z.string(), expires_at: z.iso.datetime() })

export const actorObject = z.object({
  name: z.string().describe('User name, or `key:` and an id; empty on a gateway without credentials'),
  scopes: z.array(z.enum(scopes)),
  devices: z.array(z.string()).optional().describe('Absent: all'),
  recipients: z.array(z.string()).optional().describe('JIDs that it may write to; absent: anybody'),
})

/** Reads what a caller wishes of a new key. Raises `validation_failed` for a device id or a recipient that cannot be one. */
export function toKeyWishes(body: z.output<typeof createKeyBody>): KeyWishes {
  return {
    name: body.name,
    scopes: scopes.filter((scope) => body.scopes.includes(scope)),
    devices: body.devices === undefined ? null : [...new Set(body.devices.map(parseDeviceId))],
    recipients: body.recipients === undefined ? null : [...new Set(body.recipients.map(toJidText))],
    requestsPerMinute: body.requests_per_minute ?? null,
    expiresAt: body.expires_at === undefined ? null : new Date(body.expires_at),
  }
}

function toJidText(recipient: string): string {
  const jid = toRecipient(recipient.trim())
  if (jid !== null) return jid
  throw new AppError('validation_failed', { message: `recipients: ${recipient} is no number and no JID.` })
}

/** A key as callers see it. */
export function toWireKey(key: ApiKey, now: Date): z.input<typeof wireKey> {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    state: endOfKey(key, now) ?? 'active',
    created_at: key.createdAt.toISOString(),
    created_by: key.createdBy,
    ...(key.devices === null ? {} : { devices: [...key.devices] }),
    ...(key.recipients === null ? {} : { recipients: [...key.recipients] }),
    ...(key.requestsPerMinute === null ? {} : { requests_per_minute: key.requestsPerMinute }),
    ...(key.expiresAt === null ? {} : { expires_at: key.expiresAt.toISOString() }),
    ...(key.lastUsedAt === null ? {} : { last_used_at: key.lastUsedAt.toISOString() }),
    ...(key.revokedAt === null ? {} : { revoked_at: key.revokedAt.toISOString() }),
  }
}
