import type { Clock } from '../../core/clock.ts'
import { newUlid } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { ChatFacts, Identity } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Address, IdentityStore } from '../identities/identity-store.ts'
import { betterName, type Chat, defaultChatName } from './chat.ts'
import type { ChatMergeStore } from './chat-merge-store.ts'
import type { ChatPatch, ChatStore } from './chat-store.ts'

/** What a message tells about its chat. `pushName` is the author's, given only when the author is the chat. */
export interface ChatMessageFacts {
  readonly sentAt: Date
  readonly pushName: string
  readonly expirationSeconds: number
  /** Rows that were added to the chat's messages: 0 or 1. */
  readonly messagesAdded: number
  /** Whether it is one that nobody of the account has read. */
  readonly isUnread?: boolean
}

/** Tells what people are called, inside a transaction; names are '' when unknown. */
export interface KnownPeople {
  find(
    tx: Tx,
    scope: AccountScope,
    jid: Jid,
  ): Promise<{ readonly name: string; readonly pushName: string } | null>
}

/** Writes what becomes known of chats, inside transactions it is given. */
export class ChatLog {
  readonly #chats: ChatStore
  readonly #merges: ChatMergeStore
  readonly #identities: IdentityStore
  readonly #people: KnownPeople
  readonly #clock: Clock

  constructor(deps: {
    readonly chats: ChatStore
    readonly merges: ChatMergeStore
    readonly identities: IdentityStore
    readonly people: KnownPeople
    readonly clock: Clock
  }) {
    this.#chats = deps.chats
    this.#merges = deps.merges
    this.#identities = deps.identities
    this.#people = deps.people
    this.#clock = deps.clock
  }

