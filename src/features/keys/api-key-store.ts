import type { Scope } from '../../core/actor.ts'
import { asDeviceId } from '../../core/ids.ts'
import { toTextColumn } from '../../db/column-values.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { ApiKey } from './api-key.ts'

/** Whom a ticket stands for. */
export interface TicketHolder {
  readonly actor: string
  readonly keyId: string | null
}

/** Rows of `api_keys` and `stream_tickets`. */
export class ApiKeyStore {
  async insert(tx: Tx, key: ApiKey, secretHash: Buffer): Promise<void> {
    await tx
      .insertInto('api_keys')
      .values({
        id: key.id,
        name: toTextColumn(key.name),
        secret_hash: secretHash,
        scopes: JSON.stringify(key.scopes),
        devices: key.devices === null ? null : JSON.stringify(key.devices),
        recipients: key.recipients === null ? null : JSON.stringify(key.recipients),
        requests_per_minute: key.requestsPerMinute,
        created_at: key.createdAt.getTime(),
        created_by: toTextColumn(key.createdBy),
        expires_at: key.expiresAt?.getTime() ?? null,
        last_used_at: null,
        revoked_at: null,
      })
      .execute()
  }

  /** A key with the hash of its secret. */
  async find(db: Db, id: string): Promise<{ readonly key: ApiKey; readonly secretHash: Buffer } | null> {
    const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : { key: fromRow(row), secretHash: row.secret_hash }
  }

  /** All keys, also those that are good for nothing any more, oldest first. */
  async all(db: Db): Promise<ApiKey[]> {
    const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute()
    return rows.map(fromRow)
  }

  /** Which of these keys are good at `now`. */
  async goodOnes(db: Db, ids: readonly string[], now: Date): Promise<string[]> {
    const rows = await db
      .selectFrom('api_keys')
      .select('id')
      .where('id', 'in', ids)
      .where('revoked_at', 'is', null)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now.getTime())]))
      .execute()
    return rows.map(({ id }) => id)
  }

  async touch(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.updateTable('api_keys').set({ last_used_at: at.getTime() }).where('id', '=', id).execute()
  }

  /** Revokes a key; one that is revoked already keeps its time. */
  async revoke(tx: Tx, id: string, at: Date): Promise<void> {
    await tx
      .updateTable('api_keys')
      .set({ revoked_at: at.getTime() })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute()
  }

  async insertTicket(tx: Tx, hash: Buffer, holder: TicketHolder, expiresAt: Date): Promise<void> {
    await tx
      .insertInto('stream_tickets')
      .values({
        ticket_hash: hash,
        actor: toTextColumn(holder.actor),
        key_id: holder.keyId,
        expires_at: expiresAt.getTime(),
      })
      .execute()
  }

  /** Takes a ticket out, so that it is good once; null when there is none or it is too old. Old ones go with it. */
  async takeTicket(tx: Tx, hash: Buffer, now: Date): Promise<TicketHolder | null> {
    await tx.deleteFrom('stream_tickets').where('expires_at', '<=', now.getTime()).execute()
    const row = await tx
      .deleteFrom('stream_tickets')
      .where('ticket_hash', '=', hash)
      .returning(['actor', 'key_id'])
      .executeTakeFirst()
    return row === undefined ? null : { actor: row.actor, keyId: row.key_id }
  }
}

interface ApiKeyRow {
  readonly id: string
  readonly name: string
  readonly scopes: string
  readonly devices: string | null
  readonly recipients: string | null
  readonly requests_per_minute: number | null
  readonly created_at: number
  readonly created_by: string
  readonly expires_at: number | null
  readonly last_used_at: number | null
  readonly revoked_at: number | null
}

function fromRow(row: ApiKeyRow): ApiKey {
  const devices = row.devices === null ? null : (JSON.parse(row.devices) as string[]) // written by `insert`
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[], // written by `insert`
    devices: devices?.map(asDeviceId) ?? null,
    recipients: row.recipients === null ? null : (JSON.parse(row.recipients) as string[]), // written by `insert`
    requestsPerMinute: row.requests_per_minute,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    expiresAt: toDate(row.expires_at),
    lastUsedAt: toDate(row.last_used_at),
    revokedAt: toDate(row.revoked_at),
  }
}

function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}
