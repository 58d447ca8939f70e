import { existsSync } from 'node:fs'
import { AppError, toError } from '../core/app-error.ts'
import type { Finding } from './finding.ts'
import { withPostgres } from './stored-settings.ts'

const name = 'database'

/** Whether the database answers. Only reads: it is not the doctor's to migrate, and a gateway may be using it. */
export async function databaseFinding(uri: string): Promise<Finding> {
  return uri.startsWith('file:') ? sqliteFinding(uri.slice('file:'.length)) : postgresFinding(uri)
}

async function sqliteFinding(path: string): Promise<Finding> {
  if (!existsSync(path))
    return { name, state: 'ok', detail: `${path} does not exist yet; made at the first start` }
  const { default: SqliteDatabase } = await import('better-sqlite3')
  try {
    const { refuseForeignFile } = await import('../db/sqlite-file.ts')
    refuseForeignFile(path)
    const database = new SqliteDatabase(path, { readonly: true, timeout: 5_000 })
    try {
      const health = String(database.pragma('quick_check(1)', { simple: true }))
      if (health === 'ok') return { name, state: 'ok', detail: `${path} is sound` }
      return {
        name,
        state: 'fail',
        detail: `${path}: ${health}`,
        remedy: 'stop the gateway and restore a copy of this file',
      }
    } finally {
      database.close()
    }
  } catch (error) {
    const remedy = 'check that DB_URI names a file of Gatewa and that you may read it'
    const detail =
      error instanceof AppError ? error.message : `${path} cannot be read: ${toError(error).message}`
    return { name, state: 'fail', detail, remedy }
  }
}

async function postgresFinding(uri: string): Promise<Finding> {
  try {
    const version = await withPostgres(uri, async (client) => {
      const { rows } = await client.query<{ server_version: string }>('show server_version')
      return rows[0]?.server_version ?? 'unknown'
    })
    return { name, state: 'ok', detail: `PostgreSQL ${version} answers` }
  } catch (error) {
    const detail = `PostgreSQL cannot be reached: ${toError(error).message}`
    return {
      name,
      state: 'fail',
      detail,
      remedy: 'check DB_URI, and that the server runs and lets this machine in',
    }
  }
}
