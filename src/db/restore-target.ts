import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { sql } from 'kysely'
import { AppError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'
import type { Tx } from './database.ts'
import { completeState, encryptionSetting } from './encryption/encryption-state.ts'
import type { KeyRing } from './encryption/key-ring.ts'
import { EncryptedRows, plainRows, type RowCipher } from './encryption/row-cipher.ts'
import { encryptRows } from './encryption/table-rows.ts'
import type { Dialect } from './migration.ts'
import { migrations } from './migrations.ts'
import { type OpenDatabase, openDatabase } from './open-database.ts'
import { migrationsTable, type SnapshotValue } from './snapshot-rows.ts'
import { inMemory, sqliteFilePath } from './sqlite-path.ts'

/** Writes rows as they come. */
export interface RowWriter {
  /** Values in the order of `columns`. */
  write(table: string, columns: readonly string[], rows: readonly (readonly SnapshotValue[])[]): Promise<void>
  /** Goes on numbering a table's rows behind this number. */
  continueAfter(table: string, last: number): Promise<void>
}

export interface RestoreTarget {
  readonly uri: string
  /** What secrets are encrypted with as they are written; null for not at all. */
  readonly keys: KeyRing | null
  readonly dataDir: string
  readonly version: string
  /** The schema's steps that had been taken where the rows come from. */
  readonly migrations: readonly string[]
}

/** Values in one statement; the engines allow more. */
const mostValues = 5_000

/**
 * Makes a database out of rows, in either engine: `fill` writes them into the schema that they come from, `finish` runs in a
 * transaction on the schema of today, and is given how secrets are written there. All of it is there afterwards or, when something fails, nothing. Raises
 * `restore_refused` when there is a database already, or when the rows come from a newer program.
 */
export async function restoreInto(
  target: RestoreTarget,
  logger: Logger,
  fill: (writer: RowWriter) => Promise<void>,
  finish: (tx: Tx, cipher: RowCipher) => Promise<void>,
): Promise<void> {
  const steps = migrations.filter(({ name }) => target.migrations.includes(name))
  const unknown = target.migrations.find((name) => !steps.some((step) => step.name === name))
  if (unknown !== undefined || steps.length === 0) {
    throw new AppError('restore_refused', {
      message: `the backup was made by a newer version (schema step ${unknown}); restore it with that version`,
    })
  }
  if (/^postgres(ql)?:/.test(target.uri)) return intoPostgres(target, { logger, steps, fill, finish })
  return intoSqlite(target, { logger, steps, fill, finish })
}

interface Work {
  readonly logger: Logger
  readonly steps: typeof migrations
  readonly fill: (writer: RowWriter) => Promise<void>
  readonly finish: (tx: Tx, cipher: RowCipher) => Promise<void>
}

/** Into a file beside the final one, which takes its name when it is whole. */
async function intoSqlite(target: RestoreTarget, { logger, steps, fill, finish }: Work): Promise<void> {
  const path = sqliteFilePath(target.uri, resolve(target.dataDir))
  if (path === inMemory || existsSync(path)) {
    throw new AppError('restore_refused', {
      message: `there is a database at ${path} already; restore into another folder (APP_DATA_DIR) or move it away`,
    })
  }
  const unfinished = `${path}.restoring`
  const parts = ['', '-wal', '-shm', '.lock', '.pid'].map((ending) => `${unfinished}${ending}`)
  const clear = () => parts.forEach((part) => rmSync(part, { force: true }))
  const open = (taken: typeof migrations, keys: KeyRing | null) =>
    openDatabase({ ...target, keys, uri: unfinished, dataDir: dirname(path), migrations: taken }, logger)
  clear()
  try {
    // The rows bring the state of encryption with them.
    const old = await open(steps, null)
    try {
      await fillWith((work) => old.inTransaction(work), { dialect: 'sqlite', keys: target.keys, fill })
    } finally {
      await old.close()
    }
    const now = await open(migrations, target.keys)
    try {
      await now.inTransaction((tx) => finish(tx, now.cipher))
    } finally {
      await now.close()
    }
    // Closing put everything into the file itself; a log that is left over would hold rows that the file lacks.
    const log = `${unfinished}-wal`
    if (existsSync(log) && statSync(log).size > 0) throw new Error(`${log} was not written back`)
    renameSync(unfinished, path)
  } finally {
    clear()
    for (const { name } of migrations) rmSync(`${unfinished}.before-${name}.bak`, { force: true })
  }
}

/** In one transaction, so that a gateway that is started too early sees an empty database or the whole. */
async function intoPostgres(target: RestoreTarget, { logger, steps, fill, finish }: Work): Promise<void> {
  const { uri, keys, dataDir, version } = target
  const old = await openDatabase({ uri, dataDir, version, migrations: steps }, logger)
  try {
    await refuseFilled(old)
    await old.inTransaction((tx) => fillWith((work) => work(tx), { dialect: 'postgres', keys, fill }))
  } finally {
    await old.close()
  }
  const now = await openDatabase({ uri, keys, dataDir, version }, logger)
  try {
    await now.inTransaction((tx) => finish(tx, now.cipher))
  } finally {
    await now.close()
  }
}

async function refuseFilled({ db }: OpenDatabase): Promise<void> {
  const { rows } = await sql<{
    id: string
  }>`select id from devices union all select id from events limit 1`.execute(db)
  const { rows: keys } = await sql<{ name: string }>`select name from settings limit 1`.execute(db)
  if (rows.length + keys.length === 0) return
  throw new AppError('restore_refused', {
    message: 'DB_URI names a database that a gateway has used; restore into an empty one',
  })
}

type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

/** Writes the rows, and in an encrypted database what they are encrypted with. */
async function fillWith(
  run: Run,
  { dialect, keys, fill }: { dialect: Dialect; keys: KeyRing | null; fill: Work['fill'] },
): Promise<void> {
  const writer = writerOf(run, dialect, keys)
  await fill(writer)
  if (keys === null) return
  const row = [encryptionSetting, JSON.stringify(completeState(keys)), Date.now()]
  await writer.write('settings', ['name', 'value', 'updated_at'], [row])
}

function writerOf(run: Run, dialect: Dialect, keys: KeyRing | null): RowWriter {
  const cipher = keys === null ? plainRows : new EncryptedRows(keys)
  return {
    async write(table, columns, rows) {
      if (table === migrationsTable) return
      const names = sql.join(columns.map((name) => sql.ref(name)))
      const atOnce = Math.max(1, Math.floor(mostValues / columns.length))
      for (let from = 0; from < rows.length; from += atOnce) {
        const some = encryptRows({ table, columns, rows: rows.slice(from, from + atOnce) }, cipher)
        const lines = some.map((row) => sql`(${sql.join([...row])})`)
        await run((tx) =>
          sql`insert into ${sql.table(table)} (${names}) values ${sql.join(lines)}`.execute(tx),
        )
      }
    },
    async continueAfter(table, last) {
      if (dialect === 'sqlite') {
        await run((tx) => sql`delete from sqlite_sequence where name = ${table}`.execute(tx))
        await run((tx) => sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(tx))
        return
      }
      await run((tx) =>
        sql`select setval(pg_get_serial_sequence(quote_ident(table_name), column_name), ${last})
            from information_schema.columns
            where table_schema = current_schema() and table_name = ${table}
              and pg_get_serial_sequence(quote_ident(table_name), column_name) is not null`.execute(tx),
      )
    },
  }
}
