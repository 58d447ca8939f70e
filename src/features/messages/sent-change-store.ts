import { asMessageId, type DeviceId, type MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { ChangeEffect } from '../kept-changes.ts'

/** A change that was sent and of which nobody knows yet whether WhatsApp has it. */
export interface OpenChange {
  readonly id: MessageId
  readonly effect: ChangeEffect
  readonly sentAt: Date
}

/** Rows of `sent_changes`: what was sent without being a message of its own. `effect` is null once it is settled. */
export class SentChangeStore {
  /** Keeps a change before it leaves. What is done to a channel's post goes under the post's id: the last one stays. */
  async insert(
    tx: Tx,
    deviceId: DeviceId,
    change: { readonly id: MessageId; readonly raw: Uint8Array; readonly effect: ChangeEffect },
    at: Date,
  ): Promise<void> {
    const { id, raw, effect } = change
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
    const row = { raw: bytes, effect: JSON.stringify(effect), at: at.getTime() }
    await tx
      .insertInto('sent_changes')
      .values({ device_id: deviceId, id, ...row })
      .onConflict((conflict) => conflict.columns(['device_id', 'id']).doUpdateSet(row))
      .execute()
  }

  /** Those of these changes that were not settled yet, in the order they were sent; from now on they are. */
  async settle(tx: Tx, deviceId: DeviceId, ids: readonly MessageId[]): Promise<OpenChange[]> {
    if (ids.length === 0) return []
    const rows = await tx
      .selectFrom('sent_changes')
      .select(['id', 'effect', 'at'])
      .where('device_id', '=', deviceId)
      .where('id', 'in', ids)
      .where('effect', 'is not', null)
      .orderBy('at')
      .execute()
    if (rows.length === 0) return []
    await tx
      .updateTable('sent_changes')
      .set({ effect: null })
      .where('device_id', '=', deviceId)
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute()
    return rows.flatMap(({ id, effect, at }) =>
      // Written by `insert` above.
      effect === null
        ? []
        : [{ id: asMessageId(id), effect: JSON.parse(effect) as ChangeEffect, sentAt: new Date(at) }],
    )
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
