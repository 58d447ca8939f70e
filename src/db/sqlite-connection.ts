import type SqliteDatabase from 'better-sqlite3'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { DatabaseGone } from '../core/database-gone.ts'

const statementCacheSize = 500

/** What SQLite says of the file or of the disk below it, and not of a query. */
const diskCodes = /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY)/

/** One better-sqlite3 handle as Kysely talks to it; keeps its prepared statements, the least recently used leave first. */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: SqliteDatabase.Database
  readonly #statements = new Map<string, SqliteDatabase.Statement>()
  #hasBegun = false
  /** Why SQLite ended the transaction by itself, as it does when the disk is full. */
  #ending: unknown = null

  constructor(database: SqliteDatabase.Database) {
    this.#database = database
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#attempt(() => {
      const statement = this.#prepare(query.sql)
      if (statement.reader) {
        return { rows: statement.all(query.parameters) as R[] } // the row type is what the caller's query says
      }
      const { changes, lastInsertRowid } = statement.run(query.parameters)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    })
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for (const row of this.#database.prepare(query.sql).iterate(query.parameters)) {
      yield { rows: [row as R] } // the row type is what the caller's query says
    }
  }

  /** Runs a statement without parameters and result. */
  run(sql: string): void {
    this.#attempt(() => this.#prepare(sql).run())
  }

  begin(): void {
    this.run('begin immediate')
    this.#hasBegun = true
    this.#ending = null
  }

  commit(): void {
    this.run('commit')
    this.#hasBegun = false
  }

  rollback(): void {
    this.#hasBegun = false
    if (this.#database.inTransaction) this.run('rollback')
  }

  /**
   * Does something with the handle. An error of the disk becomes `DatabaseGone`. After one SQLite may have undone the
   * transaction: what else belongs to it is refused for the same reason, since it would be committed alone.
   */
  #attempt<T>(work: () => T): T {
    if (this.#hasBegun && !this.#database.inTransaction) throw this.#ending
    try {
      return work()
    } catch (error) {
      const told = fromDisk(error)
      if (this.#hasBegun && !this.#database.inTransaction) this.#ending = told
      throw told
    }
  }

  #prepare(sql: string): SqliteDatabase.Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) {
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    const oldest = this.#statements.keys().next()
    if (this.#statements.size > statementCacheSize && oldest.done !== true) {
      this.#statements.delete(oldest.value)
    }
    return statement
  }
}

function fromDisk(error: unknown): unknown {
  const isOfDisk = error instanceof Error && 'code' in error && diskCodes.test(String(error.code))
  return isOfDisk ? new DatabaseGone(error) : error
}

/** Kysely's way to a handle that only the writer uses: `begin immediate`, so that no lock is taken half-way. */
export class SqliteWriterDriver implements Driver {
  readonly #connection: SqliteConnection

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    this.#connection.begin()
  }

  async commitTransaction(): Promise<void> {
    this.#connection.commit()
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection.rollback()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

/** Where statements outside a transaction go: reads to `reader`, all else to `write`. */
export interface SqliteRoutes {
  readonly reader: Pick<SqliteConnection, 'executeQuery'> | null
  write<R>(query: CompiledQuery): Promise<QueryResult<R>>
  /** What a read waits for after it was made, so that nothing is told that could still be lost; null when that is nothing. */
  durable(): Promise<void> | null
}

/** The driver behind `db`: reads see the last commit and tell of it when it is on disk, writes queue with everybody else's. */
export class SqliteRoutingDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(routes: SqliteRoutes) {
    const { reader } = routes
    const read = async <R>(query: CompiledQuery, from: Pick<SqliteConnection, 'executeQuery'>) => {
      const result = await from.executeQuery<R>(query)
      const durable = routes.durable()
      if (durable !== null) await durable
      return result
    }
    this.#connection = {
      executeQuery: (query) =>
        reader !== null && SelectQueryNode.is(query.query) ? read(query, reader) : routes.write(query),
      async *streamQuery<R>(query: CompiledQuery) {
        yield reader === null ? await routes.write<R>(query) : await read<R>(query, reader)
      },
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new Error('transactions are opened with inTransaction, which groups their commits')
  }

  async commitTransaction(): Promise<void> {
    await this.beginTransaction()
  }

  async rollbackTransaction(): Promise<void> {
    await this.beginTransaction()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

/** Kysely's lock around a single connection is not needed: reads may run side by side, the writer queues by itself. */
class UnlockedSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** A Kysely dialect for one of the drivers above. */
export function sqliteDialect(driver: Driver): Dialect {
  return {
    createDriver: () => driver,
    createQueryCompiler: (): QueryCompiler => new SqliteQueryCompiler(),
    createAdapter: () => new UnlockedSqliteAdapter(),
    createIntrospector: (db: Kysely<unknown>): DatabaseIntrospector => new SqliteIntrospector(db),
  }
}
