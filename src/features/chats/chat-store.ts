import { type Selectable, sql } from 'kysely'
import { toBigintColumn, toIntegerColumn, toTextColumn } from '../../db/column-values.ts'
import { containing } from '../../db/containing.ts'
import type { Database, Db, Tx } from '../../db/database.ts'
import { PreparedQuery } from '../../db/prepared-query.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'
import { type Chat, type NameSource, nameSources } from './chat.ts'

/** Which chats to list; newest first. */
export interface ChatFilter {
  readonly limit: number
  readonly offset: number
  /** Part of the name, in any case. */
  readonly search?: string
  readonly hasMedia?: boolean
  readonly isArchived?: boolean
  /** Pinned chats stand before all others. */
  readonly pinnedFirst?: boolean
}

/** What can change of a chat; absent fields stay. `messagesAdded` moves the count of messages. */
export interface ChatPatch {
  readonly jid?: Jid
  readonly lid?: Jid | null
  readonly name?: string
  readonly nameSource?: NameSource
  readonly lastMessageAt?: Date
  readonly expirationSeconds?: number
  readonly isArchived?: boolean
  readonly isPinned?: boolean
  readonly unreadCount?: number
  readonly createdAt?: Date
  readonly messagesAdded?: number
  /** Moves the number of unread ones; not together with `unreadCount`. */
  readonly unreadAdded?: number
}

/** Rows of `chats`. */
export class ChatStore {
  /** The chat with this JID, in either form. */
  async find(db: Db, scope: AccountScope, jid: Jid): Promise<Chat | null> {
    const values = { ...scope, jid }
    const row = (await selectByJid.first(db, values)) ?? (await selectByLid.first(db, values))
    return row === undefined ? null : fromRow(row)
  }

  /** The chat with this internal id. */
  async findById(db: Db, scope: AccountScope, id: string): Promise<Chat | null> {
    const row = await ofAccount(db, scope).where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : fromRow(row)
  }

  /** Every chat of the person: there is more than one until they are merged. */
  async findAllOf(db: Db, scope: AccountScope, lid: Jid, phone: Jid): Promise<Chat[]> {
    // Two queries, each of which has an index; joined with OR they would read every chat.
    const byJid = await ofAccount(db, scope).where('jid', 'in', [lid, phone]).execute()
    const byLid = await ofAccount(db, scope).where('lid', '=', lid).execute()
    const rows = new Map([...byJid, ...byLid].map((row) => [row.id, row]))
    return [...rows.values()].map(fromRow).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Those of these addresses of people that a chat has, in either form. */
  async jidsAmong(db: Db, scope: AccountScope, jids: readonly Jid[]): Promise<ReadonlySet<Jid>> {
    const found = new Set<Jid>()
    if (jids.length === 0) return found
    const chats = () =>
      db
        .selectFrom('chats')
        .select(['jid', 'lid'])
        .where('device_id', '=', scope.deviceId)
        .where('account', '=', scope.account)
    const lids = jids.filter((jid) => jid.endsWith('@lid'))
    const byJid = await chats().where('jid', 'in', jids).execute()
    const byLid = lids.length === 0 ? [] : await chats().where('lid', 'in', lids).execute()
    for (const { jid, lid } of [...byJid, ...byLid]) {
      found.add(fromStoredJid(jid))
      if (lid !== null) found.add(fromStoredJid(lid))
    }
    return found
  }

  /** Adds a chat. One with the same JID must not exist. */
  async insert(tx: Tx, scope: AccountScope, chat: Chat): Promise<void> {
    await tx
      .insertInto('chats')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        id: chat.id,
        jid: chat.jid,
        lid: chat.lid,
        name: toTextColumn(chat.name),
        name_source: chat.nameSource,
        last_message_at: toBigintColumn(chat.lastMessageAt.getTime()),
        expiration_seconds: chat.expirationSeconds,
        is_archived: Number(chat.isArchived),
        is_pinned: Number(chat.isPinned),
        unread_count: chat.unreadCount,
        message_count: chat.messageCount,
        created_at: chat.createdAt.getTime(),
        updated_at: chat.updatedAt.getTime(),
      })
      .execute()
  }

  /** Changes a chat's facts. */
  async update(tx: Tx, scope: AccountScope, id: string, patch: ChatPatch, at: Date): Promise<void> {
    const { messagesAdded, lastMessageAt, unreadAdded = 0, ...others } = patch
    if (messagesAdded !== undefined && lastMessageAt !== undefined && Object.keys(others).length === 0) {
      const times = { lastMessageAt: toBigintColumn(lastMessageAt.getTime()), at: at.getTime() }
      await addMessages.run(tx, { ...scope, id, messagesAdded, unreadAdded, ...times })
      return
    }
    await tx
      .updateTable('chats')
      .set((set) => ({
        updated_at: at.getTime(),
        ...(patch.jid === undefined ? {} : { jid: patch.jid }),
        ...(patch.lid === undefined ? {} : { lid: patch.lid }),
        ...(patch.name === undefined ? {} : { name: toTextColumn(patch.name) }),
        ...(patch.nameSource === undefined ? {} : { name_source: patch.nameSource }),
        ...(patch.lastMessageAt === undefined
          ? {}
          : { last_message_at: toBigintColumn(patch.lastMessageAt.getTime()) }),
        ...(patch.expirationSeconds === undefined
          ? {}
          : { expiration_seconds: toIntegerColumn(patch.expirationSeconds) }),
        ...(patch.isArchived === undefined ? {} : { is_archived: Number(patch.isArchived) }),
        ...(patch.isPinned === undefined ? {} : { is_pinned: Number(patch.isPinned) }),
        ...(patch.unreadCount === undefined ? {} : { unread_count: toIntegerColumn(patch.unreadCount) }),
        ...(unreadAdded === 0 ? {} : { unread_count: set('unread_count', '+', unreadAdded) }),
        ...(patch.createdAt === undefined ? {} : { created_at: patch.createdAt.getTime() }),
        ...(patch.messagesAdded === undefined
          ? {}
          : { message_count: set('message_count', '+', patch.messagesAdded) }),
      }))
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', '=', id)
      .execute()
  }

  /** Deletes a chat and what labels it carries. */
  async delete(tx: Tx, scope: AccountScope, id: string): Promise<void> {
    await tx
      .deleteFrom('chat_labels')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', id)
      .execute()
    await tx
      .deleteFrom('chats')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', '=', id)
      .execute()
  }

  /** One page of chats and how many there are that pass the filter. */
  async list(db: Db, scope: AccountScope, filter: ChatFilter): Promise<{ chats: Chat[]; total: number }> {
    const wanted = filtered(db, scope, filter)
    const all = wanted.selectAll()
    const rows = await (filter.pinnedFirst === true ? all.orderBy('is_pinned', 'desc') : all)
      .orderBy('last_message_at', 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit)
      .offset(filter.offset)
      .execute()
    const { total } = await wanted
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return { chats: rows.map(fromRow), total }
  }
}

