import { sql } from 'kysely'
import { asDeviceId, asMessageId, type MessageId } from '../../core/ids.ts'
import { toBigintColumn, toTextColumn } from '../../db/column-values.ts'
import { containing } from '../../db/containing.ts'
import type { Db, Tx } from '../../db/database.ts'
import { PreparedQuery, rowOf } from '../../db/prepared-query.ts'
import type { MediaInfo, MessageStatus } from '../../whatsapp/message.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'
import { fromMessageRow, messageColumns, toMediaColumns, toMessageRow } from './message-row.ts'
import { messageStatuses, statusesBelow } from './message-status.ts'
import type { MessageFilter, StoredMessage } from './stored-message.ts'

/** What can change of a message besides its status; absent fields stay. */
export interface MessagePatch {
  readonly content?: string
  readonly editedAt?: Date
  readonly isRevoked?: boolean
  readonly isStarred?: boolean
  readonly isFromHistory?: boolean
  readonly sentAt?: Date
  readonly failure?: string | null
  readonly serverId?: number
  readonly media?: Pick<MediaInfo, 'kind' | 'fileName' | 'url' | 'fileLength'>
}

/** Rows of `messages`. */
export class MessageStore {
  /** Adds a message; resolves to `false`, changing nothing, when its chat has one with this id. */
  async insert(
    tx: Tx,
    scope: AccountScope,
    message: StoredMessage,
    raw: Uint8Array | null,
  ): Promise<boolean> {
    return (await insertMessage.first(tx, toMessageRow(scope, message, raw))) !== undefined
  }

  /** Puts `message` in the place of the row with its chat and id. */
  async replace(tx: Tx, scope: AccountScope, message: StoredMessage, raw: Uint8Array | null): Promise<void> {
    await updateOfChat(tx, scope, message.chatId)
      .set(toMessageRow(scope, message, raw))
      .where('id', '=', message.id)
      .execute()
  }

  /** The message of a chat. */
  async find(db: Db, scope: AccountScope, chatId: string, id: MessageId): Promise<StoredMessage | null> {
    const row = await selectMessages(db, scope)
      .where('chat_id', '=', chatId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row === undefined ? null : fromMessageRow(row)
  }

  /** Messages with one of these ids, whatever their chat, in order of id and chat. */
  async findById(db: Db, scope: AccountScope, ids: readonly MessageId[]): Promise<StoredMessage[]> {
    if (ids.length === 0) return []
    const [id] = ids
    if (id !== undefined && ids.length === 1) {
      const rows = await selectById.all(db, { ...scope, id })
      return rows.map(fromMessageRow).toSorted((a, b) => compare(a.chatId, b.chatId))
    }
    const rows = await selectMessages(db, scope).where('id', 'in', ids).execute()
    return rows.map(fromMessageRow).toSorted((a, b) => compare(a.id, b.id) || compare(a.chatId, b.chatId))
  }

  /** How many messages of others there are in a chat that were sent after `sentAt`, or in its second and came after `createdAt`. */
  async countReceivedAfter(
    db: Db,
    scope: AccountScope,
    chatId: string,
    { sentAt, createdAt }: { readonly sentAt: Date; readonly createdAt?: Date },
  ): Promise<number> {
    const { later } = await db
      .selectFrom('messages')
      .select((select) => select.fn.countAll<number>().as('later'))
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('is_from_me', '=', 0)
      .where((where) => {
        const isLater = where('sent_at', '>', sentAt.getTime())
        if (createdAt === undefined) return isLater
        const isOfItsSecond = where('sent_at', '=', sentAt.getTime())
        return where.or([isLater, where.and([isOfItsSecond, where('created_at', '>', createdAt.getTime())])])
      })
      .executeTakeFirstOrThrow()
    return Number(later)
  }

  /** Raises own messages to `status` where that is progress; resolves to the ids that changed. Clears their failure. */
  async raiseStatus(
    tx: Tx,
    scope: AccountScope,
    ids: readonly MessageId[],
    status: MessageStatus,
    failure: string | null,
    at: Date,
  ): Promise<MessageId[]> {
    const [id] = ids
    if (id === undefined) return []
    if (ids.length === 1) {
      const raised = await raiseOne[status].all(tx, { ...scope, id, failure, at: at.getTime() })
      return raised.map((row) => asMessageId(row.id))
    }
    const rows = await tx
      .updateTable('messages')
      .set({ status, failure, updated_at: at.getTime() })
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', 'in', ids)
      .where('is_from_me', '=', 1)
      .where('status', 'in', statusesBelow(status))
      .returning('id')
      .execute()
    return rows.map((row) => asMessageId(row.id))
  }

  /** Changes facts of one message. */
  async update(
    tx: Tx,
    scope: AccountScope,
    message: Pick<StoredMessage, 'chatId' | 'id'>,
    patch: MessagePatch,
    at: Date,
  ): Promise<void> {
    await updateOfChat(tx, scope, message.chatId)
      .set({
        updated_at: at.getTime(),
        ...(patch.content === undefined ? {} : { content: toTextColumn(patch.content) }),
        ...(patch.editedAt === undefined ? {} : { edited_at: patch.editedAt.getTime() }),
        ...(patch.isRevoked === undefined ? {} : { is_revoked: Number(patch.isRevoked) }),
        ...(patch.isStarred === undefined ? {} : { is_starred: Number(patch.isStarred) }),
        ...(patch.isFromHistory === undefined ? {} : { is_from_history: Number(patch.isFromHistory) }),
        ...(patch.sentAt === undefined ? {} : { sent_at: patch.sentAt.getTime() }),
        ...(patch.serverId === undefined ? {} : { server_id: toBigintColumn(patch.serverId) }),
        ...(patch.failure === undefined ? {} : { failure: patch.failure }),
        ...(patch.media === undefined ? {} : toMediaColumns(patch.media)),
      })
      .where('id', '=', message.id)
      .execute()
  }

  /** Deletes a message with its reactions; resolves to whether there was one. */
  async delete(tx: Tx, scope: AccountScope, message: Pick<StoredMessage, 'chatId' | 'id'>): Promise<boolean> {
    await tx
      .deleteFrom('reactions')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', message.chatId)
      .where('message_id', '=', message.id)
      .execute()
    const result = await tx
      .deleteFrom('messages')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', message.chatId)
      .where('id', '=', message.id)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  /** Deletes what was written in a chat before `before`, with its reactions; resolves to how many messages there were. */
  async deleteOfChat(
    tx: Tx,
    scope: AccountScope,
    chatId: string,
    { before, keepsStarred }: { readonly before: Date; readonly keepsStarred: boolean },
  ): Promise<number> {
    let doomed = tx
      .selectFrom('messages')
      .select('id')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('sent_at', '<', before.getTime())
    if (keepsStarred) doomed = doomed.where('is_starred', '=', 0)
    await tx
      .deleteFrom('reactions')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('message_id', 'in', doomed)
      .execute()
    const result = await tx
      .deleteFrom('messages')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('id', 'in', doomed)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /** Own messages that have been pending since before `olderThan`, oldest first. */
  async pendingSince(
    db: Db,
    olderThan: Date,
    limit: number,
  ): Promise<{ scope: AccountScope; message: StoredMessage }[]> {
    const rows = await db
      .selectFrom('messages')
      .select([...messageColumns, 'device_id', 'account'])
      .where(sql<boolean>`status = 'pending'`)
      .where('created_at', '<', olderThan.getTime())
      .orderBy('created_at')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      scope: { deviceId: asDeviceId(row.device_id), account: fromStoredJid(row.account) },
      message: fromMessageRow(row),
    }))
  }

