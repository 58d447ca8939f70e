import SqliteDatabase from 'better-sqlite3'
import pg from 'pg'
import type { Dialect } from '../src/db/migration.ts'

/** Reads a gateway's database from outside, beside the gateway; for checks that no route shows. */
export interface DatabaseView {
  /** Rows of a query that both engines understand. */
  rows(query: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** Opens a view of the database that `DB_URI` names. */
export async function openDatabaseView(dialect: Dialect, uri: string): Promise<DatabaseView> {
  if (dialect === 'sqlite') {
    const database = new SqliteDatabase(uri.replace(/^file:/, ''), { readonly: true })
    return {
      rows: async (query) => database.prepare<[], Record<string, unknown>>(query).all(),
      close: async () => {
        database.close()
      },
    }
  }
  const client = new pg.Client({ connectionString: uri })
  await client.connect()
  return {
    rows: async (query) => (await client.query<Record<string, unknown>>(query)).rows,
    close: () => client.end(),
  }
}

/** Changes a gateway's database from outside, as somebody who tampers with it would. */
export async function changeDatabase(dialect: Dialect, uri: string, statement: string): Promise<void> {
  if (dialect === 'sqlite') {
    const database = new SqliteDatabase(uri.replace(/^file:/, ''))
    try {
      database.exec(statement)
    } finally {
      database.close()
    }
    return
  }
  const client = new pg.Client({ connectionString: uri })
  await client.connect()
  await client.query(statement)
  await client.end()
}
