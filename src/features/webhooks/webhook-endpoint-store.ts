import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'

/** Somebody who wants events. `deviceId` null: of every device that has no endpoint of its own. @sensitive */
export interface WebhookEndpoint {
  readonly id: string
  readonly deviceId: DeviceId | null
  readonly url: string
  /** '' for the gateway's own secret. */
  readonly secret: string
  /** Kinds by name, lower case; empty for all that the reference has. */
  readonly kinds: readonly string[]
  readonly skipTlsVerify: boolean
  /** `config`: named by the operator's settings. `api`: by a caller. */
  readonly source: 'config' | 'api'
}

/** Reads and writes the table `webhook_endpoints`. */
export class WebhookEndpointStore {
  /** All endpoints that are in use, oldest first. */
  async active(db: Db): Promise<WebhookEndpoint[]> {
    const rows = await db
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('is_active', '=', 1)
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      deviceId: row.device_id === null ? null : asDeviceId(row.device_id),
      url: row.url,
      secret: row.secret,
      kinds: row.events.split(',').filter((kind) => kind !== ''),
      skipTlsVerify: row.skip_tls_verify === 1,
      source: row.source === 'config' ? 'config' : 'api',
    }))
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

  /** Adds an endpoint, or brings the one with its id up to date, and puts it in use. */
  async save(tx: Tx, endpoint: WebhookEndpoint, at: Date): Promise<void> {
    const fields = {
      device_id: endpoint.deviceId,
      url: endpoint.url,
      secret: endpoint.secret,
      events: endpoint.kinds.join(','),
      skip_tls_verify: endpoint.skipTlsVerify ? 1 : 0,
      source: endpoint.source,
      is_active: 1,
      updated_at: at.getTime(),
    }
    await tx
      .insertInto('webhook_endpoints')
      .values({ id: endpoint.id, ...fields, created_at: at.getTime() })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
      .execute()
  }
}
