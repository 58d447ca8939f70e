import type { DeviceId, MessageId } from '../../core/ids.ts'
import { asMessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'

/** Whose key it is: the same text from another credential, for another device or route is another key. */
export interface IdempotencyIdentity {
  readonly credential: string
  readonly deviceId: DeviceId
  readonly route: string
  readonly key: string
}

/** A key as recorded. A running one has the message id that was reserved with it. */
export type IdempotencyRecord =
  | { readonly state: 'running'; readonly bodyHash: string; readonly messageId: MessageId }
  | { readonly state: 'done'; readonly bodyHash: string; readonly response: string }

/** The table of idempotency keys. While a key runs, `response` holds the message id reserved with it. */
export class IdempotencyStore {
  /** Writes the key as running and returns null, or returns the record that has it already. Records older than `oldest` are none. */
  async claim(
    tx: Tx,
    identity: IdempotencyIdentity,
    facts: { bodyHash: string; messageId: MessageId; now: Date; oldest: Date },
  ): Promise<IdempotencyRecord | null> {
    await this.#of(
      tx.deleteFrom('idempotency_keys').where('created_at', '<', facts.oldest.getTime()),
      identity,
    ).execute()
    const inserted = await tx
      .insertInto('idempotency_keys')
      .values({
        credential: identity.credential,
        device_id: identity.deviceId,
        route: identity.route,
        key: identity.key,
        body_hash: facts.bodyHash,
        state: 'running',
        status: null,
        response: facts.messageId,
        created_at: facts.now.getTime(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n ? null : this.#find(tx, identity)
  }

  /** Records the outcome of a running key. */
  async finish(tx: Tx, identity: IdempotencyIdentity, status: number, response: string): Promise<void> {
    await this.#of(
      tx.updateTable('idempotency_keys').set({ state: 'done', status, response }),
      identity,
    ).execute()
  }

  /** Forgets the key, so that it can be used again. */
  async release(tx: Tx, identity: IdempotencyIdentity): Promise<void> {
    await this.#of(tx.deleteFrom('idempotency_keys'), identity).execute()
  }

  /** Deletes what is older than `oldest`, of everybody. */
  async prune(tx: Tx, oldest: Date): Promise<void> {
    await tx.deleteFrom('idempotency_keys').where('created_at', '<', oldest.getTime()).execute()
  }

  async #find(db: Db, identity: IdempotencyIdentity): Promise<IdempotencyRecord | null> {
    const row = await this.#of(
      db.selectFrom('idempotency_keys').select(['state', 'body_hash', 'response']),
      identity,
    ).executeTakeFirst()
    if (row === undefined) return null
    const response = row.response ?? ''
    return row.state === 'running'
      ? { state: 'running', bodyHash: row.body_hash, messageId: asMessageId(response) }
      : { state: 'done', bodyHash: row.body_hash, response }
  }

  #of<
    Query extends {
      where(column: 'credential' | 'device_id' | 'route' | 'key', sign: '=', value: string): Query
    },
  >(query: Query, identity: IdempotencyIdentity): Query {
    return query
      .where('credential', '=', identity.credential)
      .where('device_id', '=', identity.deviceId)
      .where('route', '=', identity.route)
      .where('key', '=', identity.key)
  }
}
