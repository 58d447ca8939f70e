import type { NewEvent } from '../../core/event-envelope.ts'
import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Chat } from '../chats/chat.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { Address } from '../identities/identity-store.ts'
import type { Contact } from '../users/contact.ts'
import type { ContactLog } from '../users/contact-log.ts'
import type { EventPeople } from './event-people.ts'
import type { MessageEventFacts } from './message-events.ts'

/** Whom a message concerns: its chat and its author, resolved. */
export interface MessageSubject {
  readonly chat: Chat
  readonly author: Address
}

/** A message and whom it concerns; `contact` is the author's, when it is at hand. */
export interface AnnouncedMessage extends MessageSubject {
  readonly message: WhatsAppMessage
  readonly contact?: Contact | null
}

/** Finds, updates and announces whom a message concerns; shared by what arrives and what is done to it. */
export class MessageSubjects {
  readonly #chats: ChatLog
  readonly #contacts: ContactLog
  readonly #people: EventPeople
  readonly #outbox: Pick<Outbox, 'append'>

  constructor(deps: {
    readonly chats: ChatLog
    readonly contacts: ContactLog
    readonly people: EventPeople
    readonly outbox: Pick<Outbox, 'append'>
  }) {
    this.#chats = deps.chats
    this.#contacts = deps.contacts
    this.#people = deps.people
    this.#outbox = deps.outbox
  }

  /** Chat and author of a message; a chat that is not there yet is made. */
  async of(
    tx: Tx,
    scope: AccountScope,
    message: Pick<WhatsAppMessage, 'chat' | 'chatAlt' | 'sender' | 'senderAlt' | 'isFromMe' | 'sentAt'>,
  ): Promise<MessageSubject> {
    const author = await this.#people.authorAddress(tx, scope, message)
    const chat = await this.#chats.ensure(tx, scope, message.chat, message.chatAlt, message.sentAt)
    return { author, chat }
  }

  /**
   * Tells chat and contact what a message says about them; `messagesAdded` rows were added to the chat, `isUnread` ones. Resolves to the
   * author's contact when the message named them.
   */
  async touch(
    tx: Tx,
    scope: AccountScope,
    chat: Chat,
    message: Pick<WhatsAppMessage, 'sender' | 'isFromMe' | 'pushName' | 'sentAt' | 'expirationSeconds'>,
    messagesAdded: number,
    isUnread = false,
  ): Promise<Contact | null> {
    const pushName = message.isFromMe ? '' : message.pushName
    await this.#chats.applyMessage(tx, scope, chat, {
      sentAt: message.sentAt,
      pushName,
      expirationSeconds: message.expirationSeconds,
      messagesAdded,
      isUnread,
    })
    if (pushName === '') return null
    return message.sentAt < chat.lastMessageAt
      ? this.#contacts.applyOlderPushName(tx, scope, message.sender, pushName)
      : this.#contacts.applyFacts(tx, scope, { jid: message.sender, pushName })
  }

  /** Appends an event about a message, unless it is one of broadcast lists and status. Resolves to whether it was new. */
  async announce(
    tx: Tx,
    scope: AccountScope,
    subject: AnnouncedMessage,
    toEvent: (facts: MessageEventFacts) => NewEvent,
  ): Promise<boolean> {
    const { message, chat, author } = subject
    if (jidKind(chat.jid) === 'broadcast' || jidKind(author.jid) === 'broadcast') return true
    const contact = subject.contact ?? undefined
    const sender = await this.#people.personAt(tx, scope, author, message.pushName, contact)
    const phoneByLid = await this.#people.phonesMentioned(tx, scope, message.text)
    const event = toEvent({ scope, message, chat, sender, phoneByLid })
    return this.#outbox.append(tx, scope.deviceId, event)
  }
}
