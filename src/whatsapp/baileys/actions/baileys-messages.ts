import { jidKind } from '../../jid.ts'
import type { MessageActions, MessageKey } from '../../message-actions.ts'
import type { SocketAccess } from './socket-access.ts'

/** What is done to messages, through Baileys. */
export class BaileysMessages implements MessageActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  markRead(messages: readonly MessageKey[]): Promise<void> {
    const keys = messages.map(({ chat, id, sender, isFromMe }) => ({
      remoteJid: chat,
      id,
      fromMe: isFromMe,
      ...(jidKind(chat) === 'group' || jidKind(chat) === 'broadcast' ? { participant: sender } : {}),
    }))
    return this.#access.ask((socket) => socket.readMessages(keys))
  }
}
