import type { ChatActions, LastMessage } from '../../chat-actions.ts'
import type { Jid } from '../../jid.ts'
import { toGroupError } from '../group-lookup.ts'
import { changeAppState } from './app-state-patch.ts'
import type { SocketAccess } from './socket-access.ts'
import { toWireKey } from './wire-key.ts'

/** App state of chats through Baileys. */
export class BaileysChats implements ChatActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  pin(chat: Jid, isPinned: boolean): Promise<void> {
    return this.#access.ask((socket) =>
      changeAppState(socket, {
        syncAction: { pinAction: { pinned: isPinned } },
        index: ['pin_v1', chat],
        type: 'regular_low',
        apiVersion: 5,
      }),
    )
  }

  async archive(chat: Jid, isArchived: boolean, last: LastMessage | null): Promise<void> {
    const at = Math.floor((last?.sentAt ?? new Date()).getTime() / 1000)
    const messages = last === null ? [] : [{ key: toWireKey(last.key), timestamp: at }]
    const messageRange = { lastMessageTimestamp: at, messages }
    await this.#access.ask((socket) =>
      changeAppState(socket, {
        syncAction: { archiveChatAction: { archived: isArchived, messageRange } },
        index: ['archive', chat],
        type: 'regular_low',
        apiVersion: 3,
      }),
    )
    // As official clients do: what is archived is not at the top of the list.
    if (isArchived) await this.pin(chat, false)
  }

  setGroupTimer(group: Jid, seconds: number): Promise<void> {
    return this.#access.ask((socket) =>
      socket.groupToggleEphemeral(group, seconds).catch((error: unknown) => {
        throw toGroupError(error)
      }),
    )
  }
}
