import { PostgresAdapter, sql } from 'kysely'
import type { EventEnvelope, EventKind } from '../../core/event-envelope.ts'
import { asDeviceId, asEventId } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
import { deletedToSetting } from '../../outbox/retention-store.ts'

/** An event with its place among those of all devices. */
export interface LoggedEvent extends EventEnvelope {
  readonly position: number
}

/** Which events: everything given has to hold. `kinds` by name. */
export interface LoggedEventFilter {
  readonly deviceId?: string
  /** Only of these devices, whatever `deviceId` says. */
  readonly amongDevices?: readonly string[]
  readonly kinds?: readonly string[]
  /** None of these, whatever `kinds` says. */
  readonly withoutKinds?: readonly EventKind[]
}

/** Where the log stands: the last place taken, and which transactions may still fill gaps below it (PostgreSQL only). */
export interface LogEnd {
  readonly position: number
  readonly writers: readonly string[]
}

/** Reads the event log by place. */
export class EventLogStore {
  /** The next events behind `after`, up to and with `upTo`, in their order. */
  async page(
    db: Db,
    filter: LoggedEventFilter,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Promise<LoggedEvent[]> {
    const { deviceId, amongDevices, kinds, withoutKinds } = filter
    let query = db
      .selectFrom('events')
      .selectAll()
      .where('position', '>', range.after)
      .where('position', '<=', range.upTo)
      .orderBy('position')
      .limit(range.limit)
    // Not the bare column: SQLite would take the index that begins with it, and read and sort every event of the device.
    const device = sql<string>`device_id || ''`
    if (deviceId !== undefined) query = query.where(device, '=', deviceId)
    if (amongDevices !== undefined) query = query.where(device, 'in', [...amongDevices])
    if (kinds !== undefined && kinds.length > 0) query = query.where('kind', 'in', [...kinds])
    if (withoutKinds !== undefined) query = query.where('kind', 'not in', [...withoutKinds])
    return (await query.execute()).map((row) => ({
      position: row.position,
      id: asEventId(row.id),
      deviceId: asDeviceId(row.device_id),
      seq: row.seq,
      kind: row.kind as EventKind, // written by SqlOutbox from the same union
      lane: row.lane,
      body: JSON.parse(row.body) as EventEnvelope['body'], // written by SqlOutbox from such an object
      createdAt: new Date(row.created_at),
    }))
  }

  /** The place of an event, or null when it is not (or no longer) there. */
  async positionOf(db: Db, eventId: string): Promise<number | null> {
    const row = await db.selectFrom('events').select('position').where('id', '=', eventId).executeTakeFirst()
    return row?.position ?? null
  }

  /** The last place up to which events were deleted for their age; 0 when none were. */
  async deletedTo(db: Db): Promise<number> {
    const row = await db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', deletedToSetting)
      .executeTakeFirst()
    return Number(row?.value ?? 0)
  }

  /**
   * Where the log ends now. On PostgreSQL places are taken before the commit, so that a transaction that took an early one may
   * commit late. Whoever takes a place has locked the table before, in the mode of those that write rows, and keeps the lock
   * until the commit can be seen. The lock's holders are read behind the snapshot that has the position: a transaction with
   * an earlier place is either among them, or over and seen by every later query.
   */
  async end(db: Db): Promise<LogEnd> {
    if (!isPostgres(db)) {
      const row = await db
        .selectFrom('events')
        .select((select) => select.fn.max('position').as('position'))
        .executeTakeFirst()
      return { position: Number(row?.position ?? 0), writers: [] }
    }
    const { rows } = await sql<{ position: string | null; writers: string[] }>`
      select
        (select max(position) from events) as position,
        array(select virtualtransaction from pg_locks where ${writesEvents}) as writers
    `.execute(db)
    return { position: Number(rows[0]?.position ?? 0), writers: rows[0]?.writers ?? [] }
  }

  /**
   * Those that may still add something below `end`: of the ones that wrote then, all that are not over. One that is prepared
   * goes by another name from then on, so any prepared one counts.
   */
  async stillWriting(db: Db, { writers }: LogEnd): Promise<readonly string[]> {
    if (writers.length === 0) return []
    const { rows } = await sql<{ name: string }>`
      select virtualtransaction as name from pg_locks
      where ${writesEvents} and (virtualtransaction = any(${[...writers]}) or pid is null)
    `.execute(db)
    return rows.map(({ name }) => name)
  }
}

/** The locks of transactions that insert, change or delete events. `pg_locks` shows those of all roles. */
const writesEvents = sql`
  locktype = 'relation' and mode = 'RowExclusiveLock' and granted
  and relation = 'events'::regclass
  and database = (select oid from pg_database where datname = current_database())
`

function isPostgres(db: Db): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
