import { createHash, randomBytes } from 'node:crypto'
import { keyPrefix, type Scope, ticketPrefix } from '../../core/actor.ts'
import type { DeviceId } from '../../core/ids.ts'

/** A key that may call the gateway. Its secret is shown once, when it is made, and kept only as a hash. */
export interface ApiKey {
  /** 16 hex digits; part of the key's text, no secret. */
  readonly id: string
  /** What its maker calls it. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The devices it may use; null for all. */
  readonly devices: readonly DeviceId[] | null
  /** JIDs of the chats that it may write in; null for any. */
  readonly recipients: readonly string[] | null
  readonly requestsPerMinute: number | null
  readonly createdAt: Date
  /** Name of the credential that made it. */
  readonly createdBy: string
  readonly expiresAt: Date | null
  /** To the minute; null before the first use. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

const keyForm = new RegExp(`^${keyPrefix}([0-9a-f]{16})_([A-Za-z0-9_-]{43})$`)

/** Makes the parts of a new key; `text` is what its holder presents. */
export function mintKey(): { readonly id: string; readonly text: string; readonly secretHash: Buffer } {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  return { id, text: `${keyPrefix}${id}_${secret}`, secretHash: hashOf(secret) }
}

/** Takes a presented key apart; null when it has not the form of one. */
export function parseKey(text: string): { readonly id: string; readonly secretHash: Buffer } | null {
  const [, id, secret] = keyForm.exec(text) ?? []
  return id === undefined || secret === undefined ? null : { id, secretHash: hashOf(secret) }
}

/** Makes a ticket. */
export function mintTicket(): { readonly text: string; readonly hash: Buffer } {
  const text = `${ticketPrefix}${randomBytes(32).toString('base64url')}`
  return { text, hash: hashOf(text) }
}

/** Secrets have 256 random bits, so a plain hash is enough: there is nothing to guess. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Why a key is good for nothing at `now`, or null when it is good. */
export function endOfKey(key: ApiKey, now: Date): 'revoked' | 'expired' | null {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : null
}
