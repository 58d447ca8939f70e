import type { Selectable } from 'kysely'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import type { Database, Db, Tx } from '../../db/database.ts'
import { encryptedColumns, placeOf } from '../../db/encryption/encrypted-columns.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'
import type { GoneChoice, WebhookEndpoint, WebhookFormat, WebhookSource } from './webhook-endpoint.ts'

/** Reads and writes the table `webhook_endpoints`. */
export class WebhookEndpointStore {
  readonly #cipher: RowCipher

  constructor(cipher: RowCipher) {
    this.#cipher = cipher
  }

  /** All endpoints that are in use, oldest first. */
  async active(db: Db): Promise<WebhookEndpoint[]> {
    const rows = await db
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('is_active', '=', 1)
      .orderBy('id')
      .execute()
    return rows.map((row) => this.#fromRow(row))
  }

  /** Every endpoint that has a URL, in use or not, oldest first; of one device when named, of all devices when null. */
  async all(db: Db, deviceId?: DeviceId | null): Promise<WebhookEndpoint[]> {
    const rows = await db
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('url', '!=', '')
      .$if(deviceId === null, (query) => query.where('device_id', 'is', null))
      .$if(typeof deviceId === 'string', (query) => query.where('device_id', '=', deviceId ?? ''))
      .orderBy('id')
      .execute()
    return rows.map((row) => this.#fromRow(row))
  }

  /** One endpoint that has a URL. */
  async find(db: Db, id: string): Promise<WebhookEndpoint | null> {
    const row = await db
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('id', '=', id)
      .where('url', '!=', '')
      .executeTakeFirst()
    return row === undefined ? null : this.#fromRow(row)
  }

  /** The endpoint that a device has in place of the global ones; without a URL it is only kept. */
  async slotOf(db: Db, deviceId: DeviceId): Promise<WebhookEndpoint | null> {
    const row = await db
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('device_id', '=', deviceId)
      .where('source', '=', 'slot')
      .executeTakeFirst()
    return row === undefined ? null : this.#fromRow(row)
  }

  /** Ids of the endpoints that settings have ever named, by URL. */
  async configuredIds(db: Db): Promise<ReadonlyMap<string, string>> {
    const rows = await db
      .selectFrom('webhook_endpoints')
      .select(['id', 'url'])
      .where('source', '=', 'config')
      .execute()
    return new Map(rows.map((row) => [row.url, row.id]))
  }

  /** Puts endpoints of the settings out of use; what waits for them stays and goes out if they come back. */
  async deactivateConfigured(tx: Tx, at: Date): Promise<void> {
    await tx
      .updateTable('webhook_endpoints')
      .set({ is_active: 0, updated_at: at.getTime() })
      .where('source', '=', 'config')
      .where('is_active', '=', 1)
      .execute()
  }

  /** Puts one endpoint out of use. */
  async disable(tx: Tx, id: string, reason: string, at: Date): Promise<void> {
    await tx
      .updateTable('webhook_endpoints')
      .set({ is_active: 0, disabled_reason: reason, updated_at: at.getTime() })
      .where('id', '=', id)
      .execute()
  }

  /** Adds an endpoint, or brings the one with its id up to date. */
  async save(tx: Tx, endpoint: WebhookEndpoint, at: Date): Promise<void> {
    const fields = {
      device_id: endpoint.deviceId,
      url: endpoint.url,
      secret: this.#cipher.encryptText(secretOf(endpoint.id), endpoint.secret),
      events: endpoint.kinds.join(','),
      ignore_jids: endpoint.ignoredJids.join(','),
      skip_tls_verify: endpoint.skipTlsVerify ? 1 : 0,
      headers: this.#cipher.encryptText(headersOf(endpoint.id), JSON.stringify(endpoint.headers)),
      format: endpoint.format,
      when_gone: endpoint.whenGone,
      source: endpoint.source,
      is_active: endpoint.isActive ? 1 : 0,
      disabled_reason: endpoint.disabledReason,
      updated_at: at.getTime(),
    }
    await tx
      .insertInto('webhook_endpoints')
      .values({ id: endpoint.id, ...fields, created_at: endpoint.createdAt.getTime() })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
      .execute()
  }

  /** Deletes up to `limit` of an endpoint's deliveries; resolves to how many went. */
  async deleteSomeDeliveries(tx: Tx, id: string, limit: number): Promise<number> {
    const { numDeletedRows } = await tx
      .deleteFrom('deliveries')
      .where('id', 'in', (rows) =>
        rows.selectFrom('deliveries').select('id').where('endpoint_id', '=', id).limit(limit),
      )
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }

  /** Deletes an endpoint with what its failed tries met. */
  async delete(tx: Tx, id: string): Promise<void> {
    await tx.deleteFrom('delivery_failures').where('endpoint_id', '=', id).execute()
    await tx.deleteFrom('webhook_endpoints').where('id', '=', id).execute()
  }

  #fromRow(row: Selectable<Database['webhook_endpoints']>): WebhookEndpoint {
    return {
      id: row.id,
      deviceId: row.device_id === null ? null : asDeviceId(row.device_id),
      url: row.url,
      secret: this.#cipher.decryptText(secretOf(row.id), row.secret),
      kinds: listed(row.events),
      ignoredJids: listed(row.ignore_jids),
      skipTlsVerify: row.skip_tls_verify === 1,
      // Written by `save` from such an object.
      headers: JSON.parse(this.#cipher.decryptText(headersOf(row.id), row.headers)) as Record<string, string>,
      format: row.format as WebhookFormat, // written by `save` from the same union
      whenGone: row.when_gone as GoneChoice, // written by `save` from the same union
      source: row.source as WebhookSource, // written by `save` from the same union
      isActive: row.is_active === 1,
      disabledReason: row.disabled_reason,
      createdAt: new Date(row.created_at),
    }
  }
}

function listed(text: string): string[] {
  return text.split(',').filter((entry) => entry !== '')
}

const secretOf = (id: string) => placeOf(encryptedColumns.webhookSecrets, [id])
const headersOf = (id: string) => placeOf(encryptedColumns.webhookHeaders, [id])
