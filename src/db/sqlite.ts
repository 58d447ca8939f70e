import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'
import { Kysely, sql } from 'kysely'
import type { Logger } from '../core/logger.ts'
import type { Database } from './database.ts'
import { applyEncryption, type Encryption, refuseWithoutKeys } from './encryption/reencrypt.ts'
import type { RowCipher } from './encryption/row-cipher.ts'
import { migrate } from './migrate.ts'
import type { SchemaMigration } from './migration.ts'
import type { OpenDatabase } from './open-database.ts'
import { CheckpointThread } from './sqlite-checkpoint-thread.ts'
import { clearingOldPages } from './sqlite-clearing.ts'
import {
  SqliteConnection,
  type SqliteRoutes,
  SqliteRoutingDriver,
  SqliteWriterDriver,
  sqliteDialect,
} from './sqlite-connection.ts'
import { lockSqliteFile, refuseForeignFile } from './sqlite-file.ts'
import { noLog, SqliteLog } from './sqlite-log.ts'
import { ensurePrivateFile, inMemory } from './sqlite-path.ts'
import { SqliteScanThread } from './sqlite-scan-thread.ts'
import { SqliteWriter } from './sqlite-writer.ts'

export interface SqliteOptions {
  /** Absolute path, or `:memory:`. */
  readonly path: string
  readonly version: string
  readonly migrations: readonly SchemaMigration[]
  readonly encryption: Encryption
  readonly logger: Logger
}

/**
 * Opens (and makes or migrates) a SQLite database for this process alone. Rejects with `database_refused` when another
 * process has it, when it is foreign, or when a newer program wrote it.
 */
export async function openSqlite(options: SqliteOptions): Promise<OpenDatabase> {
  const isFile = options.path !== inMemory
  if (isFile) refuseForeignFile(options.path)
  const unlock = isFile ? lockSqliteFile(options.path) : () => undefined
  try {
    return await openLocked(options, isFile, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openLocked(
  options: SqliteOptions,
  isFile: boolean,
  unlock: () => void,
): Promise<OpenDatabase> {
  const { path, version, migrations, encryption, logger } = options
  if (isFile) ensurePrivateFile(path)
  const writing = openHandle(path)
  const writingConnection = new SqliteConnection(writing)
  const writerDb = new Kysely<Database>({ dialect: sqliteDialect(new SqliteWriterDriver(writingConnection)) })
  let cipher: RowCipher
  try {
    await refuseWithoutKeys(writerDb, 'sqlite', encryption)
    await migrate({
      db: writerDb,
      dialect: 'sqlite',
      migrations,
      version,
      logger,
      beforeChange: async (migration) => {
        if (isFile) keepCopy(writing, `${path}.before-${migration}.bak`, logger)
      },
    })
    cipher = await applyEncryption(
      {
        db: writerDb,
        dialect: 'sqlite',
        inTransaction: (work) => writerDb.transaction().execute(work),
        logger,
        ...clearingOldPages(writing, isFile ? path : null, logger),
      },
      encryption,
    )
  } catch (error) {
    writing.close()
    throw error
  }
  const reading = isFile ? openHandle(path, { readonly: true }) : null
  const log = isFile ? await SqliteLog.open(path, writing, new CheckpointThread(path)) : noLog
  const writer = new SqliteWriter(writerDb, writingConnection, log)
  const db = routed(reading === null ? null : new SqliteConnection(reading), writer)
  const scanning = isFile ? new SqliteScanThread(path) : null
  return {
    db,
    scanDb: scanning === null ? db : routed(scanning, writer),
    dialect: 'sqlite',
    cipher,
    inTransaction: (work) => writer.run(work),
    async ping() {
      await sql`select 1`.execute(db)
    },
    async close() {
      await writer.close()
      if (!writing.open) return
      await scanning?.close()
      await log.close()
      reading?.close()
      writing.close()
      unlock()
    },
  }
}

function routed(reader: SqliteRoutes['reader'], writer: SqliteWriter): Kysely<Database> {
  const write: SqliteRoutes['write'] = (query) => writer.run((tx) => tx.executeQuery(query) as Promise<never>) // rows are as the query says
  const routes = { reader, write, durable: () => writer.syncing }
  return new Kysely<Database>({ dialect: sqliteDialect(new SqliteRoutingDriver(routes)) })
}

function openHandle(path: string, { readonly = false } = {}): SqliteDatabase.Database {
  const database = new SqliteDatabase(path, { readonly, timeout: 5000 })
  if (!readonly) database.pragma('journal_mode = wal')
  database.pragma('synchronous = full')
  database.pragma('foreign_keys = on')
  database.pragma('cache_size = -16000')
  database.pragma('temp_store = memory')
  // The built-in one knows ASCII only; PostgreSQL's knows every script.
  database.function('lower', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.toLowerCase() : text,
  )
  return database
}

function keepCopy(database: SqliteDatabase.Database, target: string, logger: Logger): void {
  const unfinished = `${target}.tmp`
  if (existsSync(unfinished)) rmSync(unfinished)
  database.prepare('vacuum into ?').run(unfinished)
  chmodSync(unfinished, 0o600)
  renameSync(unfinished, target)
  logger.info({ copy: target }, 'kept a copy of the database before changing its schema')
}
