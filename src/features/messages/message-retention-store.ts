import { asDeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'

/** A chat that may have old messages. */
export interface RetainedChat {
  readonly scope: AccountScope
  readonly chatId: string
}

/** Finds and deletes old messages with all rows that name them. */
export class MessageRetentionStore {
  /** Chats of all devices that have messages, in the order of their keys, behind `after`. */
  async chats(db: Db, after: RetainedChat | null, limit: number): Promise<RetainedChat[]> {
    let query = db
      .selectFrom('chats')
      .select(['device_id', 'account', 'id'])
      .where('message_count', '>', 0)
      .orderBy('device_id')
      .orderBy('account')
      .orderBy('id')
      .limit(limit)
    if (after !== null) {
      const { scope, chatId } = after
      query = query.where((where) =>
        where(
          where.refTuple('device_id', 'account', 'id'),
          '>',
          where.tuple(scope.deviceId, scope.account, chatId),
        ),
      )
    }
    const rows = await query.execute()
    return rows.map((row) => ({
      scope: { deviceId: asDeviceId(row.device_id), account: fromStoredJid(row.account) },
      chatId: row.id,
    }))
  }

  /** Ids of the oldest messages of a chat that were sent before `before`. */
  async oldIds(db: Db, { scope, chatId }: RetainedChat, before: Date, limit: number): Promise<string[]> {
    const rows = await db
      .selectFrom('messages')
      .select('id')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('sent_at', '<', before.getTime())
      .orderBy('sent_at')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  }

  /** Deletes messages of a chat with all that names them, and corrects the chat's count; resolves to how many there were. */
  async delete(tx: Tx, { scope, chatId }: RetainedChat, ids: readonly string[]): Promise<number> {
    for (const table of ['message_receipts', 'media_downloads'] as const) {
      await tx
        .deleteFrom(table)
        .where('device_id', '=', scope.deviceId)
        .where('account', '=', scope.account)
        .where('message_id', 'in', ids)
        .execute()
    }
    await tx
      .deleteFrom('reactions')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('message_id', 'in', ids)
      .execute()
    await tx
      .deleteFrom('poll_votes')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('poll_id', 'in', ids)
      .execute()
    const { numDeletedRows } = await tx
      .deleteFrom('messages')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('id', 'in', ids)
      .executeTakeFirstOrThrow()
    const deleted = Number(numDeletedRows)
    await tx
      .updateTable('chats')
      .set((set) => ({ message_count: set('message_count', '-', deleted) }))
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', '=', chatId)
      .execute()
    return deleted
  }
}
