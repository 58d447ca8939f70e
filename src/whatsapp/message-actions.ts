import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'

/** A message as it is addressed on the wire; `sender` is its author, also in 1:1 chats. */
export interface MessageKey {
  readonly chat: Jid
  /** Of a channel's post, where it is known: reactions and views name it by this. */
  readonly serverId?: number
  readonly id: MessageId
  readonly sender: Jid
  readonly isFromMe: boolean
}

/**
 * What is done to messages without sending one (revokes, edits and reactions are sent: see `OutgoingChange`). Rejects with
 * `device_not_connected` or `whatsapp_timeout`; what is kept in app state also with `app_state_not_ready` while the phone has
 * not shared the keys, and `app_state_conflict` when other devices change the same all the time.
 */
export interface MessageActions {
  /** Tells the senders that these messages of one chat were read, as the account's privacy allows. Posts are counted as seen. */
  markRead(messages: readonly MessageKey[]): Promise<void>
  /** Stars the message on all devices of the account, or no longer. */
  setStarred(message: MessageKey, isStarred: boolean): Promise<void>
  /** Deletes the message on all devices of the account; the others keep it. `sentAt` is the message's own time. */
  deleteForMe(message: MessageKey, sentAt: Date): Promise<void>
}
