// Owns: the tables of who may do what, and who did.
import type { Bytes, Millis } from './column-types.ts'

/** API keys, without their secrets. */
export interface ApiKeysTable {
  id: string
  name: string
  /** SHA-256 of the secret part; the secret itself is kept nowhere. */
  secret_hash: Bytes
  /** JSON array of scopes. */
  scopes: string
  /** JSON array of device ids; null when the key is for all. */
  devices: string | null
  /** JSON list of JIDs; null for anybody. */
  recipients: string | null
  requests_per_minute: number | null
  created_at: Millis
  /** Name of the credential that made it. */
  created_by: string
  expires_at: number | null
  last_used_at: number | null
  revoked_at: number | null
}

export interface StreamTicketsTable {
  ticket_hash: Bytes
  /** Name of the credential that asked for it. */
  actor: string
  /** The key that asked for it; null for a basic credential. */
  key_id: string | null
  expires_at: Millis
}

export interface AuditLogTable {
  /** 1, 2, 3, … without gaps. */
  position: number
  at: Millis
  /** Name of the credential, '' on a gateway without credentials. */
  actor: string
  /** Where the request came from. */
  address: string
  operation: string
  /** '' where no device was concerned. */
  device_id: string
  /** What was acted on, by id: a key, a webhook; '' when that is the device or a chat. */
  subject: string
  /** Status of the answer. */
  status: number
  /** Over the hash before and all of the above. */
  hash: string
}

export interface AuditChainTable {
  /** `end`: the last entry there is; `start`: the one before the first that is kept. */
  name: string
  position: number
  hash: string
}
