import type { MessageId } from '../core/ids.ts'
import type { Tx } from '../db/database.ts'
import type { Jid } from '../whatsapp/jid.ts'
import type { AccountScope } from './account-scope.ts'

/** What a change that is sent does to what is kept here, once WhatsApp has it. `chat` is as it is addressed on the wire. */
export type ChangeEffect =
  | { readonly kind: 'revoke'; readonly chat: Jid; readonly target: MessageId }
  | { readonly kind: 'edit'; readonly chat: Jid; readonly target: MessageId; readonly text: string }
  | { readonly kind: 'reaction'; readonly chat: Jid; readonly target: MessageId; readonly emoji: string }
  | { readonly kind: 'timer'; readonly chat: Jid; readonly seconds: number }

/** Where what is sent without being a message is kept: for people who could not decrypt it, and until it is confirmed. */
export interface KeptChanges {
  /** Keeps a change before it leaves. */
  keep(tx: Tx, scope: AccountScope, id: MessageId, raw: Uint8Array, effect: ChangeEffect): Promise<void>
  /** WhatsApp has taken changes: what they do is done, once. `at` is WhatsApp's time; null for the time they were sent. */
  applyConfirmed(tx: Tx, scope: AccountScope, ids: readonly MessageId[], at: Date | null): Promise<void>
}
