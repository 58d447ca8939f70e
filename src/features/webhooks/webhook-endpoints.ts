import type { Clock } from '../../core/clock.ts'
import type { EventKind, NewEvent } from '../../core/event-envelope.ts'
import { type DeviceId, newUlid } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { EventSink } from '../../outbox/event-sink.ts'
import type { EndpointDirectory } from '../../outbox/outbox.ts'
import { type EventFilter, passes } from './event-filter.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { type WebhookEndpoint, WebhookEndpointStore } from './webhook-endpoint-store.ts'
import { WebhookSecretStore, webhookSecretSetting } from './webhook-secret-store.ts'
import { WebhookSink } from './webhook-sink.ts'
import type { WebhookTransport } from './webhook-transport.ts'

/** The operator's settings for webhooks. @sensitive */
export interface WebhookSettings {
  readonly urls: readonly string[]
  /** Absent or '': one is made once and kept in the database. */
  readonly secret?: string
  readonly insecureSkipVerify: boolean
  /** Kinds by name, lower case; empty for all that the reference has. */
  readonly events: readonly string[]
  readonly ignoreJids: readonly string[]
  readonly includeOutgoing: boolean
}

interface ActiveEndpoint {
  readonly endpoint: WebhookEndpoint
  readonly filter: EventFilter
}

/** What the endpoints are made of. */
export interface WebhookEndpointsDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly logger: Logger
  readonly transport: WebhookTransport
  readonly settings: WebhookSettings
  readonly retries?: RetryPolicy
}

/** Knows who wants which events: the endpoints in use, read at `start` and kept in memory. */
export class WebhookEndpoints implements EndpointDirectory {
  readonly #deps: WebhookEndpointsDeps
  readonly #store = new WebhookEndpointStore()
  readonly #secrets = new WebhookSecretStore()
  #global: readonly ActiveEndpoint[] = []
  #ofDevice: ReadonlyMap<DeviceId, readonly ActiveEndpoint[]> = new Map()
  #gatewaySecret = ''

  constructor(deps: WebhookEndpointsDeps) {
    this.#deps = deps
  }

  /** Brings the table in line with the settings and reads who is in use. Call it before anything is appended. */
  async start(): Promise<void> {
    const { db, inTransaction, settings } = this.#deps
    await inTransaction((tx) => this.#syncConfigured(tx))
    const active = await this.#store.active(db)
    if (active.some((endpoint) => endpoint.secret === '')) this.#gatewaySecret = await this.#findSecret()
    const entries = active.map((endpoint) => ({ endpoint, filter: filterOf(endpoint, settings) }))
    this.#global = entries.filter(({ endpoint }) => endpoint.deviceId === null)
    const own = new Map<DeviceId, ActiveEndpoint[]>()
    for (const entry of entries) {
      const { deviceId } = entry.endpoint
      if (deviceId !== null) own.set(deviceId, [...(own.get(deviceId) ?? []), entry])
    }
    this.#ofDevice = own
  }

  wanting(
    deviceId: DeviceId,
    event: { readonly kind: EventKind; readonly body: NewEvent['body'] },
  ): readonly string[] {
    const candidates = this.#ofDevice.get(deviceId) ?? this.#global
    return candidates.filter(({ filter }) => passes(filter, event)).map(({ endpoint }) => endpoint.id)
  }

  /** A sink for every endpoint in use. */
  sinks(): readonly EventSink[] {
    const { transport, retries, settings } = this.#deps
    return [...this.#global, ...[...this.#ofDevice.values()].flat()].map(
      ({ endpoint }) =>
        new WebhookSink({
          id: endpoint.id,
          transport,
          retries: retries ?? {},
          target: {
            url: endpoint.url,
            secret: endpoint.secret === '' ? this.#gatewaySecret : endpoint.secret,
            skipTlsVerify: endpoint.skipTlsVerify || settings.insecureSkipVerify,
          },
        }),
    )
  }

  async #syncConfigured(tx: Tx): Promise<void> {
    const { clock, settings } = this.#deps
    const now = clock.now()
    const known = await this.#store.configuredIds(tx)
    await this.#store.deactivateConfigured(tx, now)
    for (const url of new Set(settings.urls)) {
      const endpoint: WebhookEndpoint = {
        id: known.get(url) ?? newUlid(now),
        deviceId: null,
        url,
        secret: '',
        kinds: settings.events,
        skipTlsVerify: settings.insecureSkipVerify,
        source: 'config',
      }
      await this.#store.save(tx, endpoint, now)
    }
  }

  async #findSecret(): Promise<string> {
    const { clock, inTransaction, logger, settings } = this.#deps
    if (settings.secret === 'secret') {
      logger.warn({}, "WHATSAPP_WEBHOOK_SECRET is 'secret', which everybody knows: anyone can forge webhooks")
    }
    if (settings.secret !== undefined && settings.secret !== '') return settings.secret
    const { secret, isNew } = await inTransaction((tx) => this.#secrets.ensure(tx, clock.now()))
    logger.info(
      { table: 'settings', name: webhookSecretSetting, isNew },
      'WHATSAPP_WEBHOOK_SECRET is not set: webhooks are signed with a generated secret, which the database holds',
    )
    return secret
  }
}

function filterOf(endpoint: WebhookEndpoint, settings: WebhookSettings): EventFilter {
  return {
    kinds: new Set(endpoint.kinds),
    ignoredJids: settings.ignoreJids,
    includeOutgoing: settings.includeOutgoing,
  }
}
