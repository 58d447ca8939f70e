import { type Insertable, sql } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { slicesOf } from '../../core/slices.ts'
import type { Database, Db, Tx } from '../../db/database.ts'
import { encryptedColumns, placeOf } from '../../db/encryption/encrypted-columns.ts'
import type { RowCipher, ValuePlace } from '../../db/encryption/row-cipher.ts'
import { PreparedQuery, prefersSingleRows, rowOf } from '../../db/prepared-query.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { holdLease, holdsLease, takeLease } from './key-lease-store.ts'
import type { DecryptedText, IdentityPair, KeyBatch, KeyChange } from './key-rows.ts'

/**
 * Writes, inside the transaction given, that each LID and phone number are one person, and makes one of what was kept as
 * two. Pairs that are known change nothing.
 */
export type LearnIdentities = (tx: Tx, device: DeviceId, pairs: readonly IdentityPair[]) => Promise<void>

/** The database as the key material uses it. */
export interface KeyDatabase {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  /** How key material is written and read. */
  readonly cipher: RowCipher
  /** How a LID and a phone number found to be one person are kept; by default only written down. */
  readonly learnIdentities?: LearnIdentities
}

/** Engines limit how many values one statement may name. */
const rowsPerStatement = 400
/** Most people learnt in one transaction. */
const mostPairsPerCommit = 250

/**
 * The key material tables of one device. `epoch` is the number of the device's lease as this process holds it: once another
 * one has taken the lease, every write rejects with `device_taken_over`.
 */
export class KeyRowStore {
  readonly #database: KeyDatabase
  readonly #db: Db
  readonly #cipher: RowCipher
  readonly #device: DeviceId
  readonly #epoch: number

  constructor(database: KeyDatabase, device: DeviceId, epoch: number) {
    this.#database = database
    this.#db = database.db
    this.#cipher = database.cipher
    this.#device = device
    this.#epoch = epoch
  }

