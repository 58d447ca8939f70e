import type { DeviceId, MessageId } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Chat } from '../chats/chat.ts'
import type { IdentityStore } from '../identities/identity-store.ts'
import { MessageRawStore } from './message-raw-store.ts'
import { type MessageSearch, MessageSearchStore } from './message-search-store.ts'
import type { MessageStore } from './message-store.ts'
import type { ReactionStore, StoredReaction } from './reaction-store.ts'
import type { ReceiptStore, StoredReceipt } from './receipt-store.ts'
import type { SentChangeStore } from './sent-change-store.ts'
import type { MessageFilter, StoredMessage } from './stored-message.ts'

const longChat = 20_000

/** Answers questions about stored messages. */
export class MessageReader {
  readonly #db: Db
  readonly #scanDb: Db
  readonly #messages: MessageStore
  readonly #raws = new MessageRawStore()
  readonly #found = new MessageSearchStore()
  readonly #reactions: ReactionStore
  readonly #receipts: ReceiptStore
  readonly #sentChanges: SentChangeStore
  readonly #identities: IdentityStore

  constructor(deps: {
    readonly db: Db
    /** Where searches and other long reads are made (see OpenDatabase); `db` when absent. */
    readonly scanDb?: Db
    readonly messages: MessageStore
    readonly reactions: ReactionStore
    readonly receipts: ReceiptStore
    readonly sentChanges: SentChangeStore
    readonly identities: IdentityStore
  }) {
    this.#db = deps.db
    this.#scanDb = deps.scanDb ?? deps.db
    this.#messages = deps.messages
    this.#reactions = deps.reactions
    this.#receipts = deps.receipts
    this.#sentChanges = deps.sentChanges
    this.#identities = deps.identities
  }

  /**
   * One page of a chat, newest first, and how many messages pass the filter. Without a filter the total is kept with
   * the chat and costs nothing; with one the messages that it may leave are counted.
   */
  async page(
    scope: AccountScope,
    chat: Pick<Chat, 'id' | 'messageCount'>,
    filter: MessageFilter,
  ): Promise<{ messages: StoredMessage[]; total: number }> {
    const db = looksAtMany(chat, filter) ? this.#scanDb : this.#db
    const [messages, total] = await Promise.all([
      this.#messages.page(db, scope, chat.id, filter),
      isUnfiltered(filter) ? chat.messageCount : this.#messages.count(db, scope, chat.id, filter),
    ])
    return { messages: await this.#withPhones(scope, messages), total }
  }

  /** Messages that have all the words, newest first. */
  async search(scope: AccountScope, search: MessageSearch): Promise<StoredMessage[]> {
    return this.#withPhones(scope, await this.#found.find(this.#scanDb, scope, search))
  }

  /** The newest message of each of these chats that has one, by the chat's internal id. */
  async newestOf(
    scope: AccountScope,
    chatIds: readonly string[],
  ): Promise<ReadonlyMap<string, StoredMessage>> {
    const pages = await Promise.all(chatIds.map((id) => this.#messages.newest(this.#db, scope, id)))
    return new Map(pages.flatMap((message) => (message === null ? [] : [[message.chatId, message]])))
  }

  /** The message with this id, in `chat` when that is given; own messages first, should several chats have the id. */
  async get(scope: AccountScope, id: MessageId, chat?: Pick<Chat, 'id'>): Promise<StoredMessage | null> {
    const found = await this.#messages.findById(this.#db, scope, [id])
    const fitting = found.filter((message) => chat === undefined || message.chatId === chat.id)
    const [message] = await this.#withPhones(scope, fitting.toSorted(ownFirst))
    return message ?? null
  }

  /** The protobuf of a message or a sent change, for retries, quotes and downloads; null when it is not known (any more). */
  async rawMessage(deviceId: DeviceId, id: MessageId): Promise<Uint8Array | null> {
    return (
      (await this.#raws.raw(this.#db, deviceId, id)) ?? (await this.#sentChanges.raw(this.#db, deviceId, id))
    )
  }

  /** The protobuf of this very message; null when it was not kept. */
  rawOf(scope: AccountScope, message: Pick<StoredMessage, 'chatId' | 'id'>): Promise<Uint8Array | null> {
    return this.#raws.rawOf(this.#db, scope, message)
  }

  /** The present reactions to some messages of a chat, oldest first. */
  reactions(
    scope: AccountScope,
    chat: Pick<Chat, 'id'>,
    ids: readonly MessageId[],
  ): Promise<StoredReaction[]> {
    return this.#reactions.list(this.#db, scope, chat.id, ids)
  }

  /** Whose phone received, read or played a message, oldest first. */
  receipts(scope: AccountScope, id: MessageId): Promise<StoredReceipt[]> {
    return this.#receipts.list(this.#db, scope, id)
  }

  /** Phone numbers that became known after the message was stored are filled in here, so that no row is rewritten. */
  async #withPhones(scope: AccountScope, messages: readonly StoredMessage[]): Promise<StoredMessage[]> {
    return Promise.all(
      messages.map(async (message) => {
        if (jidKind(message.sender) !== 'lid') return message
        const phone = await this.#identities.phoneOf(this.#db, scope.deviceId, message.sender)
        return phone === null ? message : { ...message, sender: phone }
      }),
    )
  }
}

/** A search reads texts; in a long chat a filter's count and a far offset walk over very many index entries. */
function looksAtMany(chat: Pick<Chat, 'messageCount'>, filter: MessageFilter): boolean {
  if (filter.search !== undefined && filter.search !== '') return true
  return chat.messageCount > longChat && (!isUnfiltered(filter) || filter.offset > longChat)
}

function isUnfiltered(filter: MessageFilter): boolean {
  return (
    filter.startAt === undefined &&
    filter.endAt === undefined &&
    filter.isFromMe === undefined &&
    filter.mediaOnly !== true &&
    (filter.search === undefined || filter.search === '')
  )
}

function ownFirst(a: StoredMessage, b: StoredMessage): number {
  return Number(b.isFromMe) - Number(a.isFromMe)
}
