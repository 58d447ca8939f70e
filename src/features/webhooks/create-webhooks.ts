import type { WebhookConfig } from '../../config/config.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Tracing } from '../../core/tracing.ts'
import type { Db } from '../../db/database.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { type Backlog, DeliveryStore } from '../../outbox/delivery-store.ts'
import type { EventSink } from '../../outbox/event-sink.ts'
import { OutboxRelay } from '../../outbox/outbox-relay.ts'
import { SqlOutbox } from '../../outbox/outbox-store.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { DeviceWebhooks } from '../devices/device-routes.ts'
import { DeliveryService } from './delivery-service.ts'
import { WebhookEndpoints } from './webhook-endpoints.ts'
import { deviceWebhooks } from './webhook-schemas.ts'
import { WebhookService } from './webhook-service.ts'
import { WebhookTransport } from './webhook-transport.ts'

/** Webhooks seen from outside: the outbox to append to, what routes call, and a life to start and stop. */
export interface Webhooks {
  readonly outbox: SqlOutbox
  readonly endpoints: WebhookService
  readonly deliveries: DeliveryService
  readonly deviceWebhooks: DeviceWebhooks
  /** Forgets the endpoints of a device that is gone. */
  forget(): Promise<void>
  /** Reads the endpoints; call it before anything is appended. */
  load(): Promise<void>
  /** What each endpoint in use has still to get. */
  backlog(): Promise<readonly Backlog[]>
  /** Starts delivering. */
  start(): void
  stop(): Promise<void>
}

/** Builds everything that brings events to webhooks. */
export function createWebhooks(deps: {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly cipher: RowCipher
  readonly logger: Logger
  readonly settings: WebhookConfig
  readonly userAgent: string
  readonly devices: Pick<DeviceReader, 'find'>
  readonly onSlotChange: (deviceId: DeviceId, url: string) => void
  /** Told when something was committed, beside the deliveries. */
  readonly onCommit: () => void
  /** Tells the span that events are appended in. */
  readonly tracing?: Pick<Tracing, 'current'> | null
  /** Puts something in front of each sink. */
  readonly decorate?: (sink: EventSink) => EventSink
}): Webhooks {
  const {
    db,
    inTransaction,
    clock,
    cipher,
    logger,
    settings,
    devices,
    onSlotChange,
    tracing = null,
    decorate = (sink) => sink,
  } = deps
  const base = { db, inTransaction, clock, cipher, logger }
  const transport = new WebhookTransport({ userAgent: deps.userAgent, timeoutMs: settings.timeoutMs })
  const relay = new OutboxRelay(base)
  const pending = new DeliveryStore()
  const endpoints = new WebhookEndpoints({
    ...base,
    transport,
    settings,
    retries: { giveUpAfterMs: settings.giveUpAfterMs, longestDelayMs: settings.longestDelayMs },
    onChange: (sinks) => relay.setSinks(sinks.map(decorate)),
  })
  const outbox = new SqlOutbox({
    endpoints,
    clock,
    tracing,
    onWake: () => {
      relay.wake()
      deps.onCommit()
    },
    onRelease: (deviceId, lane) => relay.release(deviceId, lane),
  })
  const webhooks = new WebhookService({ ...base, devices, endpoints, onSlotChange })
  const deliveries = new DeliveryService({
    ...base,
    webhooks,
    endpoints,
    outbox,
    hurry: (endpointId) => relay.hurry(endpointId),
  })
  return {
    outbox,
    endpoints: webhooks,
    deliveries,
    deviceWebhooks: deviceWebhooks(webhooks),
    forget: () => endpoints.reload(),
    load: () => endpoints.start(),
    start: () => relay.start(endpoints.sinks().map(decorate)),
    backlog: () =>
      pending.backlog(
        db,
        endpoints.sinks().map(({ id }) => id),
      ),
    async stop() {
      await relay.stop()
      await transport.close()
    },
  }
}
