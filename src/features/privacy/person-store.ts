import { PostgresAdapter, type RawBuilder, sql } from 'kysely'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { PersonList, PersonRule } from './person-rules.ts'

/** Everything a person is known by. */
export interface Person {
  /** Phone-number JIDs and LIDs. */
  readonly jids: readonly Jid[]
  /** The same without their server parts: digits. */
  readonly users: readonly string[]
}

/** A list that names a person, and the same without them. */
export interface NamingList {
  readonly id: string
  readonly entries: readonly string[]
  readonly others: readonly string[]
}

/** A row as an engine gives it. */
export type Row = Readonly<Record<string, unknown>>

/** Reads and deletes rows that name a person, of whatever table. */
export class PersonStore {
  /** Users (digits) that any device knows to be the same person as one of these. */
  async sameAs(db: Db, users: readonly string[]): Promise<{ phones: string[]; lids: string[] }> {
    const rows = await db
      .selectFrom('identities')
      .select(['lid_user', 'phone_user'])
      .where((where) => where.or([where('lid_user', 'in', users), where('phone_user', 'in', users)]))
      .execute()
    return {
      phones: [...new Set(rows.map((row) => row.phone_user))],
      lids: [...new Set(rows.map((row) => row.lid_user))],
    }
  }

  /** Ids of slots that are or were linked to one of these. */
  async ownSlots(db: Db, { jids }: Person): Promise<DeviceId[]> {
    const rows = await db
      .selectFrom('devices')
      .select('id')
      .where((where) => where.or([where('jid', 'in', jids), where('lid', 'in', jids)]))
      .execute()
    return rows.map(({ id }) => asDeviceId(id))
  }

  /** Rows of a rule's table that name the person, a page at a time; `columns` null for all of them. */
  async rows(
    db: Db,
    rule: PersonRule,
    person: Person,
    page: { readonly limit: number; readonly offset?: number; readonly columns?: readonly string[] },
  ): Promise<Row[]> {
    const shown = page.columns === undefined ? sql`*` : list(page.columns.map((column) => sql.ref(column)))
    const { rows } = await sql<Row>`
      select ${shown} from ${sql.table(rule.table)} where ${names(db, rule, person)}
      order by ${list(rule.key.map((column) => sql.ref(column)))}
      limit ${page.limit} offset ${page.offset ?? 0}
    `.execute(db)
    return rows
  }

  /** Rows whose list names the person, with that list. */
  async lists(db: Db, list: PersonList, { jids }: Person): Promise<NamingList[]> {
    const { rows } = await sql<{ id: string; list: string | null }>`
      select id, ${sql.ref(list.column)} as list from ${sql.table(list.table)}
    `.execute(db)
    return rows.flatMap(({ id, list: text }) => {
      const entries = text === null ? [] : list.read(text)
      const others = entries.filter((entry) => !jids.some((jid) => jid === entry))
      return others.length === entries.length ? [] : [{ id, entries, others }]
    })
  }

  /** Takes the person out of a list. */
  async shorten(tx: Tx, { table, column, write }: PersonList, { id, others }: NamingList): Promise<void> {
    const list = { [column]: write(others) }
    await this.change(tx, { table, key: ['id'] }, { id }, list)
  }

  /** Deletes rows by their keys. */
  async delete(tx: Tx, rule: PersonRule, keys: readonly Row[]): Promise<void> {
    for (const key of keys) {
      await sql`delete from ${sql.table(rule.table)} where ${matches(rule.key, key)}`.execute(tx)
    }
  }

  /** Puts values into a row. */
  async change(tx: Tx, rule: PersonRule, key: Row, values: Row): Promise<void> {
    const settings = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
    await sql`update ${sql.table(rule.table)} set ${list(settings)} where ${matches(rule.key, key)}`.execute(
      tx,
    )
  }

