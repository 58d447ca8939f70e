import { sql } from 'kysely'
import { asDeviceId, asMessageId, type MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'
import { type MediaRef, parseMediaRef } from '../media/media-store.ts'
import type { MediaState } from '../messages/stored-message.ts'
import { fromStoredJid } from '../stored-jid.ts'
import type { WantedDownload } from './download.ts'

/** States as people know them, by those of rows. */
const stateNames: Readonly<Record<string, MediaState>> = {
  wanted: 'waiting',
  done: 'stored',
  failed: 'failed',
  removed: 'removed',
}
/** SQLite takes a bounded number of values in one statement. */
const hashesAtOnce = 500

/** Rows of `media_downloads`. */
export class DownloadStore {
  /** Notes that media is to be fetched; changes nothing when it is known already. */
  async insertWanted(
    tx: Tx,
    { scope, messageId, lane, eventKey }: Omit<WantedDownload, 'attempts' | 'createdAt'>,
    now: Date,
  ): Promise<void> {
    await tx
      .insertInto('media_downloads')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        message_id: messageId,
        lane,
        event_key: eventKey,
        state: 'wanted',
        attempts: 0,
        next_attempt_at: now.getTime(),
        failure: null,
        ref: null,
        created_at: now.getTime(),
        updated_at: now.getTime(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  /** What is to be fetched now, the longest due first. */
  async due(db: Db, now: Date, limit: number): Promise<WantedDownload[]> {
    const rows = await db
      .selectFrom('media_downloads')
      .selectAll()
      // Written out, since the partial index is used only where its condition stands literally.
      .where(sql<boolean>`state = 'wanted'`)
      .where('next_attempt_at', '<=', now.getTime())
      .orderBy('next_attempt_at')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      scope: { deviceId: asDeviceId(row.device_id), account: fromStoredJid(row.account) },
      messageId: asMessageId(row.message_id),
      lane: row.lane,
      eventKey: row.event_key,
      attempts: row.attempts,
      createdAt: new Date(row.created_at),
    }))
  }

  /** When the next one is due; null when nothing is wanted. */
  async nextDueAt(db: Db): Promise<Date | null> {
    const row = await db
      .selectFrom('media_downloads')
      .select('next_attempt_at')
      .where(sql<boolean>`state = 'wanted'`)
      .orderBy('next_attempt_at')
      .limit(1)
      .executeTakeFirst()
    return row === undefined ? null : new Date(row.next_attempt_at)
  }

  /** Plans another try. */
  async postpone(
    tx: Tx,
    wanted: WantedDownload,
    plan: { readonly attempts: number; readonly at: Date; readonly failure: string },
    now: Date,
  ): Promise<void> {
    await updateOf(tx, wanted.scope, wanted.messageId)
      .set({
        attempts: plan.attempts,
        next_attempt_at: plan.at.getTime(),
        failure: plan.failure,
        updated_at: now.getTime(),
      })
      .execute()
  }

  /** It is given up. */
  async fail(tx: Tx, { scope, messageId }: WantedDownload, failure: string, now: Date): Promise<void> {
    await updateOf(tx, scope, messageId)
      .set({ state: 'failed', failure, updated_at: now.getTime() })
      .execute()
  }

  /** The media of a message is in the media store, wanted or not. */
  async keep(tx: Tx, scope: AccountScope, messageId: MessageId, ref: MediaRef, now: Date): Promise<void> {
    await tx
      .insertInto('media_downloads')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        message_id: messageId,
        lane: '',
        event_key: '',
        state: 'done',
        attempts: 0,
        next_attempt_at: now.getTime(),
        failure: null,
        ref,
        created_at: now.getTime(),
        updated_at: now.getTime(),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['device_id', 'account', 'message_id'])
          .doUpdateSet({ state: 'done', failure: null, ref, updated_at: now.getTime() }),
      )
      .execute()
  }

  /** Where the media of a message was put; null when it was not fetched yet. */
  async refOf(db: Db, scope: AccountScope, messageId: MessageId): Promise<MediaRef | null> {
    const row = await db
      .selectFrom('media_downloads')
      .select('ref')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('message_id', '=', messageId)
      .executeTakeFirst()
    return row?.ref ? parseMediaRef(row.ref) : null
  }

  /** Content with these hashes is in the media store no more; what was put again after `at` is. */
  async markRemoved(tx: Tx, hashes: readonly string[], at: Date): Promise<void> {
    for (let from = 0; from < hashes.length; from += hashesAtOnce) {
      await tx
        .updateTable('media_downloads')
        .set({ state: 'removed' })
        .where(sql<string>`substr(ref, 1, 64)`, 'in', hashes.slice(from, from + hashesAtOnce))
        .where('updated_at', '<=', at.getTime())
        .where('state', '=', 'done')
        .execute()
    }
  }

  /** How it stands with the media of these messages; those that nobody ever fetched are not among them. */
  async statesOf(
    db: Db,
    scope: AccountScope,
    ids: readonly MessageId[],
  ): Promise<ReadonlyMap<MessageId, MediaState>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .selectFrom('media_downloads')
      .select(['message_id', 'state'])
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('message_id', 'in', ids)
      .execute()
    return new Map(rows.map((row) => [asMessageId(row.message_id), stateNames[row.state] ?? 'failed']))
  }

  /** Deletes what was settled before `olderThan`; resolves to how many rows went. */
  async prune(tx: Tx, olderThan: Date): Promise<number> {
    const { numDeletedRows } = await tx
      .deleteFrom('media_downloads')
      .where('updated_at', '<', olderThan.getTime())
      .where('state', '<>', 'wanted')
      .executeTakeFirst()
    return Number(numDeletedRows)
  }
}

function updateOf(tx: Tx, scope: AccountScope, messageId: MessageId) {
  return tx
    .updateTable('media_downloads')
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
    .where('message_id', '=', messageId)
}
