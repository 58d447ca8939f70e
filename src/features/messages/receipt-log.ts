import type { MessageId } from '../../core/ids.ts'
import type { Tracing } from '../../core/tracing.ts'
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
import type { ReadLog } from './read-log.ts'
import type { ReceiptStore } from './receipt-store.ts'
import { noReceiptTrace, type ReceiptTrace, withReceiptTrace } from './receipt-trace.ts'

type SentMessages = Pick<MessageLog, 'applyEvidence' | 'announceRecipient' | 'traces'>

/** Writes receipts, inside transactions it is given. */
export class ReceiptLog {
  readonly #receipts: ReceiptStore
  readonly #reads: Pick<ReadLog, 'applyRead'>
  readonly #messages: SentMessages
  readonly #chats: Pick<ChatReader, 'find'>
  readonly #identities: IdentityStore
  readonly #people: EventPeople
  readonly #outbox: Pick<Outbox, 'append'>
  readonly #tracing: Tracing | null

  constructor(deps: {
    readonly receipts: ReceiptStore
    readonly reads: Pick<ReadLog, 'applyRead'>
    readonly messages: SentMessages
    readonly chats: Pick<ChatReader, 'find'>
    readonly identities: IdentityStore
    readonly people: EventPeople
    readonly outbox: Pick<Outbox, 'append'>
    readonly tracing?: Tracing | null
  }) {
    this.#receipts = deps.receipts
    this.#reads = deps.reads
    this.#messages = deps.messages
    this.#chats = deps.chats
    this.#identities = deps.identities
    this.#people = deps.people
    this.#outbox = deps.outbox
    this.#tracing = deps.tracing ?? null
  }

  /**
   * Someone received, read or played messages. Any device's receipt moves the status of our messages (in a group the
   * first member's does); what a person's phone (device 0) tells is kept per person, and announced once for all ids
   * that it is news for. The companions' receipts would be several rows per person and say nothing more.
   */
  async applyReceipt(tx: Tx, scope: AccountScope, receipt: Receipt): Promise<void> {
    if (this.#tracing === null) return this.#apply(tx, scope, receipt, noReceiptTrace)
    const traces = await this.#messages.traces(tx, scope, receipt.messageIds)
    await withReceiptTrace(this.#tracing, traces, receipt, (trace) => this.#apply(tx, scope, receipt, trace))
  }

  async #apply(tx: Tx, scope: AccountScope, receipt: Receipt, trace: ReceiptTrace): Promise<void> {
    const status = statusOfReceipt(receipt.receiptType)
    if (status !== null) {
      await this.#messages.applyEvidence(tx, scope, receipt.messageIds, status, { trace })
    }
    const author = receipt.participant ?? receipt.from
    const isOwnRead = isReading(receipt) && (await this.#isOwn(tx, scope, author))
    if (isOwnRead) await this.#reads.applyRead(tx, scope, receipt.messageIds)
    // Kept from any device of ours: what was read may come later (see `wasRead`).
    if (receipt.fromDevice !== 0 && !isOwnRead) return

    const ids = await this.#receipts.insert(tx, scope, receipt.messageIds, {
      recipient: author,
      receiptType: receipt.receiptType,
      at: receipt.at,
    })
    if (ids.length === 0) return
    const from = await this.#people.personAt(tx, scope, await this.#addressOf(tx, scope, author), '')
    if (status !== null) {
      const { at } = receipt
      await this.#messages.announceRecipient(tx, scope, ids, { recipient: from, status, at, trace })
    }
    const ackType = ackTypeOf(receipt)
    if (ackType === null) return
    const chat = await this.#chatOf(tx, scope, receipt.chat)
    const event = toAckEvent({ scope, chat, from, receipt, ackType, ids })
    await trace.ofAll(() => this.#outbox.append(tx, scope.deviceId, event))
  }

  /** Whether a message that comes only now was read on another device of the account. */
  async wasRead(tx: Tx, scope: AccountScope, id: MessageId): Promise<boolean> {
    for (const receipt of await this.#receipts.list(tx, scope, id))
      if (isReading(receipt) && (await this.#isOwn(tx, scope, receipt.recipient))) return true
    return false
  }

  async #isOwn(tx: Tx, scope: AccountScope, jid: Jid): Promise<boolean> {
    return (await this.#addressOf(tx, scope, jid)).jid === scope.account
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

function isReading({ receiptType }: Pick<Receipt, 'receiptType'>): boolean {
  return receiptType === 'read' || receiptType === 'read-self'
}
