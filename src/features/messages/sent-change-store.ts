import type { DeviceId, MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'

/** Rows of `sent_changes`: what was sent without being a message of its own, for people who could not decrypt it. */
export class SentChangeStore {
  /** Keeps the protobuf of a change before it leaves. */
  async insert(tx: Tx, deviceId: DeviceId, id: MessageId, raw: Uint8Array, at: Date): Promise<void> {
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
    await tx
      .insertInto('sent_changes')
      .values({ device_id: deviceId, id, raw: bytes, at: at.getTime() })
      .onConflict((conflict) => conflict.columns(['device_id', 'id']).doNothing())
      .execute()
  }

  /** The protobuf of a change; null when it is not known (any more). */
  async raw(db: Db, deviceId: DeviceId, id: MessageId): Promise<Uint8Array | null> {
    const row = await db
      .selectFrom('sent_changes')
      .select('raw')
      .where('device_id', '=', deviceId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.raw ?? null
  }

  /** Forgets what was sent before `olderThan`: nobody asks for it again. */
  async prune(tx: Tx, olderThan: Date): Promise<void> {
    await tx.deleteFrom('sent_changes').where('at', '<', olderThan.getTime()).execute()
  }
}
