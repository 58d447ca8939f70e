import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { newMessageId } from '../../core/ids.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { ChatFacts, WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import { toMessageKey } from '../messages/message-target.ts'
import type { SentChangeStore } from '../messages/sent-change-store.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'
import type { Chat } from './chat.ts'
import type { ChatReader } from './chat-reader.ts'

/** What the service is made of. */
export interface ChatActionServiceDeps {
  readonly sessions: SessionLookup
  readonly chats: Pick<ChatReader, 'get'>
  readonly messages: Pick<MessageReader, 'page'>
  readonly sent: SentChangeStore
  /** Takes facts as if WhatsApp had told them. */
  readonly inbox: {
    apply(device: AccountScope['deviceId'], account: Jid, events: readonly WhatsAppEvent[]): Promise<void>
  }
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/**
 * What callers do to chats. Every method rejects with `device_not_logged_in`, `device_not_connected`, `chat_not_found` for a
 * chat that is not in the history, and as the session's `ChatActions` do.
 */
export class ChatActionService {
  readonly #deps: ChatActionServiceDeps

  constructor(deps: ChatActionServiceDeps) {
    this.#deps = deps
  }

  /** Pins the chat on all devices, or no longer. */
  async pin(scope: AccountScope, named: string, isPinned: boolean): Promise<Chat> {
    const { chat, wire } = await this.#find(scope, named)
    await this.#deps.sessions.for(scope.deviceId).chats.pin(wire, isPinned)
    return this.#learn(scope, chat, { isPinned })
  }

  /** Puts the chat into the archive of all devices, or takes it out. */
  async archive(scope: AccountScope, named: string, isArchived: boolean): Promise<Chat> {
    const { chat, wire } = await this.#find(scope, named)
    const { messages } = await this.#deps.messages.page(scope, chat, { limit: 1, offset: 0 })
    const [newest] = messages
    const last = newest === undefined ? null : { key: toMessageKey(newest), sentAt: newest.sentAt }
    await this.#deps.sessions.for(scope.deviceId).chats.archive(wire, isArchived, last)
    return this.#learn(scope, chat, { isArchived, ...(isArchived ? { isPinned: false } : {}) })
  }

  /** Sets the disappearing timer: in groups at the server, between two people by telling the other side. */
  async setTimer(scope: AccountScope, named: string, seconds: number): Promise<Chat> {
    const { chat, wire } = await this.#find(scope, named)
    const { sessions, sent, inTransaction, clock } = this.#deps
    const session = sessions.for(scope.deviceId)
    const kind = jidKind(chat.jid)
    if (kind === 'group') {
      await session.chats.setGroupTimer(wire, seconds)
    } else if (kind === 'phone' || kind === 'lid') {
      const id = newMessageId()
      const change = { kind: 'timer', seconds } as const
      await session.sendMessage(wire, change, {
        id,
        beforeSend: (raw) => inTransaction((tx) => sent.insert(tx, scope, id, raw, clock.now())),
      })
    } else {
      throw new AppError('validation_failed', { message: 'messages of this chat cannot disappear' })
    }
    return this.#learn(scope, chat, { expirationSeconds: seconds })
  }

  /** The chat, and the address under which WhatsApp's devices keep it. */
  async #find(scope: AccountScope, named: string): Promise<{ chat: Chat; wire: Jid }> {
    this.#deps.sessions.for(scope.deviceId)
    const jid = toRecipient(named)
    if (jid === null) throw new AppError('jid_invalid', { message: `invalid JID ${sanitisePhone(named)}` })
    const chat = await this.#deps.chats.get(scope, jid)
    if (chat === null) throw new AppError('chat_not_found', { message: `chat with JID ${named} not found` })
    return { chat, wire: chat.jid }
  }

  async #learn(scope: AccountScope, chat: Chat, facts: Omit<ChatFacts, 'jid'>): Promise<Chat> {
    const event = { type: 'chat.updated', chat: { jid: chat.jid, ...facts } } as const
    await this.#deps.inbox.apply(scope.deviceId, scope.account, [event])
    return chat
  }
}
