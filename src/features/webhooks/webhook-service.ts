import { isIP } from 'node:net'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { type DeviceId, newUlid } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { isForbiddenAddress } from './target-addresses.ts'
import { plainEndpoint, shownUrl, type WebhookEndpoint } from './webhook-endpoint.ts'
import { WebhookEndpointStore } from './webhook-endpoint-store.ts'
import type { WebhookEndpoints } from './webhook-endpoints.ts'

/** What a caller can say about an endpoint; what is absent stays, or is as in `plainEndpoint`. @sensitive */
export type EndpointChanges = Partial<
  Pick<
    WebhookEndpoint,
    | 'url'
    | 'secret'
    | 'kinds'
    | 'ignoredJids'
    | 'skipTlsVerify'
    | 'headers'
    | 'format'
    | 'whenGone'
    | 'isActive'
  >
>

/**
 * What a device's slot endpoint is to be. Without `url` the rest is kept, for when there is one, and the global endpoints stand.
 * `secret` null: the one that there is. @sensitive
 */
export type SlotWish = Pick<WebhookEndpoint, 'url' | 'kinds' | 'skipTlsVerify'> & {
  readonly secret: string | null
}

/** Whether a wish leaves nothing to keep. */
export function isEmptySlot({ url, secret, kinds, skipTlsVerify }: SlotWish): boolean {
  return url === '' && (secret ?? '') === '' && kinds.length === 0 && !skipTlsVerify
}

export interface WebhookServiceDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly cipher: RowCipher
  readonly devices: Pick<DeviceReader, 'find'>
  readonly endpoints: WebhookEndpoints
  /** Told when the slot endpoint of a device has changed. */
  readonly onSlotChange: (deviceId: DeviceId, url: string) => void
}

/** A device may have so many endpoints, and so may all together: each event is a delivery for every one. */
const mostPerOwner = 20
const rowsPerCommit = 500

/** Sets up, shows and takes away the endpoints of one device or of all. Unknown devices are `device_not_found`. */
export class WebhookService {
  readonly #deps: WebhookServiceDeps
  readonly #store: WebhookEndpointStore

  constructor(deps: WebhookServiceDeps) {
    this.#deps = deps
    this.#store = new WebhookEndpointStore(deps.cipher)
  }

  /** Every endpoint of the gateway, those of the settings included. */
  async all(): Promise<WebhookEndpoint[]> {
    return await this.#store.all(this.#deps.db)
  }

  /** One endpoint of the gateway. Rejects with `webhook_not_found`. */
  async get(id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.#store.find(this.#deps.db, id)
    if (endpoint === null) throw new AppError('webhook_not_found', { details: { webhookId: id } })
    return endpoint
  }

  /** A device's own endpoints, oldest first. */
  async ofDevice(deviceId: DeviceId): Promise<WebhookEndpoint[]> {
    await this.#ensureDevice(deviceId)
    return await this.#store.all(this.#deps.db, deviceId)
  }

  /** One of a device's own endpoints. Rejects with `webhook_not_found`. */
  async getOfDevice(deviceId: DeviceId, id: string): Promise<WebhookEndpoint> {
    await this.#ensureDevice(deviceId)
    const endpoint = await this.get(id)
    if (endpoint.deviceId !== deviceId)
      throw new AppError('webhook_not_found', { details: { webhookId: id } })
    return endpoint
  }