interface ByJid extends AccountScope {
  readonly jid: string
}

const selectByJid = new PreparedQuery((db, values: ByJid) =>
  ofAccount(db, values).where('jid', '=', values.jid),
)

const selectByLid = new PreparedQuery((db, values: ByJid) =>
  ofAccount(db, values).where('lid', '=', values.jid),
)

interface Addition extends AccountScope {
  readonly id: string
  readonly messagesAdded: number
  readonly unreadAdded: number
  readonly lastMessageAt: number
  readonly at: number
}

/** What nearly every message does to its chat. */
const addMessages = new PreparedQuery((db, values: Addition) =>
  db
    .updateTable('chats')
    .set((set) => ({
      updated_at: values.at,
      last_message_at: values.lastMessageAt,
      message_count: set('message_count', '+', values.messagesAdded),
      unread_count: set('unread_count', '+', values.unreadAdded),
    }))
    .where('device_id', '=', values.deviceId)
    .where('account', '=', values.account)
    .where('id', '=', values.id),
)

function ofAccount(db: Db, scope: AccountScope) {
  return db
    .selectFrom('chats')
    .selectAll()
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
}

function filtered(db: Db, scope: AccountScope, filter: ChatFilter) {
  let query = db
    .selectFrom('chats')
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
  if (filter.search !== undefined && filter.search !== '') {
    query = query.where(sql<boolean>`lower(name) like ${containing(filter.search)} escape '\\'`)
  }
  if (filter.isArchived !== undefined) query = query.where('is_archived', '=', Number(filter.isArchived))
  if (filter.hasMedia === true) {
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('messages')
          .select('messages.id')
          .where('messages.device_id', '=', scope.deviceId)
          .where('messages.account', '=', scope.account)
          .whereRef('messages.chat_id', '=', 'chats.id')
          .where(sql<boolean>`messages.media_type <> ''`),
      ),
    )
  }
  return query
}

function fromRow(row: Selectable<Database['chats']>): Chat {
  return {
    id: row.id,
    jid: fromStoredJid(row.jid),
    lid: row.lid === null ? null : fromStoredJid(row.lid),
    name: row.name,
    nameSource: nameSources.find((source) => source === row.name_source) ?? 'default',
    lastMessageAt: new Date(row.last_message_at),
    expirationSeconds: row.expiration_seconds,
    isArchived: row.is_archived === 1,
    isPinned: row.is_pinned === 1,
    unreadCount: row.unread_count,
    messageCount: row.message_count,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}
