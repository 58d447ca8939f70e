import { z } from 'zod'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import {
  deliveriesQuery,
  deliveriesResults,
  deliveryPath,
  replayBody,
  toWireAttempts,
  toWireDelivery,
  wireAttempt,
  wireDelivery,
} from './delivery-schemas.ts'
import type { DeliveryService } from './delivery-service.ts'
import { endpointPath } from './webhook-schemas.ts'

const tags = ['webhook']

/** `/deliveries`, and the replay of past events to an endpoint. */
export function deliveryRoutes({ deliveries }: { readonly deliveries: DeliveryService }): HttpRoutes {
  return (app) => {
    app.get(
      '/deliveries',
      {
        config: { device: 'every', scope: 'admin' },
        schema: {
          tags,
          operationId: 'listDeliveries',
          summary: 'List deliveries of events to webhooks, newest first',
          querystring: lenientQuery(deliveriesQuery),
          response: { 200: envelopeOf(deliveriesResults), ...errorResponses },
        },
      },
      async ({ query }) => {
        const { webhook_id: endpointId, device_id: deviceId, state, before, limit } = query
        const records = await deliveries.list({
          limit,
          ...(endpointId === undefined ? {} : { endpointId }),
          ...(deviceId === undefined ? {} : { deviceId }),
          ...(state === undefined ? {} : { state }),
          ...(before === undefined ? {} : { before: Number(before) }),
        })
        const last = records.length === limit ? records.at(-1) : undefined
        return ok('List deliveries', {
          data: records.map(toWireDelivery),
          ...(last === undefined ? {} : { next: String(last.position) }),
        })
      },
    )
    app.get(
      '/deliveries/:webhook_id/:event_id',
      {
        config: { device: 'every', scope: 'admin' },
        schema: {
          tags,
          operationId: 'getDelivery',
          summary: 'Show a delivery with all its tries',
          params: deliveryPath,
          response: {
            200: envelopeOf(wireDelivery.extend({ tries: z.array(wireAttempt) })),
            ...errorResponses,
          },
        },
      },
      async ({ params }) => {
        const { record, failures } = await deliveries.get(params.webhook_id, params.event_id)
        return ok('Delivery retrieved', {
          ...toWireDelivery(record),
          tries: toWireAttempts(record, failures),
        })
      },
    )
    app.post(
      '/deliveries/:webhook_id/:event_id/retry',
      {
        config: { device: 'every', scope: 'admin' },
        schema: {
          tags,
          operationId: 'retryDelivery',
          summary: 'Make a delivery again, under the same event id',
          params: deliveryPath,
          response: { 200: envelopeOf(wireDelivery), ...errorResponses },
        },
      },
      async ({ params }) =>
        ok('Delivery queued', toWireDelivery(await deliveries.retry(params.webhook_id, params.event_id))),
    )
    app.post(
      '/webhooks/:webhook_id/replay',
      {
        config: { device: 'every', scope: 'admin' },
        schema: {
          tags,
          operationId: 'replayEvents',
          summary: 'Deliver past events to an endpoint once more, in their order and under their ids',
          params: endpointPath,
          body: replayBody,
          response: { 200: envelopeOf(z.object({ events: z.int() })), ...errorResponses },
        },
      },
      async ({ params, body }) => {
        const { since, until, device_id: deviceId, events: kinds, only_dead: onlyDead } = body ?? {}
        const events = await deliveries.replay(params.webhook_id, {
          ...(since === undefined ? {} : { since: new Date(since) }),
          ...(until === undefined ? {} : { until: new Date(until) }),
          ...(deviceId === undefined ? {} : { deviceId }),
          ...(kinds === undefined ? {} : { kinds }),
          ...(onlyDead === undefined ? {} : { onlyDead }),
        })
        return ok('Events queued', { events })
      },
    )
  }
}
