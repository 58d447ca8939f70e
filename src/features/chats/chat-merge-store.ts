import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'

/**
 * Moves everything that hangs on one chat to another, for chats that turn out to be one. The only place outside
 * messages/ that writes messages: here the chat is the subject.
 */
export class ChatMergeStore {
  /** Moves messages and reactions of `from` to `to` and deletes `from`. Resolves to how many messages `to` gained. */
  async absorb(tx: Tx, scope: AccountScope, from: string, to: string): Promise<number> {
    await this.#dropDuplicates(tx, scope, from, to)
    const moved = await tx
      .updateTable('messages')
      .set({ chat_id: to })
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', from)
      .executeTakeFirstOrThrow()
    await this.#moveReactions(tx, scope, from, to)
    await this.#moveLabels(tx, scope, from, to)
    await tx
      .deleteFrom('chats')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', '=', from)
      .execute()
    return Number(moved.numUpdatedRows)
  }

  /** The same message in both: the one with content stays, else the one that is there already. */
  async #dropDuplicates(tx: Tx, scope: AccountScope, from: string, to: string): Promise<void> {
    const twice = await tx
      .selectFrom('messages as old')
      .innerJoin('messages as kept', (join) =>
        join
          .onRef('kept.device_id', '=', 'old.device_id')
          .onRef('kept.account', '=', 'old.account')
          .onRef('kept.id', '=', 'old.id')
          .on('kept.chat_id', '=', to),
      )
      .select(['old.id', 'old.raw as old_raw', 'kept.raw as kept_raw'])
      .where('old.device_id', '=', scope.deviceId)
      .where('old.account', '=', scope.account)
      .where('old.chat_id', '=', from)
      .execute()
    let dropped = 0
    for (const row of twice) {
      const isBetter = row.kept_raw === null && row.old_raw !== null
      if (isBetter) dropped += 1
      await tx
        .deleteFrom('messages')
        .where('device_id', '=', scope.deviceId)
        .where('account', '=', scope.account)
        .where('chat_id', '=', isBetter ? to : from)
        .where('id', '=', row.id)
        .execute()
    }
    if (dropped === 0) return
    await tx
      .updateTable('chats')
      .set((set) => ({ message_count: set('message_count', '-', dropped) }))
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', '=', to)
      .execute()
  }

  async #moveLabels(tx: Tx, scope: AccountScope, from: string, to: string): Promise<void> {
    await sql`
      delete from chat_labels where device_id = ${scope.deviceId} and account = ${scope.account} and chat_id = ${from}
      and exists (
        select 1 from chat_labels kept where kept.device_id = chat_labels.device_id
        and kept.account = chat_labels.account and kept.chat_id = ${to} and kept.label_id = chat_labels.label_id
      )`.execute(tx)
    await tx
      .updateTable('chat_labels')
      .set({ chat_id: to })
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', from)
      .execute()
  }

  async #moveReactions(tx: Tx, scope: AccountScope, from: string, to: string): Promise<void> {
    await sql`
      delete from reactions where device_id = ${scope.deviceId} and account = ${scope.account} and chat_id = ${from}
      and exists (
        select 1 from reactions kept where kept.device_id = reactions.device_id and kept.account = reactions.account
        and kept.chat_id = ${to} and kept.message_id = reactions.message_id and kept.sender = reactions.sender
      )`.execute(tx)
    await tx
      .updateTable('reactions')
      .set({ chat_id: to })
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', from)
      .execute()
  }
}
