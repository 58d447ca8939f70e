import { jidKind } from '../../jid.ts'
import type { MessageActions, MessageKey } from '../../message-actions.ts'
import { changeAppState } from './app-state-patch.ts'
import type { SocketAccess } from './socket-access.ts'
import { toWireKey } from './wire-key.ts'

/** What is done to messages, through Baileys. */
export class BaileysMessages implements MessageActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  markRead(messages: readonly MessageKey[]): Promise<void> {
    const keys = messages.map(toWireKey)
    return this.#access.ask((socket) => socket.readMessages(keys))
  }

  star(message: MessageKey, isStarred: boolean): Promise<void> {
    return this.#access.ask((socket) =>
      changeAppState(socket, {
        syncAction: { starAction: { starred: isStarred } },
        index: ['star', ...toIndex(message)],
        type: 'regular_high',
        apiVersion: 2,
      }),
    )
  }

  deleteForMe(message: MessageKey, sentAt: Date): Promise<void> {
    const messageTimestamp = Math.floor(sentAt.getTime() / 1000)
    return this.#access.ask((socket) =>
      changeAppState(socket, {
        syncAction: { deleteMessageForMeAction: { deleteMedia: true, messageTimestamp } },
        index: ['deleteMessageForMe', ...toIndex(message)],
        type: 'regular_high',
        apiVersion: 3,
      }),
    )
  }
}

/** A message in an index of app state: the author is named for others' messages in groups, else '0' stands there. */
function toIndex({ chat, id, sender, isFromMe }: MessageKey): string[] {
  const author = jidKind(chat) === 'group' && !isFromMe ? sender : '0'
  return [chat, id, isFromMe ? '1' : '0', author]
}
