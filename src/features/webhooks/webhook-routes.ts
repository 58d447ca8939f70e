import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { asDeviceId } from '../../core/ids.ts'
import {
  envelopeOf,
  errorResponses,
  type HttpApp,
  type HttpRoutes,
  ok,
  plainEnvelope,
} from '../../http/http-app.ts'
import { unreadableIfMistyped } from '../../http/zod-validator.ts'
import {
  createEndpointBody,
  deviceEndpointPath,
  devicePath,
  endpointPath,
  slotBody,
  toEndpointChanges,
  toSlotWish,
  toWireEndpoint,
  toWireSlot,
  updateEndpointBody,
  wireEndpoint,
  wireSlot,
} from './webhook-schemas.ts'
import type { WebhookService } from './webhook-service.ts'

const tags = ['webhook']

/** `/devices/{id}/webhook` (the reference's), `/devices/{id}/webhooks` and `/webhooks`. */
export function webhookRoutes(deps: { readonly webhooks: WebhookService }): HttpRoutes {
  return (app) => {
    addSlotRoutes(app, deps.webhooks)
    addDeviceRoutes(app, deps.webhooks)
    addGatewayRoutes(app, deps.webhooks)
  }
}

function addSlotRoutes(app: HttpApp, webhooks: WebhookService): void {
  const shared = { tags, params: devicePath, response: { 200: envelopeOf(wireSlot), ...errorResponses } }
  app.get(
    '/devices/:device_id/webhook',
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        ...shared,
        operationId: 'getDeviceWebhook',
        summary: 'Show the webhook that a device has in place of the global ones',
      },
    },
    async ({ params }) => {
      const deviceId = asDeviceId(params.device_id)
      return ok('Device webhook retrieved', toWireSlot(deviceId, await webhooks.slot(deviceId)))
    },
  )
  app.patch(
    '/devices/:device_id/webhook',
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        ...shared,
        operationId: 'updateDeviceWebhook',
        summary: 'Give a device a webhook in place of the global ones, or take it away',
        body: unreadableIfMistyped(slotBody),
      },
    },
    async ({ params, body }) => {
      const deviceId = asDeviceId(params.device_id)
      if (body?.webhook_url === undefined)
        throw new AppError('bad_request', { message: 'webhook_url is required' })
      const endpoint = await webhooks.setSlot(deviceId, toSlotWish(body))
      return ok('Device webhook updated', toWireSlot(deviceId, endpoint))
    },
  )
}

function addDeviceRoutes(app: HttpApp, webhooks: WebhookService): void {
  const one = { 200: envelopeOf(wireEndpoint), ...errorResponses }
  const list = { 200: envelopeOf(z.array(wireEndpoint)), ...errorResponses }
  app.get(
    '/devices/:device_id/webhooks',
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        tags,
        operationId: 'listDeviceWebhooks',
        summary: 'List the webhook endpoints of a device, oldest first',
        params: devicePath,
        response: list,
      },
    },
    async ({ params }) => {
      const endpoints = await webhooks.ofDevice(asDeviceId(params.device_id))
      return ok('List device webhooks', endpoints.map(toWireEndpoint))
    },
  )
  app.post(
    '/devices/:device_id/webhooks',
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        tags,
        operationId: 'createDeviceWebhook',
        summary: 'Add a webhook endpoint to a device, beside all others',
        params: devicePath,
        body: createEndpointBody,
        response: one,
      },
    },
    async (request) => {
      const { params, body } = request
      const changes = { ...toEndpointChanges(body), url: body.url.trim() }
      const endpoint = await webhooks.create(asDeviceId(params.device_id), changes)
      request.auditSubject = endpoint.id
      return ok('Device webhook added', toWireEndpoint(endpoint))
    },
  )
  const path = '/devices/:device_id/webhooks/:webhook_id'
  app.get(
    path,
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        tags,
        operationId: 'getDeviceWebhookEndpoint',
        summary: 'Show a webhook endpoint of a device',
        params: deviceEndpointPath,
        response: one,
      },
    },
    async ({ params }) => {
      const endpoint = await webhooks.getOfDevice(asDeviceId(params.device_id), params.webhook_id)
      return ok('Device webhook retrieved', toWireEndpoint(endpoint))
    },
  )
  app.patch(
    path,
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        tags,
        operationId: 'updateDeviceWebhookEndpoint',
        summary: 'Change a webhook endpoint of a device; what is not named stays',
        params: deviceEndpointPath,
        body: updateEndpointBody,
        response: one,
      },
    },
    async ({ params, body }) => {
      const changes = toEndpointChanges(body)
      const endpoint = await webhooks.update(asDeviceId(params.device_id), params.webhook_id, changes)
      return ok('Device webhook updated', toWireEndpoint(endpoint))
    },
  )
  app.delete(
    path,
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        tags,
        operationId: 'removeDeviceWebhook',
        summary: 'Take a webhook endpoint of a device away, with its deliveries',
        params: deviceEndpointPath,
        response: { 200: plainEnvelope, ...errorResponses },
      },
    },
    async ({ params }) => {
      await webhooks.remove(asDeviceId(params.device_id), params.webhook_id)
      return ok('Device webhook removed')
    },
  )
}

