import SqliteDatabase from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { isDatabaseGone } from '../core/database-gone.ts'
import type { Database, Tx } from './database.ts'
import { SqliteConnection, SqliteWriterDriver, sqliteDialect } from './sqlite-connection.ts'
import { type CommitLog, noLog } from './sqlite-log.ts'
import { SqliteWriter } from './sqlite-writer.ts'

function aWriter(log: CommitLog, onCommit: (writer: SqliteWriter) => void = () => undefined) {
  const database = new SqliteDatabase(':memory:')
  database.exec('create table settings (name text primary key, value text, updated_at integer)')
  class WatchedConnection extends SqliteConnection {
    override run(statement: string): void {
      if (statement === 'commit') onCommit(writer)
      super.run(statement)
    }
  }
  const connection = new WatchedConnection(database)
  const db = new Kysely<Database>({ dialect: sqliteDialect(new SqliteWriterDriver(connection)) })
  const writer = new SqliteWriter(db, connection, log)
  const add = (name: string) =>
    writer.run((tx) => tx.insertInto('settings').values({ name, value: '', updated_at: 1 }).execute())
  return { writer, add, database }
}

test('a work is done when its commit is on disk, and works that come meanwhile share the next one', async () => {
  const syncs: PromiseWithResolvers<void>[] = []
  const nextSync = waiting<PromiseWithResolvers<void>>()
  const { writer, add } = aWriter({
    sync: () => {
      const sync = Promise.withResolvers<void>()
      syncs.push(sync)
      nextSync.tell(sync)
      return sync.promise
    },
    makeRoom: async () => undefined,
    close: async () => undefined,
  })
  const done: string[] = []
  const note = (name: string) => add(name).then(() => done.push(name))
  const works = [note('a')]
  const first = await nextSync.told()
  expect(writer.syncing).not.toBeNull()
  works.push(note('b'), note('c'))
  expect(done).toEqual([])
  first.resolve()
  const second = await nextSync.told()
  expect(done).toEqual(['a'])
  second.resolve()
  await Promise.all(works)
  expect(done).toEqual(['a', 'b', 'c'])
  expect(syncs).toHaveLength(2)
  expect(writer.syncing).toBeNull()
})

test('after a sync that failed nothing is written or read any more', async () => {
  const { writer, add } = aWriter({
    sync: () => Promise.reject(new Error('I/O error')),
    makeRoom: async () => undefined,
    close: async () => undefined,
  })
  await expect(add('a')).rejects.toMatchObject({ code: 'internal_error' })
  await expect(add('b')).rejects.toMatchObject({ code: 'internal_error' })
  await expect(writer.syncing).rejects.toMatchObject({ code: 'internal_error' })
})

/** One value after another, each waited for once. */
function waiting<T>() {
  let next = Promise.withResolvers<T>()
  return {
    tell: (value: T) => next.resolve(value),
    async told(): Promise<T> {
      const value = await next.promise
      next = Promise.withResolvers<T>()
      return value
    },
  }
}

test('readers wait from the commit on, not only from the sync on', async () => {
  const waits: boolean[] = []
  const { add } = aWriter(noLog, ({ syncing }) => waits.push(syncing !== null))
  await add('a')
  expect(waits).toEqual([true])
})

test('a full disk, on which SQLite ends the transaction by itself, is told as that to everybody in it', async () => {
  const { writer, add, database } = aWriter(noLog)
  const tables = database.pragma('page_count', { simple: true })
  database.pragma(`max_page_count = ${Number(tables) + 8}`)
  const value = 'x'.repeat(3_000)
  const fill = (tx: Tx, name: string) => tx.insertInto('settings').values({ name, value, updated_at: 1 })
  const filling = writer.run(async (tx) => {
    for (let row = 0; row < 100; row += 1) {
      // Goes on after the failure: what it writes then belongs to no transaction any more.
      await fill(tx, `row ${row}`)
        .execute()
        .catch(() => tx.insertInto('settings').values({ name: 'stray', value: '', updated_at: 1 }).execute())
    }
  })
  const works = [add('before'), filling, add('after')]
  const [before, full] = await Promise.allSettled(works)
  for (const outcome of [before, full]) {
    const reason: unknown = outcome?.status === 'rejected' ? outcome.reason : null
    expect(isDatabaseGone(reason)).toBe(true)
    expect(String(reason)).toContain('database or disk is full')
  }
  await add('again')
  const names = database.prepare('select name from settings order by name').pluck().all()
  expect(names.filter((name) => name !== 'after')).toEqual(['again'])
})