  /** The rows of one type that exist, by id. */
  async read(type: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    const found = new Map<string, Buffer>()
    for (const part of chunks(ids)) {
      const rows = await this.#db
        .selectFrom('signal_keys')
        .select(['id', 'body'])
        .where('device_id', '=', this.#device)
        .where('type', '=', type)
        .where('id', 'in', part)
        .execute()
      for (const row of rows) found.set(row.id, this.#cipher.decrypt(this.#keyPlace(type, row.id), row.body))
    }
    return found
  }

  /** Rows, save one-time prekeys, that name one of these users (digits) in their id or body. */
  async naming(users: readonly string[]): Promise<{ readonly type: string; readonly id: string }[]> {
    const rows = await this.#db
      .selectFrom('signal_keys')
      .select(['type', 'id', 'body'])
      .where('device_id', '=', this.#device)
      .where('type', '!=', 'pre-key')
      .execute()
    const isNamed = (id: string, body: Buffer) =>
      users.some((user) => id.includes(user) || body.includes(user))
    return rows
      .filter(({ type, id, body }) => isNamed(id, this.#cipher.decrypt(this.#keyPlace(type, id), body)))
      .map(({ type, id }) => ({ type, id }))
  }

  /** Deletes rows of a device that no session uses. */
  async deleteUnused(rows: readonly { readonly type: string; readonly id: string }[]): Promise<void> {
    await this.#database.inTransaction((tx) =>
      this.#delete(
        tx,
        rows.map((row) => ({ ...row, body: null })),
      ),
    )
  }

  /** The highest one-time prekey id stored, 0 when there is none. */
  async highestPreKeyId(): Promise<number> {
    const row = await this.#db
      .selectFrom('signal_keys')
      .select(sql<number | string | null>`max(cast(id as integer))`.as('highest'))
      .where('device_id', '=', this.#device)
      .where('type', '=', 'pre-key')
      .executeTakeFirst()
    return Number(row?.highest ?? 0)
  }

  /**
   * Writes in one transaction what `take` gives once the transaction runs; resolves when it is on disk. `take` may be
   * called again for the same transaction and must give the same then.
   */
  commit(take: () => KeyBatch): Promise<void> {
    return this.#database.inTransaction(async (tx) => {
      await holdLease(tx, this.#device, this.#epoch)
      await this.#write(tx, take())
    })
  }

  /** Rows are sorted, so that two writers cannot wait for each other. */
  async #write(tx: Tx, batch: KeyBatch): Promise<void> {
    const at = this.#database.clock.now()
    const sorted = [...batch.changes].sort((a, b) => compare(a.type, b.type) || compare(a.id, b.id))
    await this.#upsert(tx, sorted, at)
    await this.#delete(tx, sorted)
    await this.#keepDecrypted(tx, batch.decrypted, at)
  }

  /** The plaintext of a ciphertext that was decrypted before, by any of its hashes. */
  async decryptedBefore(hashes: readonly Buffer[]): Promise<Buffer | null> {
    const row = await this.#db
      .selectFrom('decrypted_messages')
      .select(['ciphertext_hash', 'plaintext'])
      .where('device_id', '=', this.#device)
      .where('ciphertext_hash', 'in', [...hashes])
      .executeTakeFirst()
    if (row === undefined) return null
    return this.#cipher.decrypt(this.#textPlace(row.ciphertext_hash), row.plaintext)
  }

  /** The LID of each phone number that has one; the pair learnt last wins. */
  async lidsOf(phoneUsers: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const part of chunks(phoneUsers)) {
      const rows = await this.#db
        .selectFrom('identities')
        .select(['phone_user', 'lid_user'])
        .where('device_id', '=', this.#device)
        .where('phone_user', 'in', part)
        .orderBy('learned_at')
        .execute()
      for (const row of rows) found.set(row.phone_user, row.lid_user)
    }
    return found
  }

  /** The phone number of each LID that has one. */
  async phonesOf(lidUsers: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const part of chunks(lidUsers)) {
      const rows = await this.#db
        .selectFrom('identities')
        .select(['phone_user', 'lid_user'])
        .where('device_id', '=', this.#device)
        .where('lid_user', 'in', part)
        .execute()
      for (const row of rows) found.set(row.lid_user, row.phone_user)
    }
    return found
  }

  /** Whether the lease has not been taken by another process. */
  isHeld(): Promise<boolean> {
    return holdsLease(this.#db, this.#device, this.#epoch)
  }

  /** The stored credentials. */
  async readCredentials(): Promise<Buffer | null> {
    const row = await this.#db
      .selectFrom('credentials')
      .select('body')
      .where('device_id', '=', this.#device)
      .executeTakeFirst()
    return row === undefined ? null : this.#cipher.decrypt(this.#credentialsPlace(), row.body)
  }

  /** Stores the credentials that `encode` gives once the transaction runs; null for no change. */
  saveCredentials(encode: () => Buffer | null): Promise<void> {
    return this.#database.inTransaction(async (tx) => {
      const body = encode()
      if (body === null) return
      await holdLease(tx, this.#device, this.#epoch)
      await this.#writeCredentials(tx, body)
    })
  }

  /** Puts fresh credentials and keys in the place of everything the device had. */
  begin(credentials: Buffer, changes: readonly KeyChange[]): Promise<void> {
    return this.#database.inTransaction(async (tx) => {
      await holdLease(tx, this.#device, this.#epoch)
      await this.#deleteAll(tx)
      await this.#writeCredentials(tx, credentials)
      await this.#write(tx, { changes, decrypted: [] })
    })
  }

  /** Forgets credentials, keys and kept plaintexts, whoever holds them; what was learnt about other people stays. */
  forget(): Promise<void> {
    return this.#database.inTransaction(async (tx) => {
      await takeLease(tx, this.#device, this.#database.clock)
      await this.#deleteAll(tx)
    })
  }

  /** Keeps who is who, in transactions of its own: of a large group in several, so that messages come between them. */
  async learn(pairs: readonly IdentityPair[]): Promise<void> {
    const { inTransaction, learnIdentities } = this.#database
    for (const part of slicesOf(pairs, mostPairsPerCommit)) {
      await inTransaction((tx) =>
        learnIdentities === undefined
          ? this.#writeIdentities(tx, part)
          : learnIdentities(tx, this.#device, part),
      )
    }
  }

  #keyPlace(type: string, id: string): ValuePlace {
    return placeOf(encryptedColumns.signalKeys, [this.#device, type, id])
  }

  #textPlace(hash: Buffer): ValuePlace {
    return placeOf(encryptedColumns.decrypted, [this.#device, hash])
  }

  #credentialsPlace(): ValuePlace {
    return placeOf(encryptedColumns.credentials, [this.#device])
  }

  async #writeCredentials(tx: Tx, credentials: Buffer): Promise<void> {
    const updatedAt = this.#database.clock.now().getTime()
    const body = this.#cipher.encrypt(this.#credentialsPlace(), credentials)
    await tx
      .insertInto('credentials')
      .values({ device_id: this.#device, body, epoch: this.#epoch, updated_at: updatedAt })
      .onConflict((conflict) =>
        conflict.column('device_id').doUpdateSet((eb) => ({
          body: eb.ref('excluded.body'),
          epoch: eb.ref('excluded.epoch'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute()
  }

  async #deleteAll(tx: Tx): Promise<void> {
    await tx.deleteFrom('credentials').where('device_id', '=', this.#device).execute()
    await tx.deleteFrom('signal_keys').where('device_id', '=', this.#device).execute()
    await tx.deleteFrom('decrypted_messages').where('device_id', '=', this.#device).execute()
  }

  async #upsert(tx: Tx, changes: readonly KeyChange[], at: Date): Promise<void> {
    const fields = { device_id: this.#device, epoch: this.#epoch, updated_at: at.getTime() }
    const rows = changes.flatMap(({ type, id, body }) =>
      body === null
        ? []
        : [{ ...fields, type, id, body: this.#cipher.encrypt(this.#keyPlace(type, id), body) }],
    )
    if (isOneByOne(tx, rows)) {
      for (const row of rows) await upsertKey.run(tx, row)
      return
    }
    for (const part of chunks(rows)) {
      await tx
        .insertInto('signal_keys')
        .values(part)
        .onConflict((conflict) =>
          conflict.columns(['device_id', 'type', 'id']).doUpdateSet((eb) => ({
            body: eb.ref('excluded.body'),
            epoch: eb.ref('excluded.epoch'),
            updated_at: eb.ref('excluded.updated_at'),
          })),
        )
        .execute()
    }
  }

  async #delete(tx: Tx, changes: readonly KeyChange[]): Promise<void> {
    const byType = new Map<string, string[]>()
    for (const { type, id, body } of changes) {
      if (body !== null) continue
      const ids = byType.get(type)
      if (ids === undefined) byType.set(type, [id])
      else ids.push(id)
    }
    for (const [type, ids] of byType) {
      for (const part of chunks(ids)) {
        await tx
          .deleteFrom('signal_keys')
          .where('device_id', '=', this.#device)
          .where('type', '=', type)
          .where('id', 'in', part)
          .execute()
      }
    }
  }

  async #keepDecrypted(tx: Tx, decrypted: readonly DecryptedText[], at: Date): Promise<void> {
    const rows = decrypted.map(({ hash, plaintext }) => ({
      device_id: this.#device,
      ciphertext_hash: hash,
      plaintext: this.#cipher.encrypt(this.#textPlace(hash), plaintext),
      decrypted_at: at.getTime(),
    }))
    if (isOneByOne(tx, rows)) {
      for (const row of rows) await insertDecrypted.run(tx, row)
      return
    }
    for (const part of chunks(rows)) {
      await tx
        .insertInto('decrypted_messages')
        .values(part)
        .onConflict((conflict) => conflict.columns(['device_id', 'ciphertext_hash']).doNothing())
        .execute()
    }
  }

  async #writeIdentities(tx: Tx, pairs: readonly IdentityPair[]): Promise<void> {
    // One statement may not touch a row twice.
    const distinct = [...new Map(pairs.map((pair) => [pair.lidUser, pair])).values()]
    for (const part of chunks(distinct.sort((a, b) => compare(a.lidUser, b.lidUser)))) {
      await tx
        .insertInto('identities')
        .values(
          part.map(({ lidUser, phoneUser }) => ({
            device_id: this.#device,
            lid_user: lidUser,
            phone_user: phoneUser,
            learned_at: this.#database.clock.now().getTime(),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['device_id', 'lid_user']).doUpdateSet((eb) => ({
            phone_user: eb.ref('excluded.phone_user'),
            learned_at: eb.ref('excluded.learned_at'),
          })),
        )
        .execute()
    }
  }
}

type KeyRow = Insertable<Database['signal_keys']>

const upsertKey = new PreparedQuery((db, row: KeyRow) =>
  db
    .insertInto('signal_keys')
    .values(rowOf(row, ['device_id', 'type', 'id', 'body', 'epoch', 'updated_at']))
    .onConflict((conflict) =>
      conflict.columns(['device_id', 'type', 'id']).doUpdateSet((eb) => ({
        body: eb.ref('excluded.body'),
        epoch: eb.ref('excluded.epoch'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    ),
)

const insertDecrypted = new PreparedQuery((db, row: Insertable<Database['decrypted_messages']>) =>
  db
    .insertInto('decrypted_messages')
    .values(rowOf(row, ['device_id', 'ciphertext_hash', 'plaintext', 'decrypted_at']))
    .onConflict((conflict) => conflict.columns(['device_id', 'ciphertext_hash']).doNothing()),
)

function isOneByOne(tx: Tx, rows: readonly unknown[]): boolean {
  return rows.length === 1 || prefersSingleRows(tx)
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += rowsPerStatement) yield items.slice(at, at + rowsPerStatement)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
