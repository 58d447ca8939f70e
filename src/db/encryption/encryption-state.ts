import { sql } from 'kysely'
import { AppError } from '../../core/app-error.ts'
import type { Db, Tx } from '../database.ts'
import type { Dialect } from '../migration.ts'
import type { KeyRing } from './key-ring.ts'

/** Which keys stored secrets are under; a database without one has never been encrypted. */
export interface EncryptionState {
  /** Ids of all keys that values may be under; the one that is written with first. */
  readonly keys: readonly string[]
  /** Whether there may be values that are not encrypted: while encryption is being turned on or off. */
  readonly mayBePlain: boolean
  /** Whether every value is under the first key, and nothing of what was before is left in the files. */
  readonly isComplete: boolean
}

/** Where the state is kept, in `settings`; restores and the check for an empty database leave it out. */
export const encryptionSetting = 'encryption'

/** The state; null in a database that is not encrypted, or is empty. Only reads. */
export async function readEncryptionState(db: Db, dialect: Dialect): Promise<EncryptionState | null> {
  const { rows: tables } =
    dialect === 'sqlite'
      ? await sql`select 1 from sqlite_master where type = 'table' and name = 'settings'`.execute(db)
      : await sql`select 1 where to_regclass('settings') is not null`.execute(db)
  if (tables.length === 0) return null
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', encryptionSetting)
    .executeTakeFirst()
  return row === undefined ? null : parseEncryptionState(row.value)
}

/** The state as it is kept. */
export function parseEncryptionState(value: string): EncryptionState {
  return JSON.parse(value) as EncryptionState // written below
}

/** The state of a database whose values were all encrypted with the ring's present key. */
export function completeState(ring: KeyRing): EncryptionState {
  return { keys: [ring.presentId], mayBePlain: false, isComplete: true }
}

export async function writeEncryptionState(tx: Tx, state: EncryptionState | null, at: Date): Promise<void> {
  if (state === null) {
    await tx.deleteFrom('settings').where('name', '=', encryptionSetting).execute()
    return
  }
  const fields = { value: JSON.stringify(state), updated_at: at.getTime() }
  await tx
    .insertInto('settings')
    .values({ name: encryptionSetting, ...fields })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(fields))
    .execute()
}

/** Raises `database_refused` when values are under a key that the ring lacks. */
export function refuseMissingKeys(state: EncryptionState | null, ring: KeyRing | null): void {
  const missing = state?.keys.find((id) => ring?.has(id) !== true)
  if (missing === undefined) return
  throw new AppError('database_refused', {
    message:
      ring === null
        ? `the keys in the database are encrypted with the key ${missing}, and none is set; ` +
          'set APP_ENCRYPTION_KEY (or APP_ENCRYPTION_KEY_FILE) to it. ' +
          'To keep them without encryption, run "gatewa encryption off" with the key set'
        : `the keys in the database are encrypted with the key ${missing}, which is not set (APP_ENCRYPTION_KEY is ${ring.presentId}); ` +
          'set APP_ENCRYPTION_KEY to it, or name it in APP_ENCRYPTION_OLD_KEYS to go over to the present one',
  })
}