function addGatewayRoutes(app: HttpApp, webhooks: WebhookService): void {
  app.get(
    '/webhooks',
    {
      config: { device: 'every', scope: 'admin' },
      schema: {
        tags,
        operationId: 'listWebhooks',
        summary: 'List every webhook endpoint of the gateway, those of its settings included',
        response: { 200: envelopeOf(z.array(wireEndpoint)), ...errorResponses },
      },
    },
    async () => ok('List webhooks', (await webhooks.all()).map(toWireEndpoint)),
  )
  const one = { 200: envelopeOf(wireEndpoint), ...errorResponses }
  app.post(
    '/webhooks',
    {
      config: { device: 'every', scope: 'admin' },
      schema: {
        tags,
        operationId: 'createWebhook',
        summary: 'Add a webhook endpoint for the events of all devices, beside all others',
        body: createEndpointBody,
        response: one,
      },
    },
    async (request) => {
      const { body } = request
      const endpoint = await webhooks.create(null, { ...toEndpointChanges(body), url: body.url.trim() })
      request.auditSubject = endpoint.id
      return ok('Webhook added', toWireEndpoint(endpoint))
    },
  )
  const path = '/webhooks/:webhook_id'
  app.get(
    path,
    {
      config: { device: 'every', scope: 'admin' },
      schema: {
        tags,
        operationId: 'getWebhook',
        summary: 'Show a webhook endpoint',
        params: endpointPath,
        response: one,
      },
    },
    async ({ params }) => ok('Webhook retrieved', toWireEndpoint(await webhooks.get(params.webhook_id))),
  )
  app.patch(
    path,
    {
      config: { device: 'every', scope: 'admin' },
      schema: {
        tags,
        operationId: 'updateWebhook',
        summary: 'Change a webhook endpoint of all devices or of one; what is not named stays',
        params: endpointPath,
        body: updateEndpointBody,
        response: one,
      },
    },
    async ({ params, body }) => {
      const endpoint = await webhooks.update(null, params.webhook_id, toEndpointChanges(body))
      return ok('Webhook updated', toWireEndpoint(endpoint))
    },
  )
  app.delete(
    path,
    {
      config: { device: 'every', scope: 'admin' },
      schema: {
        tags,
        operationId: 'removeWebhook',
        summary: 'Take a webhook endpoint of all devices or of one away, with its deliveries',
        params: endpointPath,
        response: { 200: plainEnvelope, ...errorResponses },
      },
    },
    async ({ params }) => {
      await webhooks.remove(null, params.webhook_id)
      return ok('Webhook removed')
    },
  )
}
