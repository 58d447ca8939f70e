// Owns: looking at single settings in a gateway's database, beside a gateway that may be using it. Only reads.
import { existsSync } from 'node:fs'
import type { Client } from 'pg'
import type { Config } from '../config/config.ts'
import {
  type EncryptionState,
  encryptionSetting,
  parseEncryptionState,
  refuseMissingKeys,
} from '../db/encryption/encryption-state.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { EncryptedRows, plainRows } from '../db/encryption/row-cipher.ts'
import { webhookSecretPlace, webhookSecretSetting } from '../features/webhooks/webhook-secret-store.ts'

/** Which keys the database is encrypted with; null when it is not, or when there is none yet. */
export async function storedEncryption(uri: string): Promise<EncryptionState | null> {
  const value = await storedSetting(uri, encryptionSetting)
  return value === null ? null : parseEncryptionState(value)
}

/** The webhook secret that the gateway made for itself and keeps in its database, or null. Raises `database_refused` without the key. */
export async function storedWebhookSecret(config: Config['database']): Promise<string | null> {
  const state = await storedEncryption(config.uri)
  const ring = KeyRing.of(config.encryptionKeys)
  refuseMissingKeys(state, ring)
  const stored = await storedSetting(config.uri, webhookSecretSetting)
  const cipher = state === null || ring === null ? plainRows : new EncryptedRows(ring)
  return stored === null ? null : cipher.decryptText(webhookSecretPlace, stored)
}

async function storedSetting(uri: string, name: string): Promise<string | null> {
  if (!uri.startsWith('file:')) {
    return withPostgres(uri, async (client) => {
      const { rows: tables } = await client.query("select 1 where to_regclass('settings') is not null")
      if (tables.length === 0) return null
      const query = 'select value from settings where name = $1'
      return (await client.query<{ value: string }>(query, [name])).rows[0]?.value ?? null
    })
  }
  const path = uri.slice('file:'.length)
  if (!existsSync(path)) return null
  const { default: SqliteDatabase } = await import('better-sqlite3')
  const database = new SqliteDatabase(path, { readonly: true, timeout: 5_000 })
  try {
    const tables = database.prepare("select 1 from sqlite_master where name = 'settings'").all()
    if (tables.length === 0) return null
    const query = database.prepare<[string], string>('select value from settings where name = ?')
    return query.pluck().get(name) ?? null
  } finally {
    database.close()
  }
}

/** Runs queries on a connection of their own. */
export async function withPostgres<T>(uri: string, work: (client: Client) => Promise<T>): Promise<T> {
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
