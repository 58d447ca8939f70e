import { asMessageId, type MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import { PreparedQuery } from '../../db/prepared-query.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { ReceiptType } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'

/** Who received or saw a message, and when. `recipient` is as addressed on the wire. */
export interface StoredReceipt {
  readonly recipient: Jid
  readonly receiptType: ReceiptType
  readonly at: Date
}

/** Rows of `message_receipts`: what people's phones told of messages, once per person and kind. */
export class ReceiptStore {
  /** Keeps a receipt for each of the ids; resolves to those for which it is the first of its kind. */
  async insert(
    tx: Tx,
    scope: AccountScope,
    messageIds: readonly MessageId[],
    receipt: StoredReceipt,
  ): Promise<MessageId[]> {
    const ids = [...new Set(messageIds)]
    if (ids.length === 0) return []
    const rows = await tx
      .insertInto('message_receipts')
      .values(
        ids.map((id) => ({
          device_id: scope.deviceId,
          account: scope.account,
          message_id: id,
          recipient: receipt.recipient,
          receipt_type: receipt.receiptType,
          at: receipt.at.getTime(),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['device_id', 'account', 'message_id', 'recipient', 'receipt_type']).doNothing(),
      )
      .returning('message_id')
      .execute()
    const isNew = new Set(rows.map((row) => row.message_id))
    return ids.filter((id) => isNew.has(asMessageId(id)))
  }

  /** All receipts of a message, oldest first. */
  async list(db: Db, scope: AccountScope, id: MessageId): Promise<StoredReceipt[]> {
    const rows = await selectReceipts.all(db, { deviceId: scope.deviceId, account: scope.account, id })
    return rows.map((row) => ({
      recipient: fromStoredJid(row.recipient),
      receiptType: row.receipt_type as ReceiptType, // `insert` writes nothing else
      at: new Date(row.at),
    }))
  }
}

/** Asked for with every message that waited while we were away. */
const selectReceipts = new PreparedQuery((db, values: AccountScope & { readonly id: MessageId }) =>
  db
    .selectFrom('message_receipts')
    .selectAll()
    .where('device_id', '=', values.deviceId)
    .where('account', '=', values.account)
    .where('message_id', '=', values.id)
    .orderBy('at')
    .orderBy('recipient'),
)
