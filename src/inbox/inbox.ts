import { assertNever } from '../core/app-error.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import type { Tx } from '../db/database.ts'
import { lockDevice } from '../db/lock-device.ts'
import type { InTransaction } from '../db/transaction.ts'
import type { AccountScope } from '../features/account-scope.ts'
import type { ActivityLog } from '../features/activity/activity-log.ts'
import type { ChatLog } from '../features/chats/chat-log.ts'
import type { LabelLog } from '../features/chats/label-log.ts'
import type { IdentityLog } from '../features/identities/identity-log.ts'
import type { MessageChangeLog } from '../features/messages/message-change-log.ts'
import type { MessageLog } from '../features/messages/message-log.ts'
import type { MessageRemovalLog } from '../features/messages/message-removal-log.ts'
import type { ReadLog } from '../features/messages/read-log.ts'
import type { ReceiptLog } from '../features/messages/receipt-log.ts'
import type { ReceivedMessageLog } from '../features/messages/received-message-log.ts'
import type { SealedMessageLog } from '../features/messages/sealed-message-log.ts'
import type { ContactLog } from '../features/users/contact-log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Jid } from '../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../whatsapp/message.ts'
import type { ContactFacts, WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import { toParts } from './inbox-parts.ts'
import { withValidTimes } from './valid-times.ts'

/** The features that facts from WhatsApp are applied to. */
export interface InboxLogs {
  readonly identities: IdentityLog
  readonly contacts: ContactLog
  readonly chats: ChatLog
  readonly messages: MessageLog
  readonly received: ReceivedMessageLog
  readonly changes: MessageChangeLog
  readonly sealed: SealedMessageLog
  readonly receipts: ReceiptLog
  readonly reads: ReadLog
  readonly activity: ActivityLog
  readonly removals: MessageRemovalLog
  readonly labels: LabelLog
}

/** What others may want to react to. */
export type FreshFact = Extract<WhatsAppEvent, { type: 'message.received' | 'call.offered' }>

/** Applies a fact in its own way, by calling `apply`. */
export type AroundFact = (event: WhatsAppEvent, apply: () => Promise<void>) => Promise<void>

/** Where everything that WhatsApp tells becomes rows and events, in one transaction each. */
export class Inbox {
  readonly #inTransaction: InTransaction
  readonly #logs: InboxLogs
  readonly #outbox: Pick<Outbox, 'wake'>
  readonly #logger: Logger
  readonly #around: AroundFact | null
  #onFresh: (scope: AccountScope, facts: readonly FreshFact[]) => void = () => undefined

  constructor(deps: {
    readonly inTransaction: InTransaction
    readonly logs: InboxLogs
    readonly outbox: Pick<Outbox, 'wake'>
    readonly logger: Logger
    /** Put around the application of each fact; it has to apply it. */
    readonly around?: AroundFact | null
  }) {
    this.#inTransaction = deps.inTransaction
    this.#logs = deps.logs
    this.#outbox = deps.outbox
    this.#logger = deps.logger
    this.#around = deps.around ?? null
  }

  /** Hears of messages and calls that were committed for the first time, after the commit. */
  onFresh(listener: (scope: AccountScope, facts: readonly FreshFact[]) => void): void {
    this.#onFresh = listener
  }

  /**
   * Applies facts about `account` on its device, in their order, and resolves once all are committed. Rejects when one
   * could not be; those before it may be committed then, which does no harm: applying a fact twice changes nothing.
   */
  async apply(device: DeviceId, account: Jid, events: readonly WhatsAppEvent[]): Promise<void> {
    const scope: AccountScope = { deviceId: device, account }
    try {
      for (const part of toParts(events)) {
        const fresh = await this.#inTransaction(async (tx) => {
          const found: FreshFact[] = []
          await lockDevice(tx, device)
          for (const event of part) {
            const fact = withValidTimes(event)
            if (this.#around === null) await this.#applyOne(tx, scope, fact, found)
            else await this.#around(event, () => this.#applyOne(tx, scope, fact, found))
          }
          return found
        })
        if (fresh.length > 0) this.#onFresh(scope, fresh)
      }
    } catch (error) {
      // What an undone transaction learnt must not be taken for known when it comes again.
      this.#logs.identities.forgetUncommitted()
      throw error
    } finally {
      this.#outbox.wake()
    }
  }

  async #applyOne(tx: Tx, scope: AccountScope, event: WhatsAppEvent, fresh: FreshFact[]): Promise<void> {
    const logs = this.#logs
    switch (event.type) {
      case 'message.received':
        await this.#learnFrom(tx, scope, event.message)
        if (await logs.received.applyReceived(tx, scope, event)) fresh.push(event)
        return
      case 'message.undecryptable':
        return logs.received.applyUndecryptable(tx, scope, event)
      case 'message.reacted':
        await this.#learnFrom(tx, scope, event.message)
        return logs.changes.applyReaction(tx, scope, event)
      case 'message.revoked':
        await this.#learnFrom(tx, scope, event.message)
        return logs.changes.applyRevoke(tx, scope, event)
      case 'message.edited':
        await this.#learnFrom(tx, scope, event.message)
        return logs.changes.applyEdit(tx, scope, event)
      case 'message.edited-sealed':
        await this.#learnFrom(tx, scope, event.message)
        return logs.sealed.applyEdit(tx, scope, event)
      case 'poll.voted':
        await this.#learnFrom(tx, scope, event.message)
        return logs.sealed.applyVote(tx, scope, event)
      case 'chat.presence':
        return logs.activity.applyChatPresence(tx, scope, event)
      case 'group.participants':
        return logs.activity.applyParticipants(tx, scope, event)
      case 'group.joined':
        return logs.activity.applyGroupJoined(tx, scope, event)
      case 'call.offered':
        if (await logs.activity.applyCall(tx, scope, event)) fresh.push(event)
        return
      case 'newsletter.changed':
        return logs.activity.applyNewsletter(tx, scope, event)
      case 'account.restricted':
        return logs.activity.applyRestriction(tx, scope, event)
      case 'message.accepted':
        return logs.messages.applyAccepted(tx, scope, event)
      case 'message.refused':
        return logs.messages.applyRefused(tx, scope, event.id, event.whatsappCode)
      case 'receipt.updated':
        return logs.receipts.applyReceipt(tx, scope, event.receipt)
      case 'contact.updated':
        return this.#applyContact(tx, scope, event.contact)
      case 'chat.updated':
        await logs.identities.applyPair(tx, scope, event.chat.jid, event.chat.alt)
        return logs.chats.applyChatFacts(tx, scope, event.chat)
      case 'message.starred':
        return logs.removals.applyStarred(tx, scope, event)
      case 'message.deleted':
        return logs.removals.applyDeleted(tx, scope, event)
      case 'chat.emptied':
        return logs.removals.applyEmptied(tx, scope, event)
      case 'chat.read':
        return logs.reads.applyChatRead(tx, scope, event)
      case 'label.edited':
        return logs.labels.applyEdited(tx, scope, event)
      case 'label.associated':
        return logs.labels.applyAssociated(tx, scope, event)
      case 'identity.learned':
        return logs.identities.applyLearned(tx, scope, event.lid, event.phone)
      case 'identities.learned':
        return logs.identities.applyAllLearned(tx, scope, event.pairs)
      case 'history.synced':
        return this.#applyHistory(tx, scope, event)
      case 'unhandled':
        return this.#logger.debug({ deviceId: scope.deviceId, kind: event.kind }, 'unhandled event')
      default:
        return assertNever(event)
    }
  }

  async #applyHistory(
    tx: Tx,
    scope: AccountScope,
    event: Extract<WhatsAppEvent, { type: 'history.synced' }>,
  ): Promise<void> {
    for (const contact of event.contacts) await this.#applyContact(tx, scope, contact)
    for (const chat of event.chats) {
      await this.#logs.identities.applyPair(tx, scope, chat.jid, chat.alt)
      await this.#logs.chats.applyChatFacts(tx, scope, chat)
    }
    for (const message of event.messages) await this.#learnFrom(tx, scope, message)
    await this.#logs.received.applyHistory(tx, scope, event.messages)
    await this.#logs.activity.applyHistory(tx, scope, event)
  }

  async #applyContact(tx: Tx, scope: AccountScope, contact: ContactFacts): Promise<void> {
    await this.#logs.identities.applyPair(tx, scope, contact.jid, contact.lid)
    await this.#logs.identities.applyPair(tx, scope, contact.jid, contact.phone)
    const address = await this.#logs.contacts.applyFacts(tx, scope, contact)
    await this.#logs.chats.applyPersonName(tx, scope, address, {
      name: contact.name ?? '',
      pushName: contact.pushName ?? '',
    })
  }

  /** The two addresses of one person, when a stanza carried both. */
  async #learnFrom(tx: Tx, scope: AccountScope, message: WhatsAppMessage): Promise<void> {
    await this.#logs.identities.applyPair(tx, scope, message.chat, message.chatAlt)
    await this.#logs.identities.applyPair(tx, scope, message.sender, message.senderAlt)
  }
}
