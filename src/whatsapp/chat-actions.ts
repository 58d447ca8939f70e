import type { Jid } from './jid.ts'
import type { MessageKey } from './message-actions.ts'

/** The last message of a chat: other devices use it to see whether something came after a change. */
export interface LastMessage {
  readonly key: MessageKey
  readonly sentAt: Date
}

/**
 * Settings of a chat that all devices of the account share (WhatsApp's app state). Rejects with `device_not_connected`,
 * `whatsapp_timeout`, `app_state_not_ready` while the phone has not shared the keys yet, or `whatsapp_conflict` when other
 * devices change settings faster than this one can.
 */
export interface ChatActions {
  /** Pins the chat to the top of the list, or no longer. */
  pin(chat: Jid, isPinned: boolean): Promise<void>
  /** Puts the chat into the archive (which unpins it), or takes it out. `last` is null for an empty chat. */
  archive(chat: Jid, isArchived: boolean, last: LastMessage | null): Promise<void>
  /** Sets a group's disappearing timer; 0 turns it off. Rejects with `group_not_found`, `group_not_member`, `whatsapp_refused`. */
  setGroupTimer(group: Jid, seconds: number): Promise<void>
}
