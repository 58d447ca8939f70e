import { type EventKind, type Json, referenceKinds } from '../../core/event-envelope.ts'

/** Which events an endpoint wants. */
export interface EventFilter {
  /**
   * Kinds by name, lower case; `message.*` for `message` and all that begin so, `*` for every one. Empty for all that the reference has:
   * kinds of our own must be named.
   */
  readonly kinds: ReadonlySet<string>
  /** Whole JIDs, or `@server` for all of a server; `*` stands for any number of characters. */
  readonly ignoredJids: readonly string[]
  /** Whether messages that the account's owner wrote on another device are told. */
  readonly includeOutgoing: boolean
}

/** Says whether an event passes the filter. */
export function passes(
  filter: EventFilter,
  event: { readonly kind: EventKind; readonly body: { readonly [key: string]: Json } },
): boolean {
  if (!wantsKind(filter.kinds, event.kind)) return false
  const payload = event.body['payload']
  if (!isObject(payload)) return true
  if (!filter.includeOutgoing && payload['is_from_me'] === true) return false
  return !['chat_id', 'from', 'chat_lid', 'from_lid'].some((key) =>
    isIgnored(payload[key], filter.ignoredJids),
  )
}

/** Whether a kind is among those that were asked for. */
export function wantsKind(kinds: ReadonlySet<string>, kind: EventKind): boolean {
  if (kinds.size === 0) return referenceKinds.has(kind)
  if (kinds.has(kind) || kinds.has('*') || kinds.has(`${kind}.*`)) return true
  for (let dot = kind.lastIndexOf('.'); dot > 0; dot = kind.lastIndexOf('.', dot - 1)) {
    if (kinds.has(`${kind.slice(0, dot)}.*`)) return true
  }
  return false
}

function isIgnored(jid: Json | undefined, patterns: readonly string[]): boolean {
  return typeof jid === 'string' && patterns.some((pattern) => fits(jid, pattern))
}

function fits(jid: string, pattern: string): boolean {
  if (pattern.startsWith('@')) return jid.endsWith(pattern)
  const [start = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return jid === pattern
  const end = rest.pop() ?? ''
  if (jid.length < start.length + end.length || !jid.startsWith(start) || !jid.endsWith(end)) return false
  // Each piece between two stars at its first place after the one before.
  let from = start.length
  const until = jid.length - end.length
  for (const piece of rest) {
    const at = jid.indexOf(piece, from)
    if (at === -1 || at + piece.length > until) return false
    from = at + piece.length
  }
  return true
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
