import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type SqliteDatabase from 'better-sqlite3'
import { AppError, toError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'

/** A file up to this size is rewritten in memory; a larger one by way of SQLite's folder for temporary files. */
const mostInMemoryBytes = 256 * 1024 * 1024

/**
 * How a SQLite file (null: a database in memory) is rid of what values were before: what is overwritten meanwhile is zeroed; then
 * the file is written anew, its log emptied, and the copies that were kept before changes of the schema go, as they hold it
 * too. `clear` raises `database_refused` when that cannot be done.
 */
export function clearingOldPages(
  database: SqliteDatabase.Database,
  path: string | null,
  logger: Logger,
): { readonly prepare: () => Promise<void>; readonly clear: () => Promise<void> } {
  if (path === null) return { prepare: async () => undefined, clear: async () => undefined }
  return {
    prepare: async () => {
      database.pragma('secure_delete = on')
    },
    clear: async () => {
      try {
        rewrite(database)
      } catch (error) {
        throw new AppError('database_refused', {
          message:
            `the keys in ${path} are encrypted, but what they were before could not be taken out of the file ` +
            `(${toError(error).message}); see that nothing else has it open and that there is room for it twice, and start again`,
          cause: error,
        })
      }
      for (const copy of copiesOf(path)) {
        rmSync(copy)
        logger.warn(
          { copy },
          'deleted the copy made before a change of the schema: it held keys as they were',
        )
      }
    },
  }
}

function rewrite(database: SqliteDatabase.Database): void {
  const bytes =
    Number(database.pragma('page_count', { simple: true })) *
    Number(database.pragma('page_size', { simple: true }))
  if (bytes > mostInMemoryBytes) database.pragma('temp_store = file')
  database.exec('vacuum')
  database.pragma('temp_store = memory')
  database.pragma('secure_delete = off')
  const [state] = database.pragma('wal_checkpoint(truncate)') as [{ readonly busy: number }] // its one row
  if (state.busy !== 0) throw new Error('another program reads it')
}

function copiesOf(path: string): string[] {
  const start = `${basename(path)}.before-`
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(start) && /\.bak(\.tmp)?$/.test(name))
    .map((name) => join(dirname(path), name))
}
