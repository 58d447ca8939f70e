import { existsSync } from 'node:fs'
import type { Client } from 'pg'
import { AppError, toError } from '../core/app-error.ts'
import type { Finding } from './finding.ts'

const name = 'database'

/** Whether the database answers. Only reads: it is not the doctor's to migrate, and a gateway may be using it. */
export async function databaseFinding(uri: string): Promise<Finding> {
  return uri.startsWith('file:') ? sqliteFinding(uri.slice('file:'.length)) : postgresFinding(uri)
}

/** The webhook secret that the gateway made for itself and keeps in its database, or null. */
export async function storedWebhookSecret(uri: string): Promise<string | null> {
  const query = "select value from settings where name = 'webhook_secret'"
  if (uri.startsWith('file:')) {
    const path = uri.slice('file:'.length)
    if (!existsSync(path)) return null
    const { default: SqliteDatabase } = await import('better-sqlite3')
    const database = new SqliteDatabase(path, { readonly: true, timeout: 5_000 })
    try {
      return database.prepare<[], string>(query).pluck().get() ?? null
    } finally {
      database.close()
    }
  }
  return withPostgres(
    uri,
    async (client) => (await client.query<{ value: string }>(query)).rows[0]?.value ?? null,
  )
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

async function withPostgres<T>(uri: string, work: (client: Client) => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: uri,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
  })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}
