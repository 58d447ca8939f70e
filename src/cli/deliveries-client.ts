import { z } from 'zod'
import type { GatewayClient } from './gateway-client.ts'
import { listedEndpoint } from './webhooks.ts'

const delivery = z.object({
  webhook_id: z.string(),
  event_id: z.string(),
  device_id: z.string(),
  event: z.string(),
  state: z.string(),
  attempts: z.number(),
  last_status: z.number().optional(),
  last_error: z.string().optional(),
  next_attempt_at: z.string().optional(),
})
const tries = z.array(
  z.object({
    attempt: z.number(),
    at: z.string(),
    duration_ms: z.number(),
    status: z.number().optional(),
    error: z.string().optional(),
  }),
)

/** A delivery as the gateway lists it. */
export type ListedDelivery = z.output<typeof delivery>

type Query = Readonly<Record<string, string | undefined>>

/** The gateway's operations on deliveries. Every call rejects with a CommandError that says what to do. */
export class DeliveriesClient {
  readonly #gateway: GatewayClient

  constructor(gateway: GatewayClient) {
    this.#gateway = gateway
  }

  async list(query: Query): Promise<readonly ListedDelivery[]> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const path = `/deliveries?${new URLSearchParams(given).toString()}`
    return (await this.#gateway.call('GET', path, z.object({ data: z.array(delivery) }))).data
  }

  async show(endpointId: string, eventId: string) {
    return await this.#gateway.call('GET', pathOf(endpointId, eventId), delivery.extend({ tries }))
  }

  async retry(endpointId: string, eventId: string): Promise<ListedDelivery> {
    return await this.#gateway.call('POST', `${pathOf(endpointId, eventId)}/retry`, delivery)
  }

  async replay(endpointId: string, range: object): Promise<number> {
    const path = `/webhooks/${encodeURIComponent(endpointId)}/replay`
    return (await this.#gateway.call('POST', path, z.object({ events: z.number() }), range)).events
  }

  async endpoints() {
    return await this.#gateway.call('GET', '/webhooks', z.array(listedEndpoint))
  }
}

function pathOf(endpointId: string, eventId: string): string {
  return `/deliveries/${encodeURIComponent(endpointId)}/${encodeURIComponent(eventId)}`
}
