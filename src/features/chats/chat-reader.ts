import type { Db } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import type { IdentityStore } from '../identities/identity-store.ts'
import type { Chat } from './chat.ts'
import type { ChatFilter, ChatStore } from './chat-store.ts'

/** Answers questions about an account's chats. */
export class ChatReader {
  readonly #db: Db
  readonly #chats: ChatStore
  readonly #identities: IdentityStore

  constructor(deps: { readonly db: Db; readonly chats: ChatStore; readonly identities: IdentityStore }) {
    this.#db = deps.db
    this.#chats = deps.chats
    this.#identities = deps.identities
  }

  /** One page of chats, newest first, and how many pass the filter. */
  list(scope: AccountScope, filter: ChatFilter): Promise<{ chats: Chat[]; total: number }> {
    return this.#chats.list(this.#db, scope, filter)
  }

  /** The chat with this JID, phone number or LID alike; null when there is none. */
  get(scope: AccountScope, jid: Jid): Promise<Chat | null> {
    return this.find(this.#db, scope, jid)
  }

  /** Like `get`, seen from inside a transaction. */
  async find(db: Db, scope: AccountScope, jid: Jid): Promise<Chat | null> {
    const direct = await this.#chats.find(db, scope, jid)
    if (direct !== null) return direct
    const address = await this.#identities.addressOf(db, scope.deviceId, jid)
    if (address.jid !== jid) return this.#chats.find(db, scope, address.jid)
    return address.lid === null || address.lid === jid ? null : this.#chats.find(db, scope, address.lid)
  }

  /** Those of these chats that there are, by their internal id. */
  async byIds(scope: AccountScope, ids: readonly string[]): Promise<ReadonlyMap<string, Chat>> {
    const found = await Promise.all(ids.map((id) => this.#chats.findById(this.#db, scope, id)))
    return new Map(found.flatMap((chat) => (chat === null ? [] : [[chat.id, chat]])))
  }

  /** Whether the account has this chat, under a name that somebody gave it. */
  async isNamed(scope: AccountScope, jid: Jid): Promise<boolean> {
    return (await this.#chats.find(this.#db, scope, jid))?.nameSource === 'given'
  }

  /** The chat's disappearing timer in seconds; 0 when it is off or the chat is unknown. */
  async expirationSeconds(scope: AccountScope, jid: Jid): Promise<number> {
    return (await this.get(scope, jid))?.expirationSeconds ?? 0
  }
}