  /**
   * The chat with this JID (`alt` is its other form when it came along); made when there is none, called as the person is
   * known, else by default. `at` is when it was last written to.
   */
  async ensure(tx: Tx, scope: AccountScope, jid: Jid, alt: Jid | null, at: Date): Promise<Chat> {
    const address = await this.#identities.addressOf(tx, scope.deviceId, jid, alt)
    const known =
      (await this.#chats.find(tx, scope, address.jid)) ??
      (address.lid === null ? null : await this.#chats.find(tx, scope, address.lid))
    if (known !== null) return known
    const now = this.#clock.now()
    const chat: Chat = {
      id: newUlid(now),
      jid: address.jid,
      lid: address.lid,
      ...(await this.#firstName(tx, scope, address)),
      lastMessageAt: at,
      expirationSeconds: 0,
      isArchived: false,
      isPinned: false,
      unreadCount: 0,
      messageCount: 0,
      createdAt: now,
      updatedAt: now,
    }
    await this.#chats.insert(tx, scope, chat)
    return chat
  }

  async #firstName(
    tx: Tx,
    scope: AccountScope,
    address: Address,
  ): Promise<Pick<Chat, 'name' | 'nameSource'>> {
    const start = { name: defaultChatName(address.jid), nameSource: 'default' } as const
    if (jidKind(address.jid) !== 'phone' && jidKind(address.jid) !== 'lid') return start
    const person =
      (await this.#people.find(tx, scope, address.jid)) ??
      (address.lid === null ? null : await this.#people.find(tx, scope, address.lid))
    if (person === null) return start
    const byPush = betterName(start, { name: person.pushName, nameSource: 'push' })
    return betterName(byPush, { name: person.name, nameSource: 'given' })
  }

  /** The chat with this internal id; null when there is none (any more). */
  byId(tx: Tx, scope: AccountScope, id: string): Promise<Chat | null> {
    return this.#chats.findById(tx, scope, id)
  }

  /** A message was written in `chat`: moves its time forward (never back), takes over its timer and a better name. */
  async applyMessage(tx: Tx, scope: AccountScope, chat: Chat, facts: ChatMessageFacts): Promise<void> {
    const isPerson = jidKind(chat.jid) === 'phone' || jidKind(chat.jid) === 'lid'
    // The push name of an older message, as history brings them, is no better than the one we have.
    const isOutdated = facts.sentAt < chat.lastMessageAt && chat.nameSource !== 'default'
    const pushName = isPerson && !isOutdated ? facts.pushName : ''
    const name = betterName(chat, { name: pushName, nameSource: 'push' })
    const patch: ChatPatch = {
      ...(name.name === chat.name && name.nameSource === chat.nameSource ? {} : name),
      ...(facts.sentAt > chat.lastMessageAt ? { lastMessageAt: facts.sentAt } : {}),
      ...(facts.expirationSeconds > 0 && facts.expirationSeconds !== chat.expirationSeconds
        ? { expirationSeconds: facts.expirationSeconds }
        : {}),
      ...(facts.messagesAdded === 0 ? {} : { messagesAdded: facts.messagesAdded }),
      ...(facts.isUnread === true ? { unreadAdded: 1 } : {}),
    }
    await this.#update(tx, scope, chat, patch)
  }

  /** The account read in the chat: at most so many messages are unread from now on. */
  async applyRead(tx: Tx, scope: AccountScope, chatId: string, unreadLeft: number): Promise<void> {
    const chat = await this.#chats.findById(tx, scope, chatId)
    if (chat !== null && unreadLeft < chat.unreadCount)
      await this.#update(tx, scope, chat, { unreadCount: unreadLeft })
  }

  /** Something was learnt about a chat. A chat not known yet is made only when it is told when it was last written to. */
  async applyChatFacts(tx: Tx, scope: AccountScope, facts: ChatFacts): Promise<void> {
    const alt = facts.alt ?? null
    const { jid } = await this.#identities.addressOf(tx, scope.deviceId, facts.jid, alt)
    const found = await this.#chats.find(tx, scope, jid)
    if (found === null && facts.lastMessageAt === undefined) return
    const chat =
      found ?? (await this.ensure(tx, scope, facts.jid, alt, facts.lastMessageAt ?? this.#clock.now()))
    const name = betterName(chat, { name: facts.name ?? '', nameSource: 'given' })
    await this.#update(tx, scope, chat, {
      ...(name.name === chat.name && name.nameSource === chat.nameSource ? {} : name),
      ...(facts.lastMessageAt === undefined || facts.lastMessageAt <= chat.lastMessageAt
        ? {}
        : { lastMessageAt: facts.lastMessageAt }),
      ...(facts.expirationSeconds === undefined ? {} : { expirationSeconds: facts.expirationSeconds }),
      ...(facts.isArchived === undefined ? {} : { isArchived: facts.isArchived }),
      ...(facts.isPinned === undefined ? {} : { isPinned: facts.isPinned }),
      ...(facts.unreadCount === undefined ? {} : { unreadCount: facts.unreadCount }),
    })
  }

  /** Messages of the chat were deleted. */
  async applyRemoved(tx: Tx, scope: AccountScope, chat: Chat, messagesRemoved: number): Promise<void> {
    await this.#update(tx, scope, chat, { messagesAdded: -messagesRemoved })
  }

  /** The chat is gone, with its labels; its messages were deleted before. */
  async remove(tx: Tx, scope: AccountScope, chat: Chat): Promise<void> {
    await this.#chats.delete(tx, scope, chat.id)
  }

  /** A person's name became known: their chat, when there is one, is called so unless it has a better name. */
  async applyPersonName(
    tx: Tx,
    scope: AccountScope,
    address: Address,
    name: { readonly name: string; readonly pushName: string },
  ): Promise<void> {
    const chat = await this.#chats.find(tx, scope, address.jid)
    if (chat === null) return
    const byPush = betterName(chat, { name: name.pushName, nameSource: 'push' })
    const best = betterName(byPush, { name: name.name, nameSource: 'given' })
    if (best.name !== chat.name || best.nameSource !== chat.nameSource) {
      await this.#update(tx, scope, chat, best)
    }
  }

  /**
   * The LID and the phone number of each pair are one person: afterwards they have one chat, shown under the phone number.
   * The chat with more messages takes in the other; of what both know the newer stays. Resolves to those whose chat stood
   * under the LID alone.
   */
  async mergeIdentities(
    tx: Tx,
    scope: AccountScope,
    pairs: readonly Identity[],
  ): Promise<(Identity & { readonly chatId: string })[]> {
    const jids = pairs.flatMap(({ lid, phone }) => [lid, phone])
    const found = new Set(await this.#chats.jidsAmong(tx, scope, jids))
    const renamed: (Identity & { readonly chatId: string })[] = []
    for (const { lid, phone } of pairs) {
      if (!found.has(lid) && !found.has(phone)) continue
      found.add(phone)
      const chatId = await this.#mergeOne(tx, scope, lid, phone)
      if (chatId !== null) renamed.push({ lid, phone, chatId })
    }
    return renamed
  }

  async #mergeOne(tx: Tx, scope: AccountScope, lid: Jid, phone: Jid): Promise<string | null> {
    const chats = await this.#chats.findAllOf(tx, scope, lid, phone)
    const kept = chats.reduce<Chat | null>(
      (best, chat) => (best === null || chat.messageCount > best.messageCount ? chat : best),
      null,
    )
    if (kept === null || (chats.length === 1 && kept.jid === phone && kept.lid === lid)) return null
    let gained = 0
    for (const chat of chats) {
      if (chat.id !== kept.id) gained += await this.#merges.absorb(tx, scope, chat.id, kept.id)
    }
    const facts = mergedFacts(chats, phone)
    await this.#chats.update(
      tx,
      scope,
      kept.id,
      { ...facts, jid: phone, lid, messagesAdded: gained },
      this.#clock.now(),
    )
    return chats.some((chat) => chat.jid === lid) ? kept.id : null
  }

  async #update(tx: Tx, scope: AccountScope, chat: Chat, patch: ChatPatch): Promise<void> {
    if (Object.keys(patch).length === 0) return
    await this.#chats.update(tx, scope, chat.id, patch, this.#clock.now())
  }
}

/** The better name, the later time; the rest from the chat that changed last. */
function mergedFacts(chats: readonly Chat[], phone: Jid): ChatPatch {
  const byAge = chats.toSorted(
    (a, b) => a.updatedAt.getTime() - b.updatedAt.getTime() || (a.id < b.id ? -1 : 1),
  )
  const name = byAge.reduce<Pick<Chat, 'name' | 'nameSource'>>(
    (best, chat) => (chat.nameSource === 'default' ? best : betterName(best, chat)),
    { name: defaultChatName(phone), nameSource: 'default' },
  )
  const times = chats.map((chat) => chat.lastMessageAt.getTime())
  const newest = byAge.at(-1)
  return {
    ...(newest === undefined
      ? {}
      : {
          expirationSeconds: newest.expirationSeconds,
          isArchived: newest.isArchived,
          isPinned: newest.isPinned,
          unreadCount: newest.unreadCount,
        }),
    name: name.name,
    nameSource: name.nameSource,
    lastMessageAt: new Date(Math.max(...times)),
    createdAt: new Date(Math.min(...chats.map((chat) => chat.createdAt.getTime()))),
  }
}
