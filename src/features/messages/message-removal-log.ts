import type { Clock } from '../../core/clock.ts'
import type { MessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Chat } from '../chats/chat.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { EventPeople } from './event-people.ts'
import { toDeletedEvent } from './message-removal-events.ts'
import type { MessageStore } from './message-store.ts'
import type { StoredMessage } from './stored-message.ts'

type Of<Type extends WhatsAppEvent['type']> = Extract<WhatsAppEvent, { type: Type }>

export interface MessageRemovalLogDeps {
  readonly messages: MessageStore
  readonly chats: ChatLog
  readonly chatReader: Pick<ChatReader, 'find'>
  readonly people: EventPeople
  readonly outbox: Pick<Outbox, 'append'>
  readonly clock: Clock
}

/** Writes what the account does to messages for itself alone: stars and deletions, inside transactions it is given. */
export class MessageRemovalLog {
  readonly #deps: MessageRemovalLogDeps

  constructor(deps: MessageRemovalLogDeps) {
    this.#deps = deps
  }

  /** A message was starred on another device, or no longer; one that is not kept changes nothing. */
  async applyStarred(tx: Tx, scope: AccountScope, event: Of<'message.starred'>): Promise<void> {
    const found = await this.#find(tx, scope, event.chat, event.targetId)
    if (found !== null) await this.star(tx, scope, found.message, event.isStarred)
  }

  /** Marks a message as starred, or no longer. */
  async star(tx: Tx, scope: AccountScope, message: StoredMessage, isStarred: boolean): Promise<void> {
    if (message.isStarred === isStarred) return
    await this.#deps.messages.update(tx, scope, message, { isStarred }, this.#deps.clock.now())
  }

  /** A message was deleted on another device for this account alone: its row goes, and that is told with what it held. */
  async applyDeleted(tx: Tx, scope: AccountScope, event: Of<'message.deleted'>): Promise<void> {
    const { people, outbox, clock } = this.#deps
    const found = await this.#find(tx, scope, event.chat, event.targetId)
    if (found === null) return
    const { chat, message } = found
    const sender = await people.authorAddress(tx, scope, {
      sender: message.sender,
      senderAlt: null,
      isFromMe: message.isFromMe,
    })
    const from = await people.personAt(tx, scope, sender, '')
    await outbox.append(tx, scope.deviceId, toDeletedEvent({ scope, chat, message, from, at: clock.now() }))
    await this.remove(tx, scope, chat, message)
  }

  /** Deletes a message's row. */
  async remove(tx: Tx, scope: AccountScope, chat: Chat, message: StoredMessage): Promise<void> {
    const { messages, chats } = this.#deps
    if (!(await messages.delete(tx, scope, message))) return
    await chats.applyRemoved(tx, scope, chat, 1)
    if (message.isFromMe || chat.unreadCount === 0) return
    const later = await messages.countReceivedAfter(tx, scope, chat.id, message)
    if (later < chat.unreadCount) await chats.applyRead(tx, scope, chat.id, chat.unreadCount - 1)
  }

  /** A chat was emptied or deleted on another device. One that was written in since then stays with what is newer. */
  async applyEmptied(tx: Tx, scope: AccountScope, event: Of<'chat.emptied'>): Promise<void> {
    const { messages, chats, chatReader } = this.#deps
    const chat = await chatReader.find(tx, scope, event.chat)
    if (chat === null) return
    // WhatsApp's times are whole seconds; ours may be finer.
    const before = new Date(event.until.getTime() + 1_000)
    const removed = await messages.deleteOfChat(tx, scope, chat.id, { ...event, before })
    if (event.isGone && removed >= chat.messageCount) await chats.remove(tx, scope, chat)
    else if (removed > 0) {
      await chats.applyRemoved(tx, scope, chat, removed)
      const later = await messages.countReceivedAfter(tx, scope, chat.id, { sentAt: event.until })
      await chats.applyRead(tx, scope, chat.id, later)
    }
  }

  async #find(
    tx: Tx,
    scope: AccountScope,
    jid: Jid,
    id: MessageId,
  ): Promise<{ chat: Chat; message: StoredMessage } | null> {
    const chat = await this.#deps.chatReader.find(tx, scope, jid)
    const message = chat === null ? null : await this.#deps.messages.find(tx, scope, chat.id, id)
    return chat === null || message === null ? null : { chat, message }
  }
}
