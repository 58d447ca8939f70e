import { createHash } from 'node:crypto'
import type { Json, NewEvent } from '../core/event-envelope.ts'
import { toRfc3339 } from '../core/rfc3339.ts'
import { type Jid, jidKind } from '../whatsapp/jid.ts'
import type { AccountScope } from './account-scope.ts'

/** A part of an event's body that is being put together. */
export type MutableBody = { [key: string]: Json }

/** The members that every body has; the reference gives message events no top-level timestamp (`at` null), and all others one. */
export function topLevel(event: NewEvent['kind'], scope: AccountScope, at: Date | null): MutableBody {
  const body: MutableBody = { event }
  if (at !== null) body['timestamp'] = toRfc3339(at)
  body['device_id'] = scope.account
  body['session_id'] = scope.deviceId
  return body
}

/** Short whatever the facts' length: a receipt can name hundreds of ids. */
export function dedupeKey(prefix: string, ...parts: readonly string[]): string {
  return `${prefix}:${createHash('sha256').update(parts.join('\n')).digest('base64url')}`
}

/** The LID that the wire used, else the one that is known, as `{ [name]: lid }`; nothing when there is none. */
export function lidMember(name: string, wire: Jid, known: Jid | null): MutableBody {
  const lid = jidKind(wire) === 'lid' ? wire : known
  return lid === null ? {} : { [name]: lid }
}
