import type { ChatActions } from '../../chat-actions.ts'
import type { Jid } from '../../jid.ts'
import type { SocketAccess } from './socket-access.ts'

/** App state of chats through Baileys. */
export class BaileysChats implements ChatActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  pin(chat: Jid, isPinned: boolean): Promise<void> {
    return this.#access.ask((socket) => socket.chatModify({ pin: isPinned }, chat))
  }
}
