import { AppError } from '../../core/app-error.ts'
import type { DeviceId } from '../../core/ids.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { ChatState } from '../../whatsapp/presence-actions.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { RecipientResolver } from './recipient.ts'

/** Shows others that the account is there, or writing. Nothing of it is kept. */
export class PresenceService {
  readonly #sessions: SessionLookup
  readonly #recipients: RecipientResolver

  constructor(deps: { readonly sessions: SessionLookup; readonly recipients: RecipientResolver }) {
    this.#sessions = deps.sessions
    this.#recipients = deps.recipients
  }

  /** Shows the account as online or not. Rejects with `push_name_missing` while there is no name to show. */
  async setAvailable(deviceId: DeviceId, isAvailable: boolean): Promise<void> {
    await this.#sessions.for(deviceId).presence.setAvailable(isAvailable)
  }

  /** Shows in a chat with a person or a group what is being done. Rejects as sending to it does. */
  async setChatState(deviceId: DeviceId, phone: string, state: ChatState): Promise<void> {
    const session = this.#sessions.for(deviceId)
    const chat = await this.#recipients.resolve(session, deviceId, phone)
    const kind = jidKind(chat)
    if (kind === 'newsletter' || kind === 'broadcast') {
      throw new AppError('jid_invalid', { message: `nobody sees in ${chat} that somebody writes` })
    }
    await session.presence.setChatState(chat, state)
  }
}
