import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { newMessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import { lockDevice } from '../../db/lock-device.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { LinkedSession, SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { KeptChanges } from '../kept-changes.ts'
import { toRecipient } from '../phone-input.ts'
import type { Chat } from './chat.ts'
import type { ChatLog } from './chat-log.ts'
import type { ChatReader } from './chat-reader.ts'
import type { LabelLog } from './label-log.ts'
import type { LabelReader } from './label-reader.ts'

/** A label as a caller names it. */
export interface LabelWish {
  readonly id: string
  readonly name: string
  readonly isLabeled: boolean
}

export interface ChatSettingServiceDeps {
  readonly sessions: SessionLookup
  readonly chats: Pick<ChatReader, 'get'>
  readonly chatLog: Pick<ChatLog, 'applyChatFacts'>
  readonly labels: LabelReader
  readonly labelLog: Pick<LabelLog, 'save' | 'setOn'>
  readonly sentChanges: KeptChanges
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/** Labels that are made here get one of WhatsApp's twenty colours, by their id. */
const colors = 20

/**
 * Settings of a chat, shared with the account's other devices; what is kept here follows once WhatsApp has taken them. Every
 * method rejects with `device_not_logged_in`, `device_not_connected`, `chat_not_found`, and as `ChatActions` do.
 */
export class ChatSettingService {
  readonly #deps: ChatSettingServiceDeps

  constructor(deps: ChatSettingServiceDeps) {
    this.#deps = deps
  }

  /** Pins the chat to the top of the list, or no longer. */
  async pin(scope: AccountScope, jid: string, isPinned: boolean): Promise<Chat> {
    const { chat, session } = await this.#find(scope, jid)
    await session.chats.pin(chat.jid, isPinned)
    await this.#write(scope, (tx) =>
      this.#deps.chatLog.applyChatFacts(tx, scope, { jid: chat.jid, isPinned }),
    )
    return chat
  }

  /** Puts the chat into the archive (which takes its pin away), or out of it. */
  async archive(scope: AccountScope, jid: string, isArchived: boolean): Promise<Chat> {
    const { chat, session } = await this.#find(scope, jid)
    await session.chats.archive(chat.jid, isArchived, chat.lastMessageAt)
    const facts = { jid: chat.jid, isArchived, ...(isArchived ? { isPinned: false } : {}) }
    await this.#write(scope, (tx) => this.#deps.chatLog.applyChatFacts(tx, scope, facts))
    return chat
  }

  /** Sets the disappearing timer: a message to a person, a setting of a group. 0 turns it off. */
  async setTimer(scope: AccountScope, jid: string, seconds: number): Promise<Chat> {
    const { chat, session } = await this.#find(scope, jid)
    const kind = jidKind(chat.jid)
    if (kind === 'group') await session.groups.setTimer(chat.jid, seconds)
    else if (kind === 'phone' || kind === 'lid') return this.#sendTimer(session, scope, chat, seconds)
    else {
      throw new AppError('validation_failed', { message: 'only people and groups have a disappearing timer' })
    }
    const facts = { jid: chat.jid, expirationSeconds: seconds }
    await this.#write(scope, (tx) => this.#deps.chatLog.applyChatFacts(tx, scope, facts))
    return chat
  }

  /** Puts a label on the chat, making it when it is unknown, or takes it off. */
  async label(scope: AccountScope, jid: string, wish: LabelWish): Promise<Chat> {
    const { labels, labelLog } = this.#deps
    const { chat, session } = await this.#find(scope, jid)
    const known = await labels.find(scope, wish.id)
    if (wish.isLabeled && (known === null || known.isDeleted)) {
      const label = { id: wish.id, name: wish.name, color: colorOf(wish.id) }
      await session.chats.saveLabel(label)
      await this.#write(scope, (tx) => labelLog.save(tx, scope, { ...label, isDeleted: false }))
    }
    await session.chats.setLabel(chat.jid, wish.id, wish.isLabeled)
    await this.#write(scope, (tx) => labelLog.setOn(tx, scope, chat.id, wish.id, wish.isLabeled))
    return chat
  }

  async #sendTimer(session: LinkedSession, scope: AccountScope, chat: Chat, seconds: number): Promise<Chat> {
    const { sentChanges, inTransaction } = this.#deps
    const id = newMessageId()
    const effect = { kind: 'timer', chat: chat.jid, seconds } as const
    const change = { kind: 'timer', seconds, context: {} } as const
    const { at } = await session.sendMessage(chat.jid, change, {
      id,
      beforeSend: (raw) => inTransaction((tx) => sentChanges.keep(tx, scope, id, raw, effect)),
    })
    await this.#write(scope, (tx) => sentChanges.applyConfirmed(tx, scope, [id], at))
    return chat
  }

  async #find(scope: AccountScope, jid: string): Promise<{ chat: Chat; session: LinkedSession }> {
    const session = this.#deps.sessions.for(scope.deviceId)
    const named = toRecipient(jid)
    const chat = named === null ? null : await this.#deps.chats.get(scope, named)
    if (chat === null) throw new AppError('chat_not_found', { message: `chat with JID ${jid} not found` })
    return { chat, session }
  }

  #write(scope: AccountScope, work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.#deps.inTransaction(async (tx) => {
      await lockDevice(tx, scope.deviceId)
      await work(tx)
    })
  }
}

function colorOf(id: string): number {
  return [...id].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % colors
}
