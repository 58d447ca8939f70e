import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { Receipt } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { Address, IdentityStore } from '../identities/identity-store.ts'
import type { EventPeople } from './event-people.ts'
import { ackTypeOf, type EventChat, toAckEvent } from './message-events.ts'
import type { MessageLog } from './message-log.ts'
import { statusOfReceipt } from './message-status.ts'
import type { ReceiptStore } from './receipt-store.ts'

/** Writes receipts, inside transactions it is given. */
export class ReceiptLog {
  readonly #receipts: ReceiptStore
  readonly #messages: Pick<MessageLog, 'applyEvidence' | 'announceRecipient'>
  readonly #chats: Pick<ChatReader, 'find'>
  readonly #identities: IdentityStore
  readonly #people: EventPeople
  readonly #outbox: Pick<Outbox, 'append'>

  constructor(deps: {
    readonly receipts: ReceiptStore
    readonly messages: Pick<MessageLog, 'applyEvidence' | 'announceRecipient'>
    readonly chats: Pick<ChatReader, 'find'>
    readonly identities: IdentityStore
    readonly people: EventPeople
    readonly outbox: Pick<Outbox, 'append'>
  }) {
    this.#receipts = deps.receipts
    this.#messages = deps.messages
    this.#chats = deps.chats
    this.#identities = deps.identities
    this.#people = deps.people
    this.#outbox = deps.outbox
  }

  /**
   * Someone received, read or played messages. Any device's receipt moves the status of our messages (in a group the
   * first member's does); what a person's phone (device 0) tells is kept per person, and announced once for all ids
   * that it is news for. The companions' receipts would be several rows per person and say nothing more.
   */
  async applyReceipt(tx: Tx, scope: AccountScope, receipt: Receipt): Promise<void> {
    const status = statusOfReceipt(receipt.receiptType)
    if (status !== null) await this.#messages.applyEvidence(tx, scope, receipt.messageIds, status)
    if (receipt.fromDevice !== 0) return

    const author = receipt.participant ?? receipt.from
    const ids = await this.#receipts.insert(tx, scope, receipt.messageIds, {
      recipient: author,
      receiptType: receipt.receiptType,
      at: receipt.at,
    })
    if (ids.length === 0) return
    const from = await this.#people.personAt(tx, scope, await this.#addressOf(tx, scope, author), '')
    if (status !== null) {
      await this.#messages.announceRecipient(tx, scope, ids, { recipient: from, status, at: receipt.at })
    }
    const ackType = ackTypeOf(receipt)
    if (ackType === null) return
    const chat = await this.#chatOf(tx, scope, receipt.chat)
    await this.#outbox.append(tx, scope.deviceId, toAckEvent({ scope, chat, from, receipt, ackType, ids }))
  }

  /** Messages of before this device was linked have receipts too: then there may be no chat. */
  async #chatOf(tx: Tx, scope: AccountScope, jid: Jid): Promise<EventChat> {
    const chat = await this.#chats.find(tx, scope, jid)
    if (chat !== null) return chat
    const address = await this.#addressOf(tx, scope, jid)
    return { id: address.jid, ...address }
  }

  #addressOf(tx: Tx, scope: AccountScope, jid: Jid): Promise<Address> {
    return this.#identities.addressOf(tx, scope.deviceId, jid)
  }
}
