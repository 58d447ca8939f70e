import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import { AppError, toError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'
import type { Database } from './database.ts'
import { fromDriver } from './driver-errors.ts'
import { encryptedColumns } from './encryption/encrypted-columns.ts'
import { applyEncryption, type Encryption, refuseWithoutKeys } from './encryption/reencrypt.ts'
import type { RowCipher } from './encryption/row-cipher.ts'
import { migrate } from './migrate.ts'
import type { SchemaMigration } from './migration.ts'
import type { OpenDatabase } from './open-database.ts'
import type { InTransaction } from './transaction.ts'

export interface PostgresOptions {
  readonly uri: string
  readonly version: string
  readonly migrations: readonly SchemaMigration[]
  readonly encryption: Encryption
  readonly logger: Logger
  /** Most connections at once; default 10. */
  readonly maxConnections?: number
}

const statementTimeoutMs = 30_000
const connectTimeoutMs = 10_000
const maxTries = 4

/** Opens (and makes or migrates) a PostgreSQL database. Rejects with `database_refused` when it cannot be used. */
export async function openPostgres(options: PostgresOptions): Promise<OpenDatabase> {
  const { uri, version, migrations, encryption, logger } = options
  const pool = new pg.Pool({
    connectionString: uri,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    application_name: 'gatewa',
    types: { getTypeParser: parserFor },
  })
  // Without a listener an idle connection that the server ends would end the process.
  pool.on('error', (error) => logger.warn({ error: error.message }, 'a database connection ended'))
  // The same for one that is in use, between two queries of a transaction; the next query then fails.
  pool.on('connect', (client) => {
    client.on('error', (error) =>
      logger.debug({ error: error.message }, 'a database connection in use ended'),
    )
  })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: ourPool(pool) }) })
  const inTransaction = transactionsOf(db)
  let cipher: RowCipher
  try {
    await refuseUnreachable(db)
    await refuseWithoutKeys(db, 'postgres', encryption)
    await migrate({
      db,
      dialect: 'postgres',
      migrations,
      version,
      logger,
      beforeChange: async () => undefined,
    })
    const change = { db, dialect: 'postgres' as const, inTransaction, logger }
    const prepare = async () => undefined
    cipher = await applyEncryption({ ...change, prepare, clear: () => rewriteTables(pool) }, encryption)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    db,
    scanDb: db,
    dialect: 'postgres',
    cipher,
    inTransaction,
    async ping() {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}

/**
 * The driver's pool, its errors of connections as ours. PostgreSQL fails on a NUL character anywhere, SQLite merely finds
 * nothing; what is looked up may be anything that a caller wrote, so NUL becomes a character that no name here has.
 */
function ourPool(pool: pg.Pool): PostgresPool {
  const clean = (value: unknown) => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value)
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    const query = async (text: string, values: readonly unknown[]) => {
      try {
        return await client.query(text, values.map(clean))
      } catch (error) {
        throw fromDriver(error)
      }
    }
    // Cursors, the other thing it could take, are not used here.
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy),
    }
  }
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw fromDriver(error)
      })
      const known = wrapped.get(client) ?? wrap(client)
      wrapped.set(client, known)
      return known
    },
  }
}

/** Times and counters are BIGINT here and never come near 2^53. */
const parserFor: pg.CustomTypesConfig['getTypeParser'] = (type, format): unknown =>
  type === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(type, format)

async function refuseUnreachable(db: Kysely<Database>): Promise<void> {
  try {
    await sql`select 1`.execute(db)
  } catch (error) {
    throw new AppError('database_refused', {
      message: `PostgreSQL cannot be used (${toError(error).message}); check DB_URI and that the server runs`,
      cause: error,
    })
  }
}

/** What values were before stays in a table's file as dead rows; a table that is rewritten has a new file. */
async function rewriteTables(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    for (const table of new Set(Object.values(encryptedColumns).map((column) => column.table)))
      await client.query(`vacuum (full) ${table}`)
  } catch (error) {
    throw new AppError('database_refused', {
      message: `the keys are encrypted, but what they were before could not be taken out of the tables (${toError(error).message}); start again`,
      cause: error,
    })
  } finally {
    client.release(true)
  }
}

/** A deadlock or a serialization failure undid everything, so the work may simply run again. */
function transactionsOf(db: Kysely<Database>): InTransaction {
  return async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await db.transaction().execute(work)
      } catch (error) {
        if (attempt === maxTries || !isTransient(error)) throw error
      }
    }
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001')
}
