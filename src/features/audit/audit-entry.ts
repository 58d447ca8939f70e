import { createHash } from 'node:crypto'
import { toTextColumn } from '../../db/column-values.ts'

/** Who did what to which device, when, and what it came to. No numbers of people, no texts. */
export interface AuditFact {
  readonly at: Date
  /** Name of the credential: a user name, `key:<id>`, '' on a gateway without credentials. */
  readonly actor: string
  /** Where the request came from. */
  readonly address: string
  /** The operation's id in the OpenAPI document. */
  readonly operation: string
  /** '' where no device was concerned. */
  readonly deviceId: string
  /** What was acted on, by id: a key, a webhook; '' when that is the device or a chat. */
  readonly subject: string
  /** Status of the answer. */
  readonly status: number
}

/** A place in the chain. */
export interface ChainLink {
  readonly position: number
  readonly hash: string
}

/** A fact in its place. `hash` is over the entry before and all of this one. */
export type AuditEntry = AuditFact & ChainLink

/** What the first entry is chained to. */
export const beginning: ChainLink = { position: 0, hash: '' }

/** A fact as every engine can hold it, since the hash is over what is kept. */
export function cleaned(fact: AuditFact): AuditFact {
  const { actor, address, operation, deviceId, subject } = fact
  const texts = { actor, address, operation, deviceId, subject }
  const kept = Object.entries(texts).map(([name, text]) => [name, toTextColumn(text)] as const)
  return { ...fact, ...Object.fromEntries(kept) }
}

/** Puts a fact behind the entry at `before`. */
export function chained(before: ChainLink, fact: AuditFact): AuditEntry {
  const position = before.position + 1
  return { ...fact, position, hash: hashOf(before.hash, position, fact) }
}

/** Whether an entry is what was put behind `before`, unchanged. */
export function fits(before: ChainLink, entry: AuditEntry): boolean {
  return entry.position === before.position + 1 && entry.hash === hashOf(before.hash, entry.position, entry)
}

function hashOf(before: string, position: number, fact: AuditFact): string {
  const { at, actor, address, operation, deviceId, subject, status } = fact
  // A JSON array, so that no two facts read the same.
  const text = JSON.stringify([
    before,
    position,
    at.getTime(),
    actor,
    address,
    operation,
    deviceId,
    subject,
    status,
  ])
  return createHash('sha256').update(text).digest('hex')
}
