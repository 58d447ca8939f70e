import { type RawBuilder, sql } from 'kysely'
import { AppError } from '../../core/app-error.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db, Tx } from '../database.ts'
import type { Dialect } from '../migration.ts'
import { takeEveryLease } from '../take-every-lease.ts'
import type { InTransaction } from '../transaction.ts'
import { type EncryptedColumn, encryptedColumns, placeOf } from './encrypted-columns.ts'
import {
  completeState,
  type EncryptionState,
  readEncryptionState,
  refuseMissingKeys,
  writeEncryptionState,
} from './encryption-state.ts'
import type { KeyRing } from './key-ring.ts'
import { EncryptedRows, keyIdOf, plainRows, type RowCipher, type ValuePlace } from './row-cipher.ts'

/** A database whose schema is of today and which nobody else uses. */
export interface KeyChange {
  readonly db: Db
  readonly dialect: Dialect
  readonly inTransaction: InTransaction
  readonly logger: Logger
  /** Called before the first value is rewritten. */
  readonly prepare: () => Promise<void>
  /** Takes what values were before out of the database's files. */
  readonly clear: () => Promise<void>
}

const rowsPerStep = 200

/** What is done about encryption when a database is opened. */
export interface Encryption {
  readonly ring: KeyRing | null
  /** Ends encryption, in place of keeping to it. */
  readonly isToEnd: boolean
}

/** Raises `database_refused` when a key is missing; before anything was written. */
export async function refuseWithoutKeys(db: Db, dialect: Dialect, { ring }: Encryption): Promise<void> {
  refuseMissingKeys(await readEncryptionState(db, dialect), ring)
}

/** Does what is to be done about encryption; resolves to how secrets are written and read from then on. */
export async function applyEncryption(change: KeyChange, { ring, isToEnd }: Encryption): Promise<RowCipher> {
  if (!isToEnd) return ensureEncrypted(change, ring)
  await endEncryption(change, ring)
  return plainRows
}

/**
 * Brings every stored secret under the ring's present key, in steps: killed at any moment, the next start goes on. Nothing happens
 * when all are. Without a ring nothing is encrypted. Raises `database_refused` when a key is missing, `key_unreadable` when
 * a value is not what was written.
 */
async function ensureEncrypted(change: KeyChange, ring: KeyRing | null): Promise<RowCipher> {
  const state = await readEncryptionState(change.db, change.dialect)
  refuseMissingKeys(state, ring)
  if (ring === null) return plainRows
  const cipher = new EncryptedRows(ring)
  if (state?.isComplete === true && state.keys[0] === ring.presentId) return cipher
  const under: EncryptionState = {
    keys: [...new Set([ring.presentId, ...(state?.keys ?? [])])],
    mayBePlain: state?.mayBePlain ?? true,
    isComplete: false,
  }
  const { inTransaction, logger, prepare, clear } = change
  await prepare()
  await inTransaction(async (tx) => {
    await takeEveryLease(tx, new Date())
    await writeEncryptionState(tx, under, new Date())
  })
  const count = await rewriteAll(change, (column, place, stored) => {
    const id = keyIdOf(stored)
    if (id === ring.presentId) return null
    const value = openStored(cipher, { column, place, stored }, under)
    return column.isText ? cipher.encryptText(place, value.toString()) : cipher.encrypt(place, value)
  })
  await clear()
  await inTransaction((tx) => writeEncryptionState(tx, completeState(ring), new Date()))
  logger.info({ values: count, key: ring.presentId }, 'keys are encrypted with the present key')
  return cipher
}

/**
 * Stores every secret as it is and forgets that it was encrypted; nothing happens when nothing was encrypted. Killed on the way, a start with the key encrypts again, and one without is refused until this has ended.
 */
