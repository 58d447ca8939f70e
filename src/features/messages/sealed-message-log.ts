import type { Logger } from '../../core/logger.ts'
import type { Tx } from '../../db/database.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { MessageSecrets, SealedAbout } from '../../whatsapp/message-secrets.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Address, IdentityStore } from '../identities/identity-store.ts'
import type { MessageChangeLog } from './message-change-log.ts'
import { MessageRawStore } from './message-raw-store.ts'
import type { MessageStore } from './message-store.ts'
import type { MessageSubject, MessageSubjects } from './message-subjects.ts'
import { toPollVoteEvent } from './poll-events.ts'
import type { PollVoteStore } from './poll-vote-store.ts'
import type { StoredMessage } from './stored-message.ts'

type Fact = Extract<WhatsAppEvent, { type: 'poll.voted' | 'message.edited-sealed' }>

export interface SealedMessageLogDeps {
  readonly messages: MessageStore
  readonly votes: PollVoteStore
  readonly subjects: MessageSubjects
  readonly changes: Pick<MessageChangeLog, 'applyEdit'>
  readonly identities: IdentityStore
  readonly secrets: MessageSecrets
  readonly logger: Logger
}

/** Opens what is sealed with an earlier message's secret (votes, edits) and writes it, inside transactions it is given. */
export class SealedMessageLog {
  readonly #deps: SealedMessageLogDeps
  readonly #raws = new MessageRawStore()

  constructor(deps: SealedMessageLogDeps) {
    this.#deps = deps
  }

  /** Somebody voted: the vote takes the place of their earlier one and is announced with the count so far. */
  async applyVote(tx: Tx, scope: AccountScope, fact: Extract<Fact, { type: 'poll.voted' }>): Promise<void> {
    const { secrets, votes, subjects } = this.#deps
    const found = await this.#original(tx, scope, fact)
    const chosen = found === null ? null : secrets.openVote(found.about)
    const options = found === null ? null : secrets.pollOptions(found.about.original)
    if (found === null || chosen === null || options === null) return this.#cannotOpen(scope, fact)
    const { subject } = found
    const { sentAt } = fact.message
    await votes.save(tx, scope, subject.chat.id, fact.targetId, {
      voter: subject.author.jid,
      options: chosen,
      at: sentAt,
    })
    const all = await votes.list(tx, scope, subject.chat.id, fact.targetId)
    await subjects.announce(tx, scope, { ...subject, message: fact.message }, (facts) =>
      toPollVoteEvent(facts, { pollId: fact.targetId, options, chosen, votes: all }),
    )
  }

  /** A message was edited under the original's secret: from here on it is an edit like all others. */
  async applyEdit(
    tx: Tx,
    scope: AccountScope,
    fact: Extract<Fact, { type: 'message.edited-sealed' }>,
  ): Promise<void> {
    const found = await this.#original(tx, scope, fact)
    const text = found === null ? null : this.#deps.secrets.openEdit(found.about)
    if (text === null) return this.#cannotOpen(scope, fact)
    const { message, chat, targetId, targetIsFromMe } = fact
    const edit = {
      type: 'message.edited',
      message: { ...message, text },
      chat,
      targetId,
      targetIsFromMe,
      text,
    } as const
    await this.#deps.changes.applyEdit(tx, scope, edit)
  }

  async #original(
    tx: Tx,
    scope: AccountScope,
    fact: Fact,
  ): Promise<{ readonly subject: MessageSubject; readonly about: SealedAbout } | null> {
    const { messages, subjects } = this.#deps
    const subject = await subjects.of(tx, scope, fact.message)
    const target = await messages.find(tx, scope, subject.chat.id, fact.targetId)
    const original = target === null ? null : await this.#raws.raw(tx, scope.deviceId, target.id)
    if (target === null || original === null) return null
    const about = {
      original,
      originalId: fact.targetId,
      authors: await this.#authorsOf(tx, scope, target),
      sealers: await this.#addressesOf(tx, scope, subject.author, fact.message.sender),
      sealed: fact.sealed,
    }
    return { subject, about }
  }

  #authorsOf(tx: Tx, scope: AccountScope, target: StoredMessage): Promise<Jid[]> {
    return this.#addressesOf(tx, scope, { jid: target.sender, lid: null }, target.wireSender)
  }

  /** Every address somebody is known by, the one on the wire first. */
  async #addressesOf(tx: Tx, scope: AccountScope, address: Address, wire: Jid): Promise<Jid[]> {
    const { identities } = this.#deps
    const known = [wire, address.jid, ...(address.lid === null ? [] : [address.lid])]
    for (const jid of [...known]) {
      const other =
        jidKind(jid) === 'lid'
          ? await identities.phoneOf(tx, scope.deviceId, jid)
          : await identities.lidOf(tx, scope.deviceId, jid)
      if (other !== null) known.push(other)
    }
    return [...new Set(known)]
  }

  #cannotOpen({ deviceId }: AccountScope, { type, message }: Fact): void {
    this.#deps.logger.warn(
      { deviceId, type, messageId: message.id },
      'a vote or edit cannot be opened: the message it is about is not here',
    )
  }
}
