import type { DeviceId } from './ids.ts'

/**
 * What a credential may be allowed to do: look, write in chats, manage accounts and groups, administer the gateway.
 * `admin` includes the others; otherwise none includes another.
 */
export const scopes = ['read', 'send', 'manage', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** What the text of an API key begins with, so that it is known for one wherever it turns up. */
export const keyPrefix = 'gwk_'
/** What the text of a one-time ticket begins with. */
export const ticketPrefix = 'gwt_'

/** Who makes a request, and what they may do. */
export interface Actor {
  /** User name of a basic credential, `key:<id>` of a key, '' on a gateway without credentials. */
  readonly name: string
  /** The key that was used; null for a basic credential. */
  readonly keyId: string | null
  readonly scopes: ReadonlySet<Scope>
  /** The devices it may use; null for all, also those that are added later. */
  readonly devices: ReadonlySet<DeviceId> | null
  /** JIDs of the chats that it may write in; null for any. */
  readonly recipients: ReadonlySet<string> | null
  /** Most requests it may make in a minute; null for any number. */
  readonly requestsPerMinute: number | null
  /** Calls back once when the actor may do nothing any more (its key was revoked or has expired). Returns what stops it. */
  readonly onEnd: (callback: () => void) => () => void
}

/** Somebody with a basic credential, or anybody on a gateway without credentials: may do everything. */
export function operator(name: string): Actor {
  return {
    name,
    keyId: null,
    scopes: new Set(scopes),
    devices: null,
    recipients: null,
    requestsPerMinute: null,
    onEnd: () => () => undefined,
  }
}

/** Whether the actor may use a device. */
export function mayUse(actor: Actor, device: DeviceId): boolean {
  return actor.devices === null || actor.devices.has(device)
}
