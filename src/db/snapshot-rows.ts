import type { Dialect } from './migration.ts'

/** One value of a row, in either engine. */
export type SnapshotValue = string | number | null | Buffer

/** Everything in a database as it was at one moment, read beside whoever writes to it. */
export interface Snapshot {
  readonly dialect: Dialect
  /** Our tables, without the list of the schema's steps. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** The schema's steps that had been taken, oldest first. */
  readonly migrations: readonly string[]
  /** The numbers given out last, by table, of tables that number their rows. */
  readonly sequences: ReadonlyMap<string, number>
  /** A table's rows, some at a time; values in the order of its columns. */
  rows(table: string): AsyncIterable<readonly (readonly SnapshotValue[])[]>
  close(): Promise<void>
}

/** Table that `migrate` keeps its list in. */
export const migrationsTable = 'schema_migrations'
/** SQLite's tables of the search index: triggers make them anew of the messages that are written. */
export const derivedTables = /^message_(words|text(_.*)?)$/
export const rowsAtOnce = 200
