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
import type { ReadLog } from './read-log.ts'
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
  readonly reads: Pick<ReadLog, 'applyRead'>
  readonly sentChanges: KeptChanges
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/** WhatsApp's server takes edits for 15 minutes, official clients' clocks given some way. */
const editableForMs = 20 * 60_000

/** Posts of a channel among which one is looked for whose server id was not kept. */
const postsLookedAt = 100

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

  /**
   * Deletes a message for everyone. Rejects with `message_not_revocable` for somebody else's outside groups and channels, and
   * with `newsletter_not_admin` in a channel that others run.
   */
  async revoke(scope: AccountScope, phone: string, id: MessageId): Promise<SentChange> {
    const { message } = await this.#find(scope, phone, id)
    const kind = jidKind(message.wireChat)
    if (!message.isFromMe && kind !== 'group' && kind !== 'newsletter')
      throw new AppError('message_not_revocable')
    await this.#ensureMayChange(scope, message)
    const change: OutgoingChange = { kind: 'revoke', target: toKey(message), context: {} }
    return this.#send(scope, message, change, { kind: 'revoke', ...toTarget(message) })
  }

  /** Reacts to a message; an empty emoji takes the reaction back. */
  async react(scope: AccountScope, phone: string, id: MessageId, emoji: string): Promise<SentChange> {
    const { message } = await this.#find(scope, phone, id)
    const target = await this.#withServerId(scope, message)
    const change: OutgoingChange = { kind: 'reaction', target, emoji, context: {} }
    return this.#send(scope, message, change, { kind: 'reaction', ...toTarget(message), emoji })
  }

  /**
   * Puts another text or caption into an own message, or into a post of an own channel, whoever of its admins wrote it.
   * Rejects with `message_not_editable`, `message_too_old` or `newsletter_not_admin`.
   */
  async edit(
    scope: AccountScope,
    phone: string,
    id: MessageId,
    { text, mentions }: { readonly text: string; readonly mentions: Mentions | null },
  ): Promise<SentChange> {
    const { messages, clock } = this.#deps
    const { message } = await this.#find(scope, phone, id)
    const isPost = jidKind(message.wireChat) === 'newsletter'
    if (!(message.isFromMe || isPost) || message.isRevoked || !editable.has(message.contentType)) {
      throw new AppError('message_not_editable')
    }
    // How long posts may be edited WhatsApp alone knows.
    if (!isPost && clock.now().getTime() - message.sentAt.getTime() > editableForMs)
      throw new AppError('message_too_old')
    await this.#ensureMayChange(scope, message)
    const raw = await messages.rawMessage(scope.deviceId, id)
    const context = mentions === null ? {} : { mentions }
    const change: OutgoingChange = { kind: 'edit', target: toKey(message), text, raw, context }
    return this.#send(scope, message, change, { kind: 'edit', ...toTarget(message), text })
  }

  /** Tells the author that the message was read (a channel that its post was seen); an own message changes nothing. */
  async markRead(scope: AccountScope, phone: string, id: MessageId): Promise<void> {
    const { message } = await this.#find(scope, phone, id)
    if (message.isFromMe) return
    const key = await this.#withServerId(scope, message)
    await this.markKeyRead(scope, key)
  }

  /** The same for a message that was just received. */
  async markKeyRead(scope: AccountScope, key: MessageKey): Promise<void> {
    const { sessions, reads } = this.#deps
    await sessions.for(scope.deviceId).messages.markRead([key])
    await this.#write(scope, (tx) => reads.applyRead(tx, scope, [key.id]))
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

  async #ensureMayChange(scope: AccountScope, { wireChat }: StoredMessage): Promise<void> {
    if (jidKind(wireChat) !== 'newsletter') return
    await this.#deps.sessions.for(scope.deviceId).newsletters.ensureMayPost(wireChat)
  }

  /** The message with the number that WhatsApp knows it by, when it is a post; looked for in the channel if it was not kept. */
  async #withServerId(scope: AccountScope, message: StoredMessage): Promise<MessageKey> {
    const key = toKey(message)
    if (jidKind(key.chat) !== 'newsletter' || key.serverId !== undefined) return key
    const { newsletters } = this.#deps.sessions.for(scope.deviceId)
    const posts = await newsletters.posts(key.chat, { count: postsLookedAt, before: null })
    const post = posts.find(({ id }) => id === key.id)
    if (post === undefined) {
      throw new AppError('message_not_found', {
        message: `post ${key.id} is not among the newest ${postsLookedAt} of its channel`,
      })
    }
    return { ...key, serverId: post.serverId }
  }

  async #send(
    scope: AccountScope,
    message: StoredMessage,
    change: OutgoingChange,
    effect: ChangeEffect,
  ): Promise<SentChange> {
    const { sessions, sentChanges, inTransaction } = this.#deps
    // What changes a channel's post goes under the id of the post.
    const isPost = jidKind(message.wireChat) === 'newsletter' && effect.kind !== 'reaction'
    const id = isPost ? message.id : newMessageId()
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
    ...(message.serverId === null ? {} : { serverId: message.serverId }),
  }
}
