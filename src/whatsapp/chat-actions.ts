import type { Jid } from './jid.ts'

/**
 * Settings of a chat that all devices of the account share (WhatsApp's app state). Rejects with `device_not_connected`,
 * `whatsapp_timeout`, or `app_state_not_ready` while the phone has not shared the keys yet.
 */
export interface ChatActions {
  /** Pins the chat to the top of the list, or no longer. */
  pin(chat: Jid, isPinned: boolean): Promise<void>
}
