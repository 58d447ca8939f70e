import SqliteDatabase from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from './database.ts'
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
  return { writer, add }
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
