import { type EventKind, type Json, referenceKinds } from '../../core/event-envelope.ts'

/** Which events an endpoint wants. */
export interface EventFilter {
  /** Kinds by name, lower case; empty for all that the reference has. Kinds of our own must be named. */
  readonly kinds: ReadonlySet<string>
  /** Whole JIDs, or `@server` for all of a server, that are not to be told of. */
  readonly ignoredJids: readonly string[]
  /** Whether messages that the account's owner wrote on another device are told. */
  readonly includeOutgoing: boolean
}

/** Says whether an event passes the filter. */
export function passes(
  filter: EventFilter,
  event: { readonly kind: EventKind; readonly body: { readonly [key: string]: Json } },
): boolean {
  const isWanted = filter.kinds.size === 0 ? referenceKinds.has(event.kind) : filter.kinds.has(event.kind)
  if (!isWanted) return false
  const payload = event.body['payload']
  if (!isObject(payload)) return true
  if (!filter.includeOutgoing && payload['is_from_me'] === true) return false
  return !['chat_id', 'from', 'chat_lid', 'from_lid'].some((key) =>
    isIgnored(payload[key], filter.ignoredJids),
  )
}

function isIgnored(jid: Json | undefined, patterns: readonly string[]): boolean {
  if (typeof jid !== 'string') return false
  return patterns.some((pattern) => (pattern.startsWith('@') ? jid.endsWith(pattern) : jid === pattern))
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
