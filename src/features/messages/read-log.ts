import type { MessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { MessageStore } from './message-store.ts'
import type { StoredMessage } from './stored-message.ts'

/** Keeps in step what is unread, inside transactions it is given. Whoever reads a message has read all that came before it. */
export class ReadLog {
  readonly #messages: Pick<MessageStore, 'findById' | 'countReceivedAfter'>
  readonly #chats: Pick<ChatLog, 'applyRead'>
  readonly #chatReader: Pick<ChatReader, 'find'>

  constructor(deps: {
    readonly messages: Pick<MessageStore, 'findById' | 'countReceivedAfter'>
    readonly chats: Pick<ChatLog, 'applyRead'>
    readonly chatReader: Pick<ChatReader, 'find'>
  }) {
    this.#messages = deps.messages
    this.#chats = deps.chats
    this.#chatReader = deps.chatReader
  }

  /** The account read messages, here or on another of its devices. Those that are not kept change nothing. */
  async applyRead(tx: Tx, scope: AccountScope, ids: readonly MessageId[]): Promise<void> {
    const newest = new Map<string, StoredMessage>()
    for (const message of await this.#messages.findById(tx, scope, ids)) {
      const known = newest.get(message.chatId)
      if (!message.isFromMe && (known === undefined || isLater(message, known)))
        newest.set(message.chatId, message)
    }
    for (const [chatId, message] of newest) {
      const left = await this.#messages.countReceivedAfter(tx, scope, chatId, message)
      await this.#chats.applyRead(tx, scope, chatId, left)
    }
  }

  /** The account marked a chat as read on another of its devices; what was written since then stays unread. */
  async applyChatRead(
    tx: Tx,
    scope: AccountScope,
    { chat: jid, until }: Extract<WhatsAppEvent, { type: 'chat.read' }>,
  ): Promise<void> {
    const chat = await this.#chatReader.find(tx, scope, jid)
    if (chat === null) return
    const left = await this.#messages.countReceivedAfter(tx, scope, chat.id, { sentAt: until })
    await this.#chats.applyRead(tx, scope, chat.id, left)
  }
}

function isLater(message: StoredMessage, than: StoredMessage): boolean {
  const seconds = message.sentAt.getTime() - than.sentAt.getTime()
  return seconds > 0 || (seconds === 0 && message.createdAt > than.createdAt)
}
