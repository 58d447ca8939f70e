import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'

/** A message as it is addressed on the wire; `sender` is its author, also in 1:1 chats. */
export interface MessageKey {
  readonly chat: Jid
  readonly id: MessageId
  readonly sender: Jid
  readonly isFromMe: boolean
}

/**
 * What is done to messages without sending one (revokes, edits and reactions are sent: see `OutgoingMessage`). Rejects with
 * `device_not_connected` or `whatsapp_timeout`.
 */
export interface MessageActions {
  /** Tells the senders that these messages of one chat were read, as the account's privacy allows. */
  markRead(messages: readonly MessageKey[]): Promise<void>
  /** Stars the message on all devices of the account, or takes the star away. Rejects with `app_state_not_ready` too. */
  star(message: MessageKey, isStarred: boolean): Promise<void>
  /** Deletes the message on all devices of the account, and nobody else's. Rejects with `app_state_not_ready` too. */
  deleteForMe(message: MessageKey, sentAt: Date): Promise<void>
}
