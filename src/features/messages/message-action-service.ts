import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { type MessageId, newMessageId } from '../../core/ids.ts'
import { lockDevice } from '../../db/lock-device.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { OutgoingChange } from '../../whatsapp/outgoing-message.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MessageChangeLog } from './message-change-log.ts'
import type { MessageReader } from './message-reader.ts'
import { type MessageTarget, type MessageTargets, toMessageKey } from './message-target.ts'
import type { SentChangeStore } from './sent-change-store.ts'

/** A change as WhatsApp confirmed it; `id` is its own. */
export interface SentChange {
  readonly id: MessageId
  readonly at: Date
}

/** So long after it was sent a message can be edited; WhatsApp's clients ignore what comes later. */
const editWindowMs = 20 * 60_000

/** What the service is made of. */
export interface MessageActionServiceDeps {
  readonly sessions: SessionLookup
  readonly targets: MessageTargets
  readonly messages: Pick<MessageReader, 'rawMessage'>
  readonly changes: Pick<MessageChangeLog, 'applyOwn' | 'applyDeleted'>
  readonly sent: SentChangeStore
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/**
 * What callers do to messages that are there already. Every method rejects with `device_not_logged_in`,
 * `device_not_connected`, and as `MessageTargets.find` does for a message that is not to be had.
 */
export class MessageActionService {
  readonly #deps: MessageActionServiceDeps

  constructor(deps: MessageActionServiceDeps) {
    this.#deps = deps
  }

  /** Takes a message back for everybody. Others' messages only in groups: WhatsApp refuses it to who is no admin. */
  async revoke(scope: AccountScope, phone: string, id: MessageId): Promise<SentChange> {
    const target = await this.#find(scope, phone, id)
    const { message, chat } = target
    if (!message.isFromMe && jidKind(chat.jid) !== 'group') throw notOwn('revoked')
    return this.#send(scope, target, { kind: 'revoke', target: toMessageKey(message) })
  }

  /** Reacts to any message; an empty emoji takes the reaction back. */
  async react(scope: AccountScope, phone: string, id: MessageId, emoji: string): Promise<SentChange> {
    const target = await this.#find(scope, phone, id)
    if (jidKind(target.chat.jid) === 'newsletter') {
      throw new AppError('validation_failed', { message: 'posts of channels cannot be reacted to yet' })
    }
    return this.#send(scope, target, { kind: 'reaction', target: toMessageKey(target.message), emoji })
  }

  /** Changes the text or caption of an own message. Rejects with `message_not_own` and `edit_too_late`. */
  async edit(scope: AccountScope, phone: string, id: MessageId, text: string): Promise<SentChange> {
    const target = await this.#find(scope, phone, id)
    const { message } = target
    if (!message.isFromMe) throw notOwn('edited')
    const age = this.#deps.clock.now().getTime() - message.sentAt.getTime()
    if (age > editWindowMs || message.isRevoked) throw new AppError('edit_too_late')
    const raw = await this.#deps.messages.rawMessage(scope.deviceId, id)
    if (raw === null) throw new AppError('message_not_found', { message: `message ${id} has no content` })
    return this.#send(scope, target, { kind: 'edit', target: toMessageKey(message), text, raw })
  }

  /** Tells the author that the message was read, as the account's privacy allows. An own message has been read anyway. */
  async markRead(scope: AccountScope, phone: string, id: MessageId): Promise<void> {
    const { message } = await this.#find(scope, phone, id)
    if (message.isFromMe) return
    await this.#deps.sessions.for(scope.deviceId).messages.markRead([toMessageKey(message)])
  }

  /** Stars a message on all devices of the account, or takes the star away. */
  async star(scope: AccountScope, phone: string, id: MessageId, isStarred: boolean): Promise<void> {
    const { message } = await this.#find(scope, phone, id)
    await this.#deps.sessions.for(scope.deviceId).messages.star(toMessageKey(message), isStarred)
  }

  /** Deletes a message on all devices of the account, and here. */
  async deleteForMe(scope: AccountScope, phone: string, id: MessageId): Promise<void> {
    const { message } = await this.#find(scope, phone, id)
    const { sessions, inTransaction, changes } = this.#deps
    await sessions.for(scope.deviceId).messages.deleteForMe(toMessageKey(message), message.sentAt)
    await inTransaction(async (tx) => {
      await lockDevice(tx, scope.deviceId)
      await changes.applyDeleted(tx, scope, { chat: message.wireChat, targetId: id })
    })
  }

  #find(scope: AccountScope, phone: string, id: MessageId): Promise<MessageTarget> {
    // Whether there is a connection is said before whether there is such a message.
    this.#deps.sessions.for(scope.deviceId)
    return this.#deps.targets.find(scope, phone, id)
  }

  /** Sends a change and, once WhatsApp took it, writes what it did here. */
  async #send(
    scope: AccountScope,
    { message, chat }: MessageTarget,
    change: OutgoingChange,
  ): Promise<SentChange> {
    const { sessions, sent, changes, inTransaction, clock } = this.#deps
    const id = newMessageId()
    const { at } = await sessions.for(scope.deviceId).sendMessage(message.wireChat, change, {
      id,
      beforeSend: (raw) => inTransaction((tx) => sent.insert(tx, scope, id, raw, clock.now())),
    })
    await inTransaction(async (tx) => {
      await lockDevice(tx, scope.deviceId)
      await changes.applyOwn(tx, scope, { ...message, chatId: chat.id }, change, at)
    })
    return { id, at }
  }
}

function notOwn(what: string): AppError {
  return new AppError('message_not_own', { message: `only own messages can be ${what} here` })
}
