import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { EventKind, NewEvent } from '../../core/event-envelope.ts'
import { type DeviceId, newUlid } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import { SerialQueue } from '../../core/serial-queue.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { EventSink } from '../../outbox/event-sink.ts'
import type { EndpointDirectory } from '../../outbox/outbox.ts'
import { type EventFilter, passes } from './event-filter.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { plainEndpoint, type WebhookEndpoint } from './webhook-endpoint.ts'
import { WebhookEndpointStore } from './webhook-endpoint-store.ts'
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
  /** What the endpoints that `urls` name share beside that. */
  readonly headers: WebhookEndpoint['headers']
  readonly format: WebhookEndpoint['format']
  readonly whenGone: WebhookEndpoint['whenGone']
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
  readonly cipher: RowCipher
  readonly logger: Logger
  readonly transport: WebhookTransport
  readonly settings: WebhookSettings
  readonly retries?: RetryPolicy
  /** Told of the sinks whenever they have changed after `start`. */
  readonly onChange?: (sinks: readonly EventSink[]) => void
}

/** Knows who wants which events: the endpoints in use, read from the database and kept in memory. */
export class WebhookEndpoints implements EndpointDirectory {
  readonly #deps: WebhookEndpointsDeps
  readonly #store: WebhookEndpointStore
  readonly #secrets: WebhookSecretStore
  readonly #reloads = new SerialQueue()
  /** Those of the settings. */
  #configured: readonly ActiveEndpoint[] = []
  /** Those of all devices that callers set up. */
  #ofAll: readonly ActiveEndpoint[] = []
  #slots: ReadonlyMap<DeviceId, ActiveEndpoint> = new Map()
  #ofDevice: ReadonlyMap<DeviceId, readonly ActiveEndpoint[]> = new Map()
  #gatewaySecret = ''

  constructor(deps: WebhookEndpointsDeps) {
    this.#deps = deps
    this.#store = new WebhookEndpointStore(deps.cipher)
    this.#secrets = new WebhookSecretStore(deps.cipher)
  }

  /** Brings the table in line with the settings and reads who is in use. Call it before anything is appended. */
  async start(): Promise<void> {
    await this.#deps.inTransaction((tx) => this.#syncConfigured(tx))
    await this.#load()
  }

  /** Reads anew who is in use, after endpoints were changed, and hands the sinks on. */
  async reload(): Promise<void> {
    await this.#reloads.run(() => this.#load())
    this.#deps.onChange?.(this.sinks())
  }

  /** A device's `slot` endpoint stands in place of those of the settings; what callers set up comes beside them. */
  wanting(
    deviceId: DeviceId,
    event: { readonly kind: EventKind; readonly body: NewEvent['body'] },
  ): readonly string[] {
    const slot = this.#slots.get(deviceId)
    const candidates = [
      ...(slot === undefined ? this.#configured : [slot]),
      ...this.#ofAll,
      ...(this.#ofDevice.get(deviceId) ?? []),
    ]
    return candidates.filter(({ filter }) => passes(filter, event)).map(({ endpoint }) => endpoint.id)
  }

  /** The filter of an endpoint, in use or not. */
  filterOf(endpoint: WebhookEndpoint): EventFilter {
    const { settings } = this.#deps
    const isSlot = endpoint.source === 'slot'
    return {
      // The reference's endpoint of a device has the settings' kinds unless it names some.
      kinds: new Set(isSlot && endpoint.kinds.length === 0 ? settings.events : endpoint.kinds),
      ignoredJids: [...settings.ignoreJids, ...endpoint.ignoredJids],
      includeOutgoing: settings.includeOutgoing,
    }
  }

  /** A sink for every endpoint in use. */
  sinks(): readonly EventSink[] {
    const own = [...this.#slots.values(), ...[...this.#ofDevice.values()].flat()]
    return [...this.#configured, ...this.#ofAll, ...own].map(({ endpoint }) => this.#sinkOf(endpoint))
  }

  #sinkOf(endpoint: WebhookEndpoint): EventSink {
    const { transport, retries, settings, clock } = this.#deps
    const { id, url, headers, format, whenGone } = endpoint
    return new WebhookSink({
      id,
      transport,
      retries: retries ?? {},
      clock,
      secret: endpoint.secret === '' ? this.#gatewaySecret : endpoint.secret,
      format,
      whenGone,
      onGone: () => void this.#disableGone(id),
      target: {
        url,
        headers,
        isTrusted: endpoint.source === 'config',
        skipTlsVerify: endpoint.skipTlsVerify || (endpoint.source !== 'api' && settings.insecureSkipVerify),
      },
    })
  }

  async #load(): Promise<void> {
    const active = await this.#store.active(this.#deps.db)
    if (this.#gatewaySecret === '' && active.some((endpoint) => endpoint.secret === ''))
      this.#gatewaySecret = await this.#findSecret()
    const entries = active.map((endpoint) => ({ endpoint, filter: this.filterOf(endpoint) }))
    const slots = new Map<DeviceId, ActiveEndpoint>()
    const own = new Map<DeviceId, ActiveEndpoint[]>()
    for (const entry of entries) {
      const { deviceId, source } = entry.endpoint
      if (deviceId === null) continue
      if (source === 'slot') slots.set(deviceId, entry)
      else own.set(deviceId, [...(own.get(deviceId) ?? []), entry])
    }
    const ofAll = entries.filter(({ endpoint }) => endpoint.deviceId === null)
    this.#configured = ofAll.filter(({ endpoint }) => endpoint.source === 'config')
    this.#ofAll = ofAll.filter(({ endpoint }) => endpoint.source !== 'config')
    this.#slots = slots
    this.#ofDevice = own
  }

  /** Puts an endpoint out of use that has answered 410 and asked for this. */
  async #disableGone(id: string): Promise<void> {
    const { inTransaction, clock, logger } = this.#deps
    try {
      await inTransaction((tx) => this.#store.disable(tx, id, 'it answered 410', clock.now()))
      logger.warn({ endpointId: id }, 'webhook endpoint answered 410 and is out of use now')
      await this.reload()
    } catch (thrown) {
      logger.error({ endpointId: id, error: toError(thrown) }, 'could not put a webhook endpoint out of use')
    }
  }

  async #syncConfigured(tx: Tx): Promise<void> {
    const { clock, settings } = this.#deps
    const now = clock.now()
    const known = await this.#store.configuredIds(tx)
    await this.#store.deactivateConfigured(tx, now)
    for (const url of new Set(settings.urls)) {
      const endpoint: WebhookEndpoint = {
        ...plainEndpoint,
        id: known.get(url) ?? newUlid(now),
        deviceId: null,
        url,
        kinds: settings.events,
        skipTlsVerify: settings.insecureSkipVerify,
        headers: settings.headers,
        format: settings.format,
        whenGone: settings.whenGone,
        source: 'config',
        createdAt: now,
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
