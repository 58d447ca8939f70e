import type { Jid } from './jid.ts'

/** What a chat is shown that we are doing. */
export type ChatState = 'composing' | 'recording' | 'paused'

/** What others see of us while we are there. */
export interface PresenceActions {
  /** Shows the account as online or not. Rejects with `push_name_missing` while the account has no name to show. */
  setAvailable(isAvailable: boolean): Promise<void>
  /** Asks to be told when this person types. WhatsApp tells it only while the account is shown as available. */
  subscribe(person: Jid): Promise<void>
  /** Shows in a chat that something is being typed or recorded, or no longer. */
  setChatState(chat: Jid, state: ChatState): Promise<void>
}
