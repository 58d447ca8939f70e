import type { Clock } from '../../../core/clock.ts'
import { type Jid, jidKind } from '../../jid.ts'
import type { MessageActions, MessageKey } from '../../message-actions.ts'
import type { AppStateWriter } from './app-state.ts'
import { deleteForMePatch, starPatch } from './app-state-patches.ts'
import type { SocketAccess } from './socket-access.ts'

/** What is done to messages, through Baileys. */
export class BaileysMessages implements MessageActions {
  readonly #access: SocketAccess
  readonly #appState: AppStateWriter
  readonly #clock: Clock

  constructor(deps: {
    readonly access: SocketAccess
    readonly appState: AppStateWriter
    readonly clock: Clock
  }) {
    this.#access = deps.access
    this.#appState = deps.appState
    this.#clock = deps.clock
  }

  markRead(messages: readonly MessageKey[]): Promise<void> {
    const [first] = messages
    if (first !== undefined && jidKind(first.chat) === 'newsletter') return this.#view(first.chat, messages)
    const keys = messages.map(({ chat, id, sender, isFromMe }) => ({
      remoteJid: chat,
      id,
      fromMe: isFromMe,
      ...(jidKind(chat) === 'group' || jidKind(chat) === 'broadcast' ? { participant: sender } : {}),
    }))
    return this.#access.ask((socket) => socket.readMessages(keys))
  }

  /** Posts are seen, not read; nobody learns by whom. */
  #view(channel: Jid, posts: readonly MessageKey[]): Promise<void> {
    const items = posts.flatMap(({ serverId }) =>
      serverId === undefined ? [] : [{ tag: 'item', attrs: { server_id: String(serverId) } }],
    )
    return this.#access.ask((socket) =>
      socket.sendNode({
        tag: 'receipt',
        attrs: { to: channel, type: 'view', id: socket.generateMessageTag() },
        content: [{ tag: 'list', attrs: {}, content: items }],
      }),
    )
  }

  setStarred(message: MessageKey, isStarred: boolean): Promise<void> {
    return this.#appState.write(starPatch(message, isStarred, this.#clock.now()))
  }

  deleteForMe(message: MessageKey, sentAt: Date): Promise<void> {
    return this.#appState.write(deleteForMePatch(message, sentAt, this.#clock.now()))
  }
}
