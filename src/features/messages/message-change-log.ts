import type { Clock } from '../../core/clock.ts'
import type { Tx } from '../../db/database.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { toEditedEvent, toReactionEvent, toRevokedEvent } from './message-events.ts'
import type { MessageStore } from './message-store.ts'
import type { MessageSubject, MessageSubjects } from './message-subjects.ts'
import type { ReactionStore } from './reaction-store.ts'
import { isSameAuthor } from './received-message.ts'
import type { StoredMessage } from './stored-message.ts'

type Of<Type extends WhatsAppEvent['type']> = Extract<WhatsAppEvent, { type: Type }>

/** Writes what is done to messages (reactions, revokes, edits), inside transactions it is given. */
export class MessageChangeLog {
  readonly #messages: MessageStore
  readonly #reactions: ReactionStore
  readonly #subjects: MessageSubjects
  readonly #clock: Clock

  constructor(deps: {
    readonly messages: MessageStore
    readonly reactions: ReactionStore
    readonly subjects: MessageSubjects
    readonly clock: Clock
  }) {
    this.#messages = deps.messages
    this.#reactions = deps.reactions
    this.#subjects = deps.subjects
    this.#clock = deps.clock
  }

  /** Someone reacted to a message, or took their reaction back. A redelivery changes nothing. */
  async applyReaction(tx: Tx, scope: AccountScope, event: Of<'message.reacted'>): Promise<void> {
    const subject = await this.#subjectOf(tx, scope, event)
    const isNew = await this.#subjects.announce(tx, scope, subject, (facts) =>
      toReactionEvent(facts, event, event.emoji),
    )
    if (!isNew) return
    await this.#subjects.touch(tx, scope, subject.chat, event.message, 0)
    await this.#reactions.save(tx, scope, subject.chat.id, {
      messageId: event.targetId,
      sender: subject.author.jid,
      emoji: event.emoji,
      at: event.message.sentAt,
    })
  }

  /**
   * A message was deleted for everyone: it is marked, its content stays. One that its sender had no right to delete
   * (somebody else's, outside groups and channels) is ignored, and so is a post that was taken back here.
   */
  async applyRevoke(tx: Tx, scope: AccountScope, event: Of<'message.revoked'>): Promise<void> {
    const subject = await this.#subjectOf(tx, scope, event)
    const { target } = subject
    const kind = jidKind(subject.chat.jid)
    const isAllowed = target === null || kind === 'group' || mayChange(target, event.message, subject)
    if (!isAllowed || (kind === 'newsletter' && target?.isRevoked)) return
    // Who took a post back is not told, nor whose it was.
    const writtenKey =
      kind === 'newsletter' ? { chat: event.chat, isFromMe: target?.isFromMe === true } : event.writtenKey
    const isNew = await this.#subjects.announce(tx, scope, subject, (facts) =>
      toRevokedEvent(facts, { ...event, writtenKey }),
    )
    if (!isNew) return
    await this.#subjects.touch(tx, scope, subject.chat, event.message, 0)
    if (target !== null) {
      await this.#messages.update(tx, scope, target, { isRevoked: true }, this.#clock.now())
    }
  }

  /**
   * The text of a message was changed by its author, or that of a channel's post by one of its admins; an edit by anybody else
   * is ignored, and so is one of a post that reads so already: it was edited here. A later edit wins.
   */
  async applyEdit(tx: Tx, scope: AccountScope, event: Of<'message.edited'>): Promise<void> {
    const subject = await this.#subjectOf(tx, scope, event)
    const { target } = subject
    if (target !== null && !mayChange(target, event.message, subject)) return
    if (jidKind(subject.chat.jid) === 'newsletter' && target?.content === event.text) return
    const isNew = await this.#subjects.announce(tx, scope, subject, (facts) =>
      toEditedEvent(facts, event, event.text),
    )
    if (!isNew) return
    await this.#subjects.touch(tx, scope, subject.chat, event.message, 0)
    if (target === null || event.text === '' || !isLater(event.message.sentAt, target)) return
    const patch = { content: event.text, editedAt: event.message.sentAt }
    await this.#messages.update(tx, scope, target, patch, this.#clock.now())
  }

  /** This account reacted through this API, or took its reaction back. */
  applyOwnReaction(
    tx: Tx,
    scope: AccountScope,
    target: StoredMessage,
    emoji: string,
    at: Date,
  ): Promise<void> {
    const reaction = { messageId: target.id, sender: scope.account, emoji, at }
    return this.#reactions.save(tx, scope, target.chatId, reaction)
  }

  /** This account deleted a message for everyone through this API: it is marked, its content stays. */
  applyOwnRevoke(tx: Tx, scope: AccountScope, target: StoredMessage): Promise<void> {
    return this.#messages.update(tx, scope, target, { isRevoked: true }, this.#clock.now())
  }

  /** This account changed the text of an own message through this API. A later edit wins. */
  async applyOwnEdit(
    tx: Tx,
    scope: AccountScope,
    target: StoredMessage,
    text: string,
    at: Date,
  ): Promise<void> {
    if (!isLater(at, target)) return
    await this.#messages.update(tx, scope, target, { content: text, editedAt: at }, this.#clock.now())
  }

  async #subjectOf(
    tx: Tx,
    scope: AccountScope,
    event: Of<'message.reacted' | 'message.revoked' | 'message.edited'>,
  ) {
    const { author, chat } = await this.#subjects.of(tx, scope, event.message)
    const target = await this.#messages.find(tx, scope, chat.id, event.targetId)
    return { message: event.message, author, chat, target }
  }
}

/** Only admins of a channel can change its posts, and WhatsApp shows them all as the channel. */
function mayChange(target: StoredMessage, message: WhatsAppMessage, subject: MessageSubject): boolean {
  const isByChannel = jidKind(subject.chat.jid) === 'newsletter' && message.sender === message.chat
  return isByChannel || isSameAuthor(target, message, subject.author)
}

function isLater(at: Date, target: StoredMessage): boolean {
  return target.editedAt === null || at >= target.editedAt
}
