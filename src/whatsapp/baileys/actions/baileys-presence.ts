import { AppError } from '../../../core/app-error.ts'
import type { Jid } from '../../jid.ts'
import type { ChatState, PresenceActions } from '../../presence-actions.ts'
import type { SocketAccess } from './socket-access.ts'

/** Presence through Baileys. */
export class BaileysPresence implements PresenceActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  async setAvailable(isAvailable: boolean): Promise<void> {
    // Baileys sends nothing for an account without a name, and says nothing.
    if (!this.#access.user?.name) throw new AppError('push_name_missing')
    await this.#access.ask((socket) => socket.sendPresenceUpdate(isAvailable ? 'available' : 'unavailable'))
  }

  subscribe(person: Jid): Promise<void> {
    return this.#access.ask((socket) => socket.presenceSubscribe(person))
  }

  setChatState(chat: Jid, state: ChatState): Promise<void> {
    return this.#access.ask((socket) => socket.sendPresenceUpdate(state, chat))
  }
}
