import { asMessageId, type DeviceId, type MessageId } from '../../core/ids.ts'
import type { TraceParent } from '../../core/tracing.ts'
import type { Db, Tx } from '../../db/database.ts'
import { PreparedQuery } from '../../db/prepared-query.ts'
import type { AccountScope } from '../account-scope.ts'
import type { StoredMessage } from './stored-message.ts'

/** What is kept of a message beside what it says: the protobuf as it went over the wire, and the span that sent it. */
export class MessageRawStore {
  /** Keeps the protobuf of an own message, and the span that sends it; resolves to whether there is such a message. */
  async storeRaw(
    tx: Tx,
    scope: AccountScope,
    id: MessageId,
    raw: Uint8Array,
    traceparent: TraceParent | null = null,
  ): Promise<boolean> {
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
    return (await storeRaw.run(tx, { ...scope, id, raw: bytes, traceparent })) > 0
  }

  /** The spans that sent those of the messages whose send was traced. */
  async traces(db: Db, scope: AccountScope, ids: readonly MessageId[]): Promise<Map<MessageId, TraceParent>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .selectFrom('messages')
      .select(['id', 'traceparent'])
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('id', 'in', ids)
      .where('traceparent', 'is not', null)
      .execute()
    // Those without one are left out above.
    return new Map(rows.map(({ id, traceparent }) => [asMessageId(id), traceparent as TraceParent]))
  }

  /** The protobuf of a message; own messages first when several chats have the id. */
  async raw(db: Db, deviceId: DeviceId, id: MessageId): Promise<Uint8Array | null> {
    const row = await db
      .selectFrom('messages')
      .select('raw')
      .where('device_id', '=', deviceId)
      .where('id', '=', id)
      .where('raw', 'is not', null)
      .orderBy('is_from_me', 'desc')
      .executeTakeFirst()
    return row?.raw ?? null
  }

  /** The protobuf of the message of a chat. */
  async rawOf(
    db: Db,
    scope: AccountScope,
    { chatId, id }: Pick<StoredMessage, 'chatId' | 'id'>,
  ): Promise<Uint8Array | null> {
    const row = await db
      .selectFrom('messages')
      .select('raw')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.raw ?? null
  }

  /** Puts another protobuf in the place of a message's own. */
  async replaceRaw(
    tx: Tx,
    scope: AccountScope,
    { chatId, id }: Pick<StoredMessage, 'chatId' | 'id'>,
    raw: Uint8Array,
  ): Promise<void> {
    await tx
      .updateTable('messages')
      .set({ raw: Buffer.from(raw) })
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('id', '=', id)
      .execute()
  }
}

interface SentRaw extends AccountScope {
  readonly id: string
  readonly raw: Buffer
  readonly traceparent: TraceParent | null
}

const storeRaw = new PreparedQuery((db, values: SentRaw) =>
  db
    .updateTable('messages')
    .set({ raw: values.raw, traceparent: values.traceparent })
    .where('device_id', '=', values.deviceId)
    .where('account', '=', values.account)
    .where('id', '=', values.id)
    .where('is_from_me', '=', 1),
)