  /** The messages of a chat, whoever wrote them, a page at a time. */
  async messagesOf(
    db: Db,
    chat: Row,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<Row[]> {
    return db
      .selectFrom('messages')
      .selectAll()
      .where('device_id', '=', String(chat['device_id']))
      .where('account', '=', String(chat['account']))
      .where('chat_id', '=', String(chat['id']))
      .orderBy('sent_at')
      .orderBy('id')
      .limit(page.limit)
      .offset(page.offset)
      .execute()
  }

  /** Ids of the messages of a chat, a page of those that are left. */
  async messageIds(db: Db, chat: Row, limit: number): Promise<string[]> {
    const rows = await db
      .selectFrom('messages')
      .select('id')
      .where('device_id', '=', String(chat['device_id']))
      .where('account', '=', String(chat['account']))
      .where('chat_id', '=', String(chat['id']))
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  }

  /** Where the media of messages was put. */
  async mediaRefs(db: Db, scope: Row, messageIds: readonly string[]): Promise<string[]> {
    const rows = await db
      .selectFrom('media_downloads')
      .select('ref')
      .where('device_id', '=', String(scope['device_id']))
      .where('account', '=', String(scope['account']))
      .where('message_id', 'in', messageIds)
      .where('ref', 'is not', null)
      .execute()
    return rows.flatMap(({ ref }) => (ref === null ? [] : [ref]))
  }

  /** Whether a message still has this content, under any extension. */
  async isMediaUsed(db: Db, sha256: string): Promise<boolean> {
    const row = await db
      .selectFrom('media_downloads')
      .select('ref')
      .where('ref', 'like', `${sha256}%`)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  /** Deletes what hangs on a chat without naming anybody. */
  async deleteLabelsOf(tx: Tx, chat: Row): Promise<void> {
    await tx
      .deleteFrom('chat_labels')
      .where('device_id', '=', String(chat['device_id']))
      .where('account', '=', String(chat['account']))
      .where('chat_id', '=', String(chat['id']))
      .execute()
  }

  /**
   * Clears words of deleted messages out of the search index, a step at a time; resolves to whether that was the last. SQLite
   * keeps them in its pages until those are merged (fts5, `merge`); PostgreSQL's vacuum does it by itself.
   */
  async clearWords(tx: Tx, isFirst: boolean): Promise<boolean> {
    if (isPostgres(tx)) return true
    const changes = async () => {
      const { rows } = await sql<{ n: number }>`select total_changes() as n`.execute(tx)
      return rows[0]?.n ?? 0
    }
    const before = await changes()
    const pages = isFirst ? -200 : 200
    await sql`insert into message_text (message_text, rank) values ('merge', ${pages})`.execute(tx)
    return !isFirst && (await changes()) - before < 2
  }

  /** Deletes what became of an event. */
  async deleteDeliveriesOf(tx: Tx, eventIds: readonly string[]): Promise<void> {
    await tx.deleteFrom('deliveries').where('event_id', 'in', eventIds).execute()
    await tx.deleteFrom('delivery_failures').where('event_id', 'in', eventIds).execute()
  }
}

function names(db: Db, rule: PersonRule, { jids, users }: Person): RawBuilder<boolean> {
  const { jids: jidColumns = [], users: userColumns = [], texts = [], bytes = [] } = rule
  const equals = (columns: readonly string[], values: readonly string[]) =>
    columns.map(
      (column) => sql<boolean>`${sql.ref(column)} in (${list(values.map((value) => sql`${value}`))})`,
    )
  const contains = (columns: readonly string[]) =>
    columns.flatMap((column) => users.map((user) => sql<boolean>`${sql.ref(column)} like ${`%${user}%`}`))
  const containsBytes = bytes.flatMap((column) =>
    users.map((user) =>
      isPostgres(db)
        ? sql<boolean>`position(${Buffer.from(user)} in ${sql.ref(column)}) > 0`
        : sql<boolean>`instr(${sql.ref(column)}, ${Buffer.from(user)}) > 0`,
    ),
  )
  const all = [
    ...equals(jidColumns, jids),
    ...equals(userColumns, users),
    ...contains(texts),
    ...containsBytes,
  ]
  return sql<boolean>`(${sql.join(all, sql` or `)})`
}

function matches(key: readonly string[], row: Row): RawBuilder<boolean> {
  return sql<boolean>`${sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )}`
}

function list(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql.join([...parts])
}

function isPostgres(db: Db): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
