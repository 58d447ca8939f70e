import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { type MessageId, newMessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import { lockDevice } from '../../db/lock-device.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { MessageKey } from '../../whatsapp/message-actions.ts'
import type { OutgoingChange } from '../../whatsapp/outgoing-change.ts'
import type { Mentions } from '../../whatsapp/outgoing-message.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChangeEffect, KeptChanges } from '../kept-changes.ts'
import type { MessageReader } from './message-reader.ts'
import type { MessageRemovalLog } from './message-removal-log.ts'
import type { FoundMessage, MessageTargets } from './message-targets.ts'
import type { StoredMessage } from './stored-message.ts'

/** A change as WhatsApp confirmed it; `id` is the change's own. */
export interface SentChange {
  readonly id: MessageId
  readonly at: Date
}

export interface MessageChangeServiceDeps {
  readonly sessions: SessionLookup
  readonly targets: MessageTargets
  readonly messages: Pick<MessageReader, 'rawMessage'>
  readonly removals: Pick<MessageRemovalLog, 'star' | 'remove'>
  readonly sentChanges: KeptChanges
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/** WhatsApp's server takes edits for 15 minutes, official clients' clocks given some way. */
const editableForMs = 20 * 60_000

/** Contents whose text can be changed. */
const editable: ReadonlySet<string> = new Set([
  'conversation',
  'extendedTextMessage',
  'imageMessage',
  'videoMessage',
  'documentMessage',
  'documentWithCaptionMessage',
])

/**
 * What an account does to messages that are there. Every method finds the message in `phone`'s chat first: rejects with
 * `device_not_logged_in`, `device_not_connected`, `message_not_found` or `validation_failed` (it is in another chat). What is
 * sent rejects as a send does; here it is changed once WhatsApp has confirmed it, also when that comes after the answer.
 */
export class MessageChangeService {
  readonly #deps: MessageChangeServiceDeps

  constructor(deps: MessageChangeServiceDeps) {
    this.#deps = deps
  }

  /** Deletes a message for everyone. Rejects with `message_not_revocable` for somebody else's outside groups. */
  async revoke(scope: AccountScope, phone: string, id: MessageId): Promise<SentChange> {
    const { message } = await this.#find(scope, phone, id)
    if (!message.isFromMe && jidKind(message.wireChat) !== 'group')
      throw new AppError('message_not_revocable')
    const change: OutgoingChange = { kind: 'revoke', target: toKey(message), context: {} }
    return this.#send(scope, message, change, { kind: 'revoke', ...toTarget(message) })
  }

  /** Reacts to a message; an empty emoji takes the reaction back. */
  async react(scope: AccountScope, phone: string, id: MessageId, emoji: string): Promise<SentChange> {
    const { message } = await this.#find(scope, phone, id)
    if (jidKind(message.wireChat) === 'newsletter') {
      throw new AppError('validation_failed', { message: 'posts of channels cannot be reacted to from here' })
    }
    const change: OutgoingChange = { kind: 'reaction', target: toKey(message), emoji, context: {} }
    return this.#send(scope, message, change, { kind: 'reaction', ...toTarget(message), emoji })
  }

  /** Puts another text or caption into an own message. Rejects with `message_not_editable` or `message_too_old`. */
  async edit(
    scope: AccountScope,
    phone: string,
    id: MessageId,
    { text, mentions }: { readonly text: string; readonly mentions: Mentions | null },
  ): Promise<SentChange> {
    const { messages, clock } = this.#deps
    const { message } = await this.#find(scope, phone, id)
    if (!message.isFromMe || message.isRevoked || !editable.has(message.contentType)) {
      throw new AppError('message_not_editable')
    }
    if (clock.now().getTime() - message.sentAt.getTime() > editableForMs)
      throw new AppError('message_too_old')
    const raw = await messages.rawMessage(scope.deviceId, id)
    const context = mentions === null ? {} : { mentions }
    const change: OutgoingChange = { kind: 'edit', target: toKey(message), text, raw, context }
    return this.#send(scope, message, change, { kind: 'edit', ...toTarget(message), text })
  }

  /** Tells the author that the message was read; an own message changes nothing. */
  async markRead(scope: AccountScope, phone: string, id: MessageId): Promise<void> {
    const { message } = await this.#find(scope, phone, id)
    if (message.isFromMe) return
    await this.#deps.sessions.for(scope.deviceId).messages.markRead([toKey(message)])
  }

  /** Stars the message on all devices of the account, or no longer. */
  async setStarred(scope: AccountScope, phone: string, id: MessageId, isStarred: boolean): Promise<void> {
    const { sessions, removals } = this.#deps
    const { message } = await this.#find(scope, phone, id)
    await sessions.for(scope.deviceId).messages.setStarred(toKey(message), isStarred)
    await this.#write(scope, (tx) => removals.star(tx, scope, message, isStarred))
  }

  /** Deletes the message on all devices of the account; others keep it. */
  async deleteForMe(scope: AccountScope, phone: string, id: MessageId): Promise<void> {
    const { sessions, removals } = this.#deps
    const { chat, message } = await this.#find(scope, phone, id)
    await sessions.for(scope.deviceId).messages.deleteForMe(toKey(message), message.sentAt)
    await this.#write(scope, (tx) => removals.remove(tx, scope, chat, message))
  }

  #find(scope: AccountScope, phone: string, id: MessageId): Promise<FoundMessage> {
    const session = this.#deps.sessions.for(scope.deviceId)
    return this.#deps.targets.find(session, scope, phone, id)
  }

  async #send(
    scope: AccountScope,
    message: StoredMessage,
    change: OutgoingChange,
    effect: ChangeEffect,
  ): Promise<SentChange> {
    const { sessions, sentChanges, inTransaction } = this.#deps
    const id = newMessageId()
    const { at } = await sessions.for(scope.deviceId).sendMessage(message.wireChat, change, {
      id,
      beforeSend: (raw) => inTransaction((tx) => sentChanges.keep(tx, scope, id, raw, effect)),
    })
    await this.#write(scope, (tx) => sentChanges.applyConfirmed(tx, scope, [id], at))
    return { id, at }
  }

  #write(scope: AccountScope, work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.#deps.inTransaction(async (tx) => {
      await lockDevice(tx, scope.deviceId)
      await work(tx)
    })
  }
}

function toTarget({ wireChat, id }: StoredMessage): { readonly chat: Jid; readonly target: MessageId } {
  return { chat: wireChat, target: id }
}

function toKey(message: StoredMessage): MessageKey {
  return {
    chat: message.wireChat,
    id: message.id,
    sender: message.wireSender,
    isFromMe: message.isFromMe,
  }
}
