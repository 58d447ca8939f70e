import { sql } from 'kysely'
import { asDeviceId, asMessageId, type MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'
import { type MediaRef, parseMediaRef } from '../media/media-store.ts'
import type { MediaState } from '../messages/stored-message.ts'
import { fromStoredJid } from '../stored-jid.ts'
import type { WantedDownload } from './download.ts'

/** Which file of which message. */
export type FilePlace = Pick<WantedDownload, 'scope' | 'messageId' | 'position'>

/** States as people know them, by those of rows. */
const stateNames: Readonly<Record<string, MediaState>> = {
  wanted: 'waiting',
  done: 'stored',
  failed: 'failed',
  removed: 'removed',
}
/** SQLite takes a bounded number of values in one statement. */
const hashesAtOnce = 500

/** Rows of `media_downloads`: one for each file of a message. */
export class DownloadStore {
  /** Notes that a file is to be fetched; changes nothing when it is known already. */
  async insertWanted(
    tx: Tx,
    { scope, messageId, position, lane, eventKey }: Omit<WantedDownload, 'attempts' | 'createdAt'>,
    now: Date,
  ): Promise<void> {
    await tx
      .insertInto('media_downloads')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        message_id: messageId,
        position,
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
      position: row.position,
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
    await updateOf(tx, wanted)
      .set({
        attempts: plan.attempts,
        next_attempt_at: plan.at.getTime(),
        failure: plan.failure,
        updated_at: now.getTime(),
      })
      .execute()
  }

  /** It is given up. */
  async fail(tx: Tx, wanted: WantedDownload, failure: string, now: Date): Promise<void> {
    await updateOf(tx, wanted).set({ state: 'failed', failure, updated_at: now.getTime() }).execute()
  }

  /** It was kept, and its message's event told of it. */
  async finish(tx: Tx, wanted: WantedDownload, now: Date): Promise<void> {
    await updateOf(tx, wanted).set({ state: 'done', failure: null, updated_at: now.getTime() }).execute()
  }

  /** Whether a file of the message is still to be fetched. */
  async isWaiting(tx: Tx, { scope, messageId }: WantedDownload): Promise<boolean> {
    const row = await tx
      .selectFrom('media_downloads')
      .select('position')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('message_id', '=', messageId)
      .where('state', '=', 'wanted')
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  /**
   * A file of a message is in the media store, wanted or not. One that is wanted stays so and is due, since its message's
   * event does not tell of it yet.
   */
  async keep(tx: Tx, { scope, messageId, position }: FilePlace, ref: MediaRef, now: Date): Promise<void> {
    await tx
      .insertInto('media_downloads')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        message_id: messageId,
        position,
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
        conflict.columns(['device_id', 'account', 'message_id', 'position']).doUpdateSet((row) => ({
          state: row.case().when('media_downloads.state', '=', 'wanted').then('wanted').else('done').end(),
          next_attempt_at: now.getTime(),
          failure: null,
          ref,
          updated_at: now.getTime(),
        })),
      )
      .execute()
  }

  /** Where the files of a message were put, by their positions; those that were not fetched yet are not among them. */
  async refsOf(
    db: Db,
    { scope, messageId }: Omit<FilePlace, 'position'>,
  ): Promise<ReadonlyMap<number, MediaRef>> {
    const rows = await db
      .selectFrom('media_downloads')
      .select(['position', 'ref'])
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('message_id', '=', messageId)
      .execute()
    return new Map(
      rows.flatMap(({ position, ref }) => {
        const parsed = ref === null ? null : parseMediaRef(ref)
        return parsed === null ? [] : [[position, parsed]]
      }),
    )
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

  /** How it stands with the media of these messages, of several files the first; those that nobody ever fetched are not among them. */
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
      .where('position', '=', 0)
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

function updateOf(tx: Tx, { scope, messageId, position }: FilePlace) {
  return tx
    .updateTable('media_downloads')
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
    .where('message_id', '=', messageId)
    .where('position', '=', position)
}
