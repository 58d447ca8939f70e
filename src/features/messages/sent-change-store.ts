import type { DeviceId, MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'

/** Rows of `sent_changes`: protobufs of revokes, edits, reactions and timers that were sent and have no row of their own. */
export class SentChangeStore {
  /** Keeps what is about to leave. */
  async insert(tx: Tx, scope: AccountScope, id: MessageId, raw: Uint8Array, at: Date): Promise<void> {
    await tx
      .insertInto('sent_changes')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        id,
        raw: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
        created_at: at.getTime(),
      })
      .execute()
  }

  /** What was sent under this id, or null. */
  async raw(db: Db, deviceId: DeviceId, id: MessageId): Promise<Uint8Array | null> {
    const row = await db
      .selectFrom('sent_changes')
      .select('raw')
      .where('device_id', '=', deviceId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.raw ?? null
  }

  /** Forgets what was sent before `oldest`. */
  async prune(db: Db, oldest: Date): Promise<void> {
    await db.deleteFrom('sent_changes').where('created_at', '<', oldest.getTime()).execute()
  }
}