async function endEncryption(change: KeyChange, ring: KeyRing | null): Promise<void> {
  const state = await readEncryptionState(change.db, change.dialect)
  refuseMissingKeys(state, ring)
  if (state === null || ring === null) return
  const cipher = new EncryptedRows(ring)
  const under: EncryptionState = { keys: state.keys, mayBePlain: true, isComplete: false }
  await change.inTransaction(async (tx) => {
    await takeEveryLease(tx, new Date())
    await writeEncryptionState(tx, under, new Date())
  })
  const count = await rewriteAll(change, (column, place, stored) => {
    const id = keyIdOf(stored)
    if (id === null || !state.keys.includes(id)) return null
    const value = openStored(cipher, { column, place, stored }, under)
    return column.isText ? value.toString() : value
  })
  await change.inTransaction((tx) => writeEncryptionState(tx, null, new Date()))
  change.logger.info({ values: count }, 'keys are not encrypted any more')
}

/** A value as it was before it was encrypted, where it may be under one of several keys or under none. */
export function openStored(
  cipher: RowCipher,
  value: { readonly column: EncryptedColumn; readonly place: ValuePlace; readonly stored: Buffer | string },
  state: EncryptionState,
): Buffer {
  const { place, stored } = value
  const id = keyIdOf(stored)
  if (state.mayBePlain && (id === null || !state.keys.includes(id))) return Buffer.from(stored)
  return typeof stored === 'string'
    ? Buffer.from(cipher.decryptText(place, stored))
    : cipher.decrypt(place, stored)
}

/** What a value becomes; null when it stays. */
type Rewrite = (column: EncryptedColumn, place: ValuePlace, stored: Buffer | string) => Buffer | string | null

async function rewriteAll(change: KeyChange, rewrite: Rewrite): Promise<number> {
  let count = 0
  for (const column of Object.values<EncryptedColumn>(encryptedColumns)) {
    let after: readonly KeyPart[] | null = null
    do {
      const from: readonly KeyPart[] | null = after
      const step: Step = await change.inTransaction((tx) =>
        rewriteStep({ tx, dialect: change.dialect }, { column, after: from }, rewrite),
      )
      count += step.count
      after = step.last
    } while (after !== null)
  }
  return count
}

type KeyPart = string | Buffer
interface Step {
  readonly count: number
  /** Key of the last row looked at; null when there is none behind it. */
  readonly last: readonly KeyPart[] | null
}
type StoredRow = Record<string, KeyPart>

async function rewriteStep(
  { tx, dialect }: { readonly tx: Tx; readonly dialect: Dialect },
  { column, after }: { readonly column: EncryptedColumn; readonly after: readonly KeyPart[] | null },
  rewrite: Rewrite,
): Promise<Step> {
  const key = sql.join(column.key.map((name) => sql.ref(name)))
  const value = sql.ref(column.column)
  const table = sql.table(column.table)
  const conditions: RawBuilder<unknown>[] = [sql`1 = 1`]
  if (after !== null) conditions.push(sql`(${key}) > (${sql.join([...after])})`)
  if (column.only !== undefined) conditions.push(sql`${key} in (${sql.join([...column.only])})`)
  const { rows } = await sql<StoredRow>`select ${key}, ${value} from ${table}
    where ${sql.join(conditions, sql` and `)} order by ${key} limit ${rowsPerStep} ${dialect === 'postgres' ? sql`for update` : sql``}`.execute(
    tx,
  )
  let count = 0
  for (const row of rows) {
    const names = column.key.map((name) => partOf(row, name))
    const stored = partOf(row, column.column)
    const next = rewrite(column, placeOf(column, names), stored)
    if (next === null) continue
    const isRow = sql.join(
      column.key.map((name, index) => sql`${sql.ref(name)} = ${names[index]}`),
      sql` and `,
    )
    await sql`update ${table} set ${value} = ${next} where ${isRow}`.execute(tx)
    count += 1
  }
  const last = rows.length < rowsPerStep ? undefined : rows.at(-1)
  return { count, last: last === undefined ? null : column.key.map((name) => partOf(last, name)) }
}

function partOf(row: StoredRow, name: string): KeyPart {
  const part = row[name]
  if (part === undefined) throw new AppError('internal_error', { message: `a row without ${name}` })
  return part
}
