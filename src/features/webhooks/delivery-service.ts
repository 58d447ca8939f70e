import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { EventEnvelope } from '../../core/event-envelope.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { EndpointDirectory, Outbox } from '../../outbox/outbox.ts'
import {
  type DeliveryFailure,
  type DeliveryFilter,
  type DeliveryRecord,
  DeliveryRecordStore,
  type PastEvent,
  type PastEventFilter,
} from './delivery-record-store.ts'
import { wantsKind } from './event-filter.ts'
import type { WebhookService } from './webhook-service.ts'

export interface DeliveryServiceDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly webhooks: Pick<WebhookService, 'get'>
  readonly endpoints: EndpointDirectory
  readonly outbox: Pick<Outbox, 'wake'>
  /** Makes an endpoint's waiting deliveries due now. */
  readonly hurry: (endpointId: string) => void
}

/** What to put on its way once more. */
export interface ReplayRequest extends PastEventFilter {
  /** Only those that were given up. */
  readonly onlyDead?: boolean
}

const eventsPerCommit = 100

/** Shows deliveries, and makes them again. */
export class DeliveryService {
  readonly #deps: DeliveryServiceDeps
  readonly #store = new DeliveryRecordStore()

  constructor(deps: DeliveryServiceDeps) {
    this.#deps = deps
  }

  /** Deliveries, newest first. */
  async list(filter: DeliveryFilter): Promise<DeliveryRecord[]> {
    return await this.#store.list(this.#deps.db, filter)
  }

  /** One delivery with what its failed tries met. Rejects with `delivery_not_found`. */
  async get(
    endpointId: string,
    eventId: string,
  ): Promise<{ readonly record: DeliveryRecord; readonly failures: readonly DeliveryFailure[] }> {
    const record = await this.#store.find(this.#deps.db, endpointId, eventId)
    if (record === null) throw new AppError('delivery_not_found', { details: { endpointId, eventId } })
    return { record, failures: await this.#store.failures(this.#deps.db, endpointId, eventId) }
  }

  /**
   * Makes a delivery again: one that waits is due now (as everything that waits for its endpoint), any other goes out once
   * more under the same event id. Rejects with `delivery_not_found`, `webhook_inactive`.
   */
  async retry(endpointId: string, eventId: string): Promise<DeliveryRecord> {
    const { record } = await this.get(endpointId, eventId)
    await this.#ensureActive(endpointId)
    if (record.state === 'pending') this.#deps.hurry(endpointId)
    else await this.#again(endpointId, eventId)
    return (await this.get(endpointId, eventId)).record
  }

  /**
   * Puts past events on their way to an endpoint in their order, under the ids they always had, as far as the endpoint wants
   * them. Resolves to how many. Rejects with `webhook_not_found`, `webhook_inactive`.
   */
  async replay(endpointId: string, request: ReplayRequest): Promise<number> {
    await this.#ensureActive(endpointId)
    const until = request.until ?? this.#deps.clock.now()
    const kinds = request.kinds === undefined ? null : new Set(request.kinds)
    let count = 0
    let after = 0
    for (;;) {
      const { kinds: _, ...filter } = { ...request, until }
      const events = await this.#store.pastEvents(this.#deps.db, filter, after, eventsPerCommit)
      const wanted = events.filter(
        (event) => (kinds === null || wantsKind(kinds, event.kind)) && this.#wants(endpointId, event),
      )
      count += await this.#enqueue(endpointId, wanted, request.onlyDead === true)
      const last = events.at(-1)
      if (last === undefined || events.length < eventsPerCommit) return count
      after = last.position
    }
  }

  async #again(endpointId: string, eventId: string): Promise<void> {
    const event = await this.#store.event(this.#deps.db, eventId)
    if (event !== null) await this.#enqueue(endpointId, [event], false)
  }

  async #enqueue(endpointId: string, events: readonly PastEvent[], onlyDead: boolean): Promise<number> {
    if (events.length === 0) return 0
    const { inTransaction, clock, outbox } = this.#deps
    const count = await inTransaction(async (tx) => {
      let made = 0
      for (const event of events) {
        if (onlyDead && (await this.#store.stateOf(tx, endpointId, event.id)) !== 'dead') continue
        if (await this.#store.enqueue(tx, endpointId, event, clock.now())) made += 1
      }
      return made
    })
    outbox.wake()
    return count
  }

  #wants(endpointId: string, { deviceId, kind, body }: PastEvent): boolean {
    const parsed = JSON.parse(body) as EventEnvelope['body'] // written by SqlOutbox from such an object
    return this.#deps.endpoints.wanting(deviceId, { kind, body: parsed }).includes(endpointId)
  }

  async #ensureActive(endpointId: string): Promise<void> {
    const { isActive } = await this.#deps.webhooks.get(endpointId)
    if (!isActive) throw new AppError('webhook_inactive', { details: { webhookId: endpointId } })
  }
}
