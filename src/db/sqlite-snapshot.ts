import { existsSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'
import { AppError } from '../core/app-error.ts'
import {
  derivedTables,
  migrationsTable,
  rowsAtOnce,
  type Snapshot,
  type SnapshotValue,
} from './snapshot-rows.ts'
import { refuseForeignFile } from './sqlite-file.ts'

/** A snapshot of a SQLite file. Whoever writes goes on meanwhile: in WAL mode readers and the writer do not wait for each other. */
export function sqliteSnapshot(path: string): Snapshot {
  refuseForeignFile(path)
  if (!existsSync(path))
    throw new AppError('database_refused', {
      message: `there is no database at ${path}; check DB_URI and APP_DATA_DIR`,
    })
  // Not readonly: without anybody else the shared-memory file of the log has to be made first. Nothing is written.
  const database = new SqliteDatabase(path, { timeout: 5000 })
  database.pragma('query_only = on')
  database.exec('begin')
  const names = database
    .prepare<[], string>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name",
    )
    .pluck()
    .all()
  const columnsOf = (table: string) =>
    database
      .prepare<[string], string>('select name from pragma_table_info(?) order by cid')
      .pluck()
      .all(table)
  const hasSequences = database.prepare("select 1 from sqlite_master where name = 'sqlite_sequence'").get()
  const sequences =
    hasSequences === undefined
      ? []
      : database.prepare<[], [string, number]>('select name, seq from sqlite_sequence').raw().all()
  return {
    dialect: 'sqlite',
    tables: names
      .filter((name) => name !== migrationsTable && !derivedTables.test(name))
      .map((name) => ({ name, columns: columnsOf(name) })),
    migrations: names.includes(migrationsTable)
      ? database.prepare<[], string>(`select name from ${migrationsTable} order by name`).pluck().all()
      : [],
    sequences: new Map(sequences),
    async *rows(table) {
      let some: SnapshotValue[][] = []
      const statement = database.prepare<[], SnapshotValue[]>(`select * from "${table}"`).raw()
      for (const row of statement.iterate()) {
        some.push(row)
        if (some.length < rowsAtOnce) continue
        yield some
        some = []
      }
      if (some.length > 0) yield some
    },
    async close() {
      database.close()
    },
  }
}
