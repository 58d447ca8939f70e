import type { Jid } from './jid.ts'

/** A label that chats can carry. `id` is a small number as text; `color` an index into WhatsApp's palette. */
export interface Label {
  readonly id: string
  readonly name: string
  readonly color: number
}

/**
 * Settings of a chat that all devices of the account share (WhatsApp's app state). Rejects with `device_not_connected`,
 * `whatsapp_timeout`, `app_state_not_ready` while the phone has not shared the keys yet, or `app_state_conflict` when other
 * devices change the same all the time.
 */
export interface ChatActions {
  /** Pins the chat to the top of the list, or no longer. */
  pin(chat: Jid, isPinned: boolean): Promise<void>
  /** Puts the chat into the archive, or takes it out. `lastMessageAt` is when it was last written to. */
  archive(chat: Jid, isArchived: boolean, lastMessageAt: Date): Promise<void>
  /** Makes a label, or changes its name and colour. */
  saveLabel(label: Label): Promise<void>
  /** Puts a label on the chat, or takes it off. */
  setLabel(chat: Jid, labelId: string, isLabeled: boolean): Promise<void>
}
