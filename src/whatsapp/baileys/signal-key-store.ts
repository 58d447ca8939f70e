import { sql } from 'kysely'
import type { DeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'

/** A key row to write; `null` deletes it. */
export interface KeyChange {
  readonly type: string
  readonly id: string
  readonly body: Buffer | null
}

/** A ciphertext's plaintext, kept so that it is never decrypted twice. */
export interface DecryptedText {
  readonly hash: Buffer
  readonly plaintext: Buffer
}

/** A LID and the phone number of the same person, both without server part. */
export interface IdentityPair {
  readonly lidUser: string
  readonly phoneUser: string
}

/** Everything that one commit of a device's key material writes. */
export interface KeyBatch {
  readonly changes: readonly KeyChange[]
  readonly decrypted: readonly DecryptedText[]
}

/** Engines limit how many values one statement may name. */
const rowsPerStatement = 400

/** The key material tables of one device. `epoch` is the number of the device's lease. */
export class SignalKeyStore {
  readonly #device: DeviceId
  readonly #epoch: number

  constructor(device: DeviceId, epoch: number) {
    this.#device = device
    this.#epoch = epoch
  }

  /** The rows of one type that exist, by id. */
  async read(db: Db, type: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    const found = new Map<string, Buffer>()
    for (const part of chunks(ids)) {
      const rows = await db
        .selectFrom('signal_keys')
        .select(['id', 'body'])
        .where('device_id', '=', this.#device)
        .where('type', '=', type)
        .where('id', 'in', part)
        .execute()
      for (const row of rows) found.set(row.id, row.body)
    }
    return found
  }

  /** The highest one-time prekey id stored, 0 when there is none. */
  async highestPreKeyId(db: Db): Promise<number> {
    const row = await db
      .selectFrom('signal_keys')
      .select(sql<number | string | null>`max(cast(id as integer))`.as('highest'))
      .where('device_id', '=', this.#device)
      .where('type', '=', 'pre-key')
      .executeTakeFirst()
    return Number(row?.highest ?? 0)
  }

  /** Writes a batch inside the transaction given. Rows are sorted, so that two writers cannot wait for each other. */
  async write(tx: Tx, batch: KeyBatch, at: Date): Promise<void> {
    const sorted = [...batch.changes].sort((a, b) => compare(a.type, b.type) || compare(a.id, b.id))
    await this.#upsert(tx, sorted, at)
    await this.#delete(tx, sorted)
    await this.#keepDecrypted(tx, batch.decrypted, at)
  }

  /** The plaintext of a ciphertext that was decrypted before, by any of its hashes. */
  async decryptedBefore(db: Db, hashes: readonly Buffer[]): Promise<Buffer | null> {
    const row = await db
      .selectFrom('decrypted_messages')
      .select('plaintext')
      .where('device_id', '=', this.#device)
      .where('ciphertext_hash', 'in', [...hashes])
      .executeTakeFirst()
    return row?.plaintext ?? null
  }

  /** The LID of each phone number that has one; the pair learnt last wins. */
  async lidsOf(db: Db, phoneUsers: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const part of chunks(phoneUsers)) {
      const rows = await db
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
  async phonesOf(db: Db, lidUsers: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const part of chunks(lidUsers)) {
      const rows = await db
        .selectFrom('identities')
        .select(['phone_user', 'lid_user'])
        .where('device_id', '=', this.#device)
        .where('lid_user', 'in', part)
        .execute()
      for (const row of rows) found.set(row.lid_user, row.phone_user)
    }
    return found
  }

  /** Writes who is who, inside the transaction given. */
  async learnIdentities(tx: Tx, pairs: readonly IdentityPair[], at: Date): Promise<void> {
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
            learned_at: at.getTime(),
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

  /** The stored credentials. */
  async readCredentials(db: Db): Promise<Buffer | null> {
    const row = await db
      .selectFrom('credentials')
      .select('body')
      .where('device_id', '=', this.#device)
      .executeTakeFirst()
    return row?.body ?? null
  }

  async writeCredentials(tx: Tx, body: Buffer, at: Date): Promise<void> {
    await tx
      .insertInto('credentials')
      .values({ device_id: this.#device, body, epoch: this.#epoch, updated_at: at.getTime() })
      .onConflict((conflict) =>
        conflict.column('device_id').doUpdateSet((eb) => ({
          body: eb.ref('excluded.body'),
          epoch: eb.ref('excluded.epoch'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute()
  }

  /** Forgets credentials, keys and kept plaintexts; what was learnt about other people stays. */
  async deleteAll(tx: Tx): Promise<void> {
    await tx.deleteFrom('credentials').where('device_id', '=', this.#device).execute()
    await tx.deleteFrom('signal_keys').where('device_id', '=', this.#device).execute()
    await tx.deleteFrom('decrypted_messages').where('device_id', '=', this.#device).execute()
  }

  async #upsert(tx: Tx, changes: readonly KeyChange[], at: Date): Promise<void> {
    const rows = changes.flatMap(({ type, id, body }) =>
      body === null
        ? []
        : [{ device_id: this.#device, type, id, body, epoch: this.#epoch, updated_at: at.getTime() }],
    )
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
    for (const part of chunks(decrypted)) {
      await tx
        .insertInto('decrypted_messages')
        .values(
          part.map(({ hash, plaintext }) => ({
            device_id: this.#device,
            ciphertext_hash: hash,
            plaintext,
            decrypted_at: at.getTime(),
          })),
        )
        .onConflict((conflict) => conflict.columns(['device_id', 'ciphertext_hash']).doNothing())
        .execute()
    }
  }
}

/**
 * Deletes up to `limit` kept plaintexts of all devices older than `olderThan`; resolves with how many there were.
 * One step of a pruning: the caller repeats it until less than `limit` are gone.
 */
export async function pruneDecrypted(tx: Tx, olderThan: Date, limit: number): Promise<number> {
  const rows = await tx
    .selectFrom('decrypted_messages')
    .select(['device_id', 'ciphertext_hash'])
    .where('decrypted_at', '<', olderThan.getTime())
    .orderBy('decrypted_at')
    .limit(limit)
    .execute()
  const byDevice = Map.groupBy(rows, (row) => row.device_id)
  for (const [device, group] of byDevice) {
    await tx
      .deleteFrom('decrypted_messages')
      .where('device_id', '=', device)
      .where(
        'ciphertext_hash',
        'in',
        group.map((row) => row.ciphertext_hash),
      )
      .execute()
  }
  return rows.length
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += rowsPerStatement) yield items.slice(at, at + rowsPerStatement)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