  /** One page of a chat, newest first. The first pages cost the same however long the chat is. */
  async page(db: Db, scope: AccountScope, chatId: string, filter: MessageFilter): Promise<StoredMessage[]> {
    const rows = await filtered(db, scope, chatId, filter)
      .select(messageColumns)
      .orderBy('sent_at', 'desc')
      // WhatsApp's times are whole seconds: within one, messages stand in the order they came.
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit)
      .offset(filter.offset)
      .execute()
    return rows.map(fromMessageRow)
  }

  /** The newest message of a chat; null when there is none. */
  async newest(db: Db, scope: AccountScope, chatId: string): Promise<StoredMessage | null> {
    const row = await selectNewest.first(db, { ...scope, chatId })
    return row === undefined ? null : fromMessageRow(row)
  }

  /** How many messages of a chat pass the filter; reads all of them that its times and kind leave. */
  async count(db: Db, scope: AccountScope, chatId: string, filter: MessageFilter): Promise<number> {
    const { total } = await filtered(db, scope, chatId, filter)
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }
}

interface ById extends AccountScope {
  readonly id: string
}

const insertMessage = new PreparedQuery((db, row: ReturnType<typeof toMessageRow>) =>
  db
    .insertInto('messages')
    .values(rowOf(row, ['device_id', 'account', 'raw', ...messageColumns]))
    .onConflict((conflict) => conflict.columns(['device_id', 'account', 'chat_id', 'id']).doNothing())
    .returning('id'),
)

const selectById = new PreparedQuery((db, values: ById) =>
  selectMessages(db, values).where('id', '=', values.id),
)

const selectNewest = new PreparedQuery((db, values: AccountScope & { readonly chatId: string }) =>
  selectMessages(db, values)
    .where('chat_id', '=', values.chatId)
    .orderBy('sent_at', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1),
)

const raiseOne = Object.fromEntries(messageStatuses.map((status) => [status, raiseTo(status)])) as Record<
  MessageStatus,
  ReturnType<typeof raiseTo>
> // one entry for each

function raiseTo(status: MessageStatus) {
  type Values = ById & { readonly failure: string | null; readonly at: number }
  return new PreparedQuery((db, values: Values) =>
    db
      .updateTable('messages')
      .set({ status, failure: values.failure, updated_at: values.at })
      .where('device_id', '=', values.deviceId)
      .where('account', '=', values.account)
      .where('id', '=', values.id)
      .where('is_from_me', '=', 1)
      .where('status', 'in', statusesBelow(status))
      .returning('id'),
  )
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function selectMessages(db: Db, scope: AccountScope) {
  return db
    .selectFrom('messages')
    .select(messageColumns)
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
}

function updateOfChat(tx: Tx, scope: AccountScope, chatId: string) {
  return tx
    .updateTable('messages')
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
    .where('chat_id', '=', chatId)
}

function filtered(db: Db, scope: AccountScope, chatId: string, filter: MessageFilter) {
  let query = db
    .selectFrom('messages')
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
    .where('chat_id', '=', chatId)
  if (filter.startAt !== undefined) query = query.where('sent_at', '>=', filter.startAt.getTime())
  if (filter.endAt !== undefined) query = query.where('sent_at', '<=', filter.endAt.getTime())
  if (filter.isFromMe !== undefined) query = query.where('is_from_me', '=', Number(filter.isFromMe))
  // Written out, since the partial index is used only where its condition stands literally.
  if (filter.mediaOnly === true) query = query.where(sql<boolean>`media_type <> ''`)
  if (filter.search !== undefined && filter.search !== '') {
    query = query.where(sql<boolean>`lower(content) like ${containing(filter.search)} escape '\\'`)
  }
  return query
}
