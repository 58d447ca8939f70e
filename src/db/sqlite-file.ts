import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { AppError, toError } from '../core/app-error.ts'
import { ensureDirectory, ensurePrivateFile } from './sqlite-path.ts'

/**
 * Refuses a file that is no SQLite database, holds the tables of the reference's protocol library, or those of any other
 * program. Only reads. Raises `database_refused`.
 */
export function refuseForeignFile(path: string): void {
  if (!existsSync(path)) return
  let tables: string[]
  try {
    const database = new SqliteDatabase(path, { readonly: true, timeout: 5000 })
    try {
      tables = database
        .prepare<[], string>("select name from sqlite_master where type = 'table' order by name")
        .pluck()
        .all()
    } finally {
      database.close()
    }
  } catch (error) {
    throw new AppError('database_refused', {
      message: `${path} cannot be read as a SQLite database (${toError(error).message}); name another file`,
      cause: error,
    })
  }
  const session = tables.find((table) => table.startsWith('whatsmeow_'))
  if (session !== undefined) {
    throw new AppError('database_refused', {
      message: `${path} holds the sessions of another WhatsApp gateway (table ${session}) and is left untouched; give Gatewa a file of its own and link the devices again`,
    })
  }
  if (tables.length === 0 || tables.includes('schema_migrations')) return
  throw new AppError('database_refused', {
    message: `${path} belongs to another program (table ${tables[0]}) and is left untouched; give Gatewa a file of its own`,
  })
}

/**
 * Takes the file for this process alone. The lock is the kernel's, held through an open `<file>.lock`: it ends with the
 * process, however that ends. `<file>.pid` only names the holder. Raises `database_refused` when another process has it.
 */
export function lockSqliteFile(path: string): () => void {
  const lockPath = `${path}.lock`
  const pidPath = `${path}.pid`
  ensureDirectory(dirname(path))
  ensurePrivateFile(lockPath)
  const lock = new SqliteDatabase(lockPath, { timeout: 0 })
  try {
    lock.pragma('journal_mode = memory')
    lock.pragma('locking_mode = exclusive')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw new AppError('database_refused', {
      message: `${path} is in use by another Gatewa process${holderOf(pidPath)}; stop that one or name another file`,
      cause: error,
    })
  }
  writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 })
  return () => {
    rmSync(pidPath, { force: true })
    lock.close()
  }
}

function holderOf(pidPath: string): string {
  return existsSync(pidPath) ? ` (pid ${readFileSync(pidPath, 'utf8').trim()})` : ''
}