  /** Sets up one more endpoint, for a device or (null) for all. Rejects with `validation_failed` for a target that is never posted to. */
  async create(
    deviceId: DeviceId | null,
    changes: EndpointChanges & { readonly url: string },
  ): Promise<WebhookEndpoint> {
    if (deviceId !== null) await this.#ensureDevice(deviceId)
    ensureTarget('url', changes.url)
    const now = this.#deps.clock.now()
    const endpoint: WebhookEndpoint = {
      ...plainEndpoint,
      ...changes,
      id: newUlid(now),
      deviceId,
      source: 'api',
      createdAt: now,
    }
    await this.#deps.inTransaction(async (tx) => {
      const others = await this.#store.all(tx, deviceId)
      if (others.filter(({ source }) => source !== 'config').length >= mostPerOwner) {
        const whose =
          deviceId === null
            ? `there can be at most ${mostPerOwner} webhook endpoints of all devices`
            : `a device can have at most ${mostPerOwner} webhook endpoints`
        throw new AppError('validation_failed', { message: whose })
      }
      await this.#store.save(tx, endpoint, now)
    })
    await this.#deps.endpoints.reload()
    return endpoint
  }

  /** Changes one of a device's endpoints, or (null) whosoever it is. Putting it in use again forgets why it was not. */
  async update(deviceId: DeviceId | null, id: string, changes: EndpointChanges): Promise<WebhookEndpoint> {
    const known = await this.#changeable(deviceId, id)
    // Whoever sends back what was shown means no change.
    const { url, ...others } = changes
    const isNewUrl = url !== undefined && url !== shownUrl(known.url)
    if (isNewUrl) ensureTarget('url', url)
    const endpoint = {
      ...known,
      ...others,
      ...(isNewUrl ? { url } : {}),
      ...(changes.isActive === undefined ? {} : { disabledReason: '' }),
    }
    await this.#save(endpoint)
    return endpoint
  }

  /** Takes one of a device's endpoints away, or (null) whosoever it is, with all its deliveries. */
  async remove(deviceId: DeviceId | null, id: string): Promise<void> {
    await this.#delete(await this.#changeable(deviceId, id))
  }

  /** The endpoint that stands in place of the global ones, or what is kept of it without a URL; null when there is neither. */
  async slot(deviceId: DeviceId): Promise<WebhookEndpoint | null> {
    await this.#ensureDevice(deviceId)
    return await this.#store.slotOf(this.#deps.db, deviceId)
  }

  /** Sets, changes or (with an empty URL) puts out of use the endpoint that stands in place of the global ones. */
  async setSlot(deviceId: DeviceId, wish: SlotWish): Promise<WebhookEndpoint | null> {
    const known = await this.slot(deviceId)
    const secret = wish.secret ?? known?.secret ?? ''
    const hasUrl = wish.url !== ''
    const url =
      hasUrl && known !== null && known.url !== '' && wish.url === shownUrl(known.url) ? known.url : wish.url
    if (hasUrl && url !== known?.url) ensureTarget('webhook_url', url)
    // What waits for an endpoint goes with its URL, so one that gets or loses it is another one.
    const stays = known !== null && hasUrl && known.url !== ''
    if (known !== null && !stays) await this.#delete(known)
    const endpoint = isEmptySlot({ ...wish, secret })
      ? null
      : { ...(stays ? known : this.#newSlot(deviceId, hasUrl)), ...wish, url, secret }
    if (endpoint !== null) await this.#save(endpoint)
    this.#deps.onSlotChange(deviceId, hasUrl ? shownUrl(url) : '')
    return endpoint
  }

  async #changeable(deviceId: DeviceId | null, id: string): Promise<WebhookEndpoint> {
    const endpoint = await (deviceId === null ? this.get(id) : this.getOfDevice(deviceId, id))
    if (endpoint.source === 'config')
      throw new AppError('webhook_of_settings', { details: { webhookId: id } })
    return endpoint
  }

  #newSlot(deviceId: DeviceId, isActive: boolean) {
    const now = this.#deps.clock.now()
    return { ...plainEndpoint, id: newUlid(now), deviceId, source: 'slot' as const, createdAt: now, isActive }
  }

  async #save(endpoint: WebhookEndpoint): Promise<void> {
    const { inTransaction, clock, endpoints } = this.#deps
    await inTransaction((tx) => this.#store.save(tx, endpoint, clock.now()))
    await endpoints.reload()
  }

  /** Out of use first, so that nothing more is put on its way while its deliveries go in small steps. */
  async #delete(endpoint: WebhookEndpoint): Promise<void> {
    const { inTransaction } = this.#deps
    await this.#save({ ...endpoint, isActive: false })
    let deleted: number
    do deleted = await inTransaction((tx) => this.#store.deleteSomeDeliveries(tx, endpoint.id, rowsPerCommit))
    while (deleted > 0)
    await inTransaction((tx) => this.#store.delete(tx, endpoint.id))
  }

  async #ensureDevice(deviceId: DeviceId): Promise<void> {
    if ((await this.#deps.devices.find(deviceId)) !== null) return
    throw new AppError('device_not_found', { message: 'device not found', details: { deviceId } })
  }
}

/** Refuses a URL that could never be posted to; names are looked at again whenever a connection is made. */
export function ensureTarget(field: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new AppError('validation_failed', { message: `${field}: must be a valid URL.` })
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isForbiddenAddress(host)) {
    throw new AppError('validation_failed', { message: `${field}: webhooks are never sent to ${host}.` })
  }
}
