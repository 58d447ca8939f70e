import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError, toError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'

/** The SQLite database that lives and dies with the process. */
export const inMemory = ':memory:'

/**
 * The file that a SQLite URI means: `file:storages/x.db?_foreign_keys=on`, `file:///abs/x.db`, a plain path, or
 * `:memory:`. Relative paths start at the data directory, never at the working directory. Query parts are ignored.
 */
export function sqliteFilePath(uri: string, dataDir: string): string {
  if (uri === '') return join(dataDir, 'gatewa.db')
  if (uri.startsWith('file://')) return fileURLToPath(uri.replace(/[?#].*$/, ''))
  const path = uri.startsWith('file:') ? uri.slice('file:'.length).replace(/\?.*$/, '') : uri
  if (path === inMemory) return inMemory
  return isAbsolute(path) ? path : join(dataDir, path)
}

/** What we put into a data directory, and what comes with an empty disk. */
const ownEntry = /^(?:\..*|lost\+found|statics|media|.*\.db(?:[-.].*)?)$/

/**
 * Makes a directory that only its user can enter. One that belongs to somebody else, or holds what is not ours (somebody
 * named /tmp, or a home), is left as it is, with a warning. Raises `database_refused` when it cannot be made.
 */
export function ensurePrivateDirectory(path: string, logger: Logger): void {
  ensureDirectory(path)
  try {
    if ((statSync(path).mode & 0o077) === 0) return
    if (readdirSync(path).some((name) => !ownEntry.test(name))) {
      logger.warn({ path }, 'the data directory holds other things and stays open to other users')
      return
    }
    chmodSync(path, 0o700)
  } catch (error) {
    logger.warn({ path, error: toError(error).message }, 'the data directory cannot be made private')
  }
}

/** Makes a directory where there is none. Raises `database_refused` when it cannot be made. */
export function ensureDirectory(path: string): void {
  try {
    makeDirectory(path)
  } catch (cause) {
    throw new AppError('database_refused', {
      message: `the directory ${path} cannot be made (${toError(cause).message}); check APP_DATA_DIR and DB_URI, and who may write there`,
      cause,
    })
  }
}

/** Step by step: Node's own `recursive` never returns where a parent takes no entries (/proc). */
function makeDirectory(path: string): void {
  if (!existsSync(dirname(path))) makeDirectory(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error
  }
}

/** Creates the file readable by its user only; SQLite gives its companions (-wal, -shm) the same mode. */
export function ensurePrivateFile(path: string): void {
  // An existing file is not opened: closing a second descriptor of it would drop this process's locks on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
}
