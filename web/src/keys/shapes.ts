// The shapes of /keys that the dashboard reads and sends.

export const scopes = ['read', 'send', 'manage', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** What a scope allows, as `createKey` describes it. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  read: 'look at devices, chats, messages and events',
  send: 'write in chats',
  manage: 'accounts, groups, links',
  admin: 'everything',
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Absent: all. */
  readonly devices?: readonly string[]
  /** Absent: anybody. */
  readonly recipients?: readonly string[]
  readonly requests_per_minute?: number
  readonly state: 'active' | 'expired' | 'revoked'
  readonly created_at: string
  readonly created_by: string
  readonly expires_at?: string
  readonly last_used_at?: string
  readonly revoked_at?: string
}

/** A key that was just made. @sensitive */
export interface NewKey extends ApiKey {
  readonly key: string
}
