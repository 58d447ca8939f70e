import { toIntegerColumn, toTextColumn } from '../../db/column-values.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { LabelEdit } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'

/** A label as kept; a deleted one stays, so that its number is not given to another. */
export interface StoredLabel {
  readonly id: string
  readonly name: string
  readonly color: number
  readonly isDeleted: boolean
}

/** Labels' numbers are texts: 10 comes after 9. */
const numbered = new Intl.Collator('und', { numeric: true })

/** A label that was not deleted, with the JIDs of the chats that carry it, in the order it was put on them. */
export interface LabelWithChats extends StoredLabel {
  readonly chats: readonly Jid[]
}

/** Rows of `labels` and `chat_labels`. */
export class LabelStore {
  async find(db: Db, scope: AccountScope, id: string): Promise<StoredLabel | null> {
    const row = await this.#row(db, scope, id)
    return row === undefined
      ? null
      : { id: row.id, name: row.name, color: row.color, isDeleted: row.is_deleted === 1 }
  }

  /**
   * Keeps what an edit makes of a label; resolves to whether that changed anything. An edit takes the place of the one before,
   * except that a name and colour it does not tell stay.
   */
  async applyEdit(tx: Tx, scope: AccountScope, id: string, edit: LabelEdit, at: Date): Promise<boolean> {
    const known = await this.#row(tx, scope, id)
    const { name, color, isDeleted = false, ...further } = edit
    const values = {
      name: toTextColumn(name ?? known?.name ?? ''),
      color: toIntegerColumn(color ?? known?.color ?? 0),
      is_deleted: Number(isDeleted),
      further: Object.keys(further).length === 0 ? null : toTextColumn(JSON.stringify(further)),
    }
    const isSame =
      known?.name === values.name &&
      known.color === values.color &&
      known.is_deleted === values.is_deleted &&
      known.further === values.further
    if (isSame) return false
    const row = { ...values, updated_at: at.getTime() }
    await tx
      .insertInto('labels')
      .values({ device_id: scope.deviceId, account: scope.account, id: toTextColumn(id), ...row })
      .onConflict((conflict) => conflict.columns(['device_id', 'account', 'id']).doUpdateSet(row))
      .execute()
    return true
  }

  /** Puts a label on a chat or takes it off; resolves to whether that changed anything. */
  async setOn(
    tx: Tx,
    scope: AccountScope,
    chatId: string,
    labelId: string,
    isLabeled: boolean,
    at: Date,
  ): Promise<boolean> {
    const key = {
      device_id: scope.deviceId,
      account: scope.account,
      chat_id: chatId,
      label_id: toTextColumn(labelId),
    }
    if (isLabeled) {
      const result = await tx
        .insertInto('chat_labels')
        .values({ ...key, at: at.getTime() })
        .onConflict((conflict) =>
          conflict.columns(['device_id', 'account', 'chat_id', 'label_id']).doNothing(),
        )
        .executeTakeFirst()
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
    }
    const result = await tx
      .deleteFrom('chat_labels')
      .where('device_id', '=', key.device_id)
      .where('account', '=', key.account)
      .where('chat_id', '=', key.chat_id)
      .where('label_id', '=', key.label_id)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  /** The labels that were not deleted, in the order of their numbers. */
  async list(db: Db, scope: AccountScope): Promise<LabelWithChats[]> {
    const labels = await db
      .selectFrom('labels')
      .select(['id', 'name', 'color'])
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('is_deleted', '=', 0)
      .execute()
    const places = await db
      .selectFrom('chat_labels')
      .innerJoin('chats', (join) =>
        join
          .onRef('chats.device_id', '=', 'chat_labels.device_id')
          .onRef('chats.account', '=', 'chat_labels.account')
          .onRef('chats.id', '=', 'chat_labels.chat_id'),
      )
      .select(['chat_labels.label_id', 'chats.jid'])
      .where('chat_labels.device_id', '=', scope.deviceId)
      .where('chat_labels.account', '=', scope.account)
      .orderBy('chat_labels.at')
      .orderBy('chats.jid')
      .execute()
    const chats = Map.groupBy(places, (place) => place.label_id)
    return labels
      .map((label) => ({
        ...label,
        isDeleted: false,
        chats: (chats.get(label.id) ?? []).map(({ jid }) => fromStoredJid(jid)),
      }))
      .toSorted((a, b) => numbered.compare(a.id, b.id))
  }

  /** The labels on these chats, by the chat's internal id, in the order they were put on. */
  async ofChats(
    db: Db,
    scope: AccountScope,
    chatIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly StoredLabel[]>> {
    if (chatIds.length === 0) return new Map()
    const rows = await db
      .selectFrom('chat_labels')
      .innerJoin('labels', (join) =>
        join
          .onRef('labels.device_id', '=', 'chat_labels.device_id')
          .onRef('labels.account', '=', 'chat_labels.account')
          .onRef('labels.id', '=', 'chat_labels.label_id'),
      )
      .select(['chat_labels.chat_id', 'labels.id', 'labels.name', 'labels.color'])
      .where('chat_labels.device_id', '=', scope.deviceId)
      .where('chat_labels.account', '=', scope.account)
      .where('chat_labels.chat_id', 'in', chatIds)
      .where('labels.is_deleted', '=', 0)
      .orderBy('chat_labels.at')
      .orderBy('labels.id')
      .execute()
    const labels = new Map<string, StoredLabel[]>()
    for (const { chat_id, ...label } of rows)
      labels.set(chat_id, [...(labels.get(chat_id) ?? []), { ...label, isDeleted: false }])
    return labels
  }

  #row(db: Db, scope: AccountScope, id: string) {
    return db
      .selectFrom('labels')
      .selectAll()
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', '=', id)
      .executeTakeFirst()
  }
}
