import type { Jid } from './jid.ts'

/**
 * Whom the account shows its status to: every saved contact, every saved contact but the listed people, or the listed
 * people only.
 */
export interface StatusPrivacy {
  readonly shownTo: 'contacts' | 'contacts-except' | 'only'
  readonly people: readonly Jid[]
}

/** The status feed. Rejects with `device_not_connected` or `whatsapp_timeout`. */
export interface StatusActions {
  /** Whom the account shows its status to. */
  privacy(): Promise<StatusPrivacy>
}
