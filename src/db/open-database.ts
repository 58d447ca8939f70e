import { dirname, resolve } from 'node:path'
import type { Logger } from '../core/logger.ts'
import type { Db } from './database.ts'
import type { KeyRing } from './encryption/key-ring.ts'
import type { RowCipher } from './encryption/row-cipher.ts'
import type { Dialect, SchemaMigration } from './migration.ts'
import { migrations } from './migrations.ts'
import { ensurePrivateDirectory, inMemory, sqliteFilePath } from './sqlite-path.ts'
import type { InTransaction } from './transaction.ts'

export interface OpenDatabaseOptions {
  /** `postgres://…`, `postgresql://…`, `file:…`, a path, `:memory:`, or '' for `gatewa.db` in the data directory. */
  readonly uri: string
  /** Made when missing, private to the user; relative SQLite paths start here. */
  readonly dataDir: string
  /** The program's version, kept with every schema step. */
  readonly version: string
  /** The schema's steps; the program's own when absent. */
  readonly migrations?: readonly SchemaMigration[]
  /** What secrets are encrypted with; null or absent for a database that is not encrypted. */
  readonly keys?: KeyRing | null
  /** Stores secrets as they are from now on; `keys` are those that they are under. */
  readonly endsEncryption?: boolean
}

/** A database in use. Whoever opened it closes it, after everybody else has stopped. */
export interface OpenDatabase {
  /** Reads see the last commit. Inside `inTransaction` use the transaction's handle, never this one: on SQLite it would wait for itself. */
  readonly db: Db
  /** For reads that may look at very many rows (a search): on a SQLite file nobody else waits for them. */
  readonly scanDb: Db
  readonly dialect: Dialect
  /** How stored secrets are written and read: every store of a column of `encryptedColumns` goes through it. */
  readonly cipher: RowCipher
  readonly inTransaction: InTransaction
  /** Resolves when the database answers. */
  readonly ping: () => Promise<void>
  /** Ends waiting works first; later ones reject with `shutting_down`. Idempotent. */
  readonly close: () => Promise<void>
}

/**
 * Opens the database that `uri` names and brings its schema up to date, and its secrets under the present key. Rejects with
 * `database_refused` when it is held by another process, belongs to another program, was written by a newer version, is under
 * another key, or cannot be reached.
 */
export async function openDatabase(options: OpenDatabaseOptions, logger: Logger): Promise<OpenDatabase> {
  const uri = unquote(options.uri)
  const encryption = { ring: options.keys ?? null, isToEnd: options.endsEncryption === true }
  const shared = {
    version: options.version,
    migrations: options.migrations ?? migrations,
    encryption,
    logger,
  }
  // Either engine is loaded only when it is used: start-up time.
  if (/^postgres(ql)?:/.test(uri)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres({ uri, ...shared })
  }
  const dataDir = resolve(options.dataDir)
  const path = sqliteFilePath(uri, dataDir)
  if (path !== inMemory) {
    ensurePrivateDirectory(dataDir, logger)
    if (dirname(path) !== dataDir && dirname(path).startsWith(dataDir))
      ensurePrivateDirectory(dirname(path), logger)
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite({ path, ...shared })
}

/** Container environments hand values over with their quotes. */
function unquote(text: string): string {
  const trimmed = text.trim()
  const match = /^(["'])(.*)\1$/.exec(trimmed)
  return match?.[2] ?? trimmed
}
