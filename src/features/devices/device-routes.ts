import { z } from 'zod'
import { mayUse } from '../../core/actor.ts'
import type { DeviceId } from '../../core/ids.ts'
import {
  envelopeOf,
  errorResponses,
  type HttpApp,
  type HttpRoutes,
  ok,
  plainEnvelope,
} from '../../http/http-app.ts'
import { unreadableIfMistyped } from '../../http/zod-validator.ts'
import { parseDeviceId } from './device.ts'
import {
  addDeviceBody,
  addedDeviceObject,
  appDeviceObject,
  deviceObject,
  devicePath,
  deviceStatusObject,
  renameDeviceBody,
  toAppDeviceObject,
  toDeviceObject,
  toStatusObject,
  type WebhookFields,
} from './device-schemas.ts'
import type { DeviceService } from './device-service.ts'

/** The webhook that a new device can be given in place of the global ones. */
export interface DeviceWebhooks {
  /** Raises `validation_failed` for a URL that is never posted to. */
  check(fields: WebhookFields): void
  /** Keeps what was given, also without a URL; answers the fields as they may be shown, none when none was given. */
  set(deviceId: DeviceId, fields: WebhookFields): Promise<WebhookFields>
}

/** The contract gives some answers the HTTP status once more in their body. */
function withStatus<Envelope extends object>(envelope: Envelope): Envelope & { status: 200 } {
  return { ...envelope, status: 200 }
}

function statusEnvelopeOf<Results extends z.ZodType>(results: Results) {
  return envelopeOf(results).extend({ status: z.literal(200) })
}

/** Schema of an answer whose only result is the id of the device. */
const deviceIdEnvelope = envelopeOf(z.string().describe('The device id'))

/** `/devices` and its operations on one slot, and `/app/devices`, `/app/status`, `/app/logout`, `/app/reconnect`. */
export function deviceRoutes(deps: {
  readonly devices: DeviceService
  readonly webhooks: DeviceWebhooks
}): HttpRoutes {
  return (app) => {
    addCollectionRoutes(app, deps.devices, deps.webhooks)
    addDeviceRoutes(app, deps.devices)
    addAppRoutes(app, deps.devices)
  }
}

function addCollectionRoutes(app: HttpApp, devices: DeviceService, webhooks: DeviceWebhooks): void {
  const tags = ['device']
  app.get(
    '/devices',
    {
      config: { device: 'filtered', scope: 'read' },
      schema: {
        operationId: 'listDevices',
        tags,
        summary: 'List all devices, oldest first',
        response: { 200: statusEnvelopeOf(z.array(deviceObject)), ...errorResponses },
      },
    },
    async ({ actor }) => {
      const visible = (await devices.list()).filter(({ id }) => mayUse(actor, id))
      return withStatus(ok('List devices', visible.map(toDeviceObject)))
    },
  )
  app.post(
    '/devices',
    {
      config: { device: 'every', scope: 'admin' },
      schema: {
        operationId: 'addDevice',
        tags,
        summary: 'Add a device',
        body: unreadableIfMistyped(addDeviceBody),
        response: { 200: statusEnvelopeOf(addedDeviceObject), ...errorResponses },
      },
    },
    async (request) => {
      const { device_id: wished, ...webhook } = request.body ?? {}
      webhooks.check(webhook)
      const device = await devices.add(wished)
      request.auditSubject = device.id
      const shown = await webhooks.set(device.id, webhook)
      // A new slot shows all members, as clients of the reference expect.
      return withStatus(
        ok('Device added', { display_name: '', jid: '', ...toDeviceObject(device), ...shown }),
      )
    },
  )
}

function addDeviceRoutes(app: HttpApp, devices: DeviceService): void {
  const shared = { tags: ['device'], params: devicePath }
  app.get(
    '/devices/:device_id',
    {
      config: { device: 'path', scope: 'read' },
      schema: {
        ...shared,
        operationId: 'getDevice',
        summary: 'Show a device',
        response: { 200: statusEnvelopeOf(deviceObject), ...errorResponses },
      },
    },
    async ({ params }) =>
      withStatus(ok('Device info', toDeviceObject(await devices.get(parseDeviceId(params.device_id))))),
  )
  app.patch(
    '/devices/:device_id',
    {
      config: { device: 'path', scope: 'manage' },
      schema: {
        ...shared,
        operationId: 'renameDevice',
        summary: 'Name a device for people; its id stays',
        body: renameDeviceBody,
        response: { 200: statusEnvelopeOf(deviceObject), ...errorResponses },
      },
    },
    async ({ params, body }) => {
      const device = await devices.rename(parseDeviceId(params.device_id), body.name)
      return withStatus(ok('Device renamed', toDeviceObject(device)))
    },
  )
  app.delete(
    '/devices/:device_id',
    {
      config: { device: 'path', scope: 'admin' },
      schema: {
        ...shared,
        operationId: 'removeDevice',
        summary: 'Forget a device and everything kept of it; it stays linked on the phone',
        response: { 200: plainEnvelope, ...errorResponses },
      },
    },
    async ({ params }) => {
      await devices.remove(parseDeviceId(params.device_id))
      return ok('Device removed')
    },
  )
  app.post(
    '/devices/:device_id/logout',
    {
      config: { device: 'path', scope: 'manage' },
      schema: {
        ...shared,
        operationId: 'logoutDevice',
        summary: 'Unlink a device; its slot and history stay',
        response: { 200: plainEnvelope, ...errorResponses },
      },
    },
    async ({ params }) => {
      await devices.logout(parseDeviceId(params.device_id))
      return ok('Logout requested')
    },
  )
  app.post(
    '/devices/:device_id/reconnect',
    {
      config: { device: 'path', scope: 'manage' },
      schema: {
        ...shared,
        operationId: 'reconnectDevice',
        summary: 'Connect a device anew',
        response: { 200: plainEnvelope, ...errorResponses },
      },
    },
    async ({ params }) => {
      await devices.reconnect(parseDeviceId(params.device_id))
      return ok('Reconnect requested')
    },
  )
  app.get(
    '/devices/:device_id/status',
    {
      config: { device: 'path', scope: 'read' },
      schema: {
        ...shared,
        operationId: 'getDeviceStatus',
        summary: 'Show what a device’s connection is doing',
        response: { 200: statusEnvelopeOf(deviceStatusObject), ...errorResponses },
      },
    },
    async ({ params }) =>
      withStatus(ok('Device status', toStatusObject(await devices.get(parseDeviceId(params.device_id))))),
  )
}

function addAppRoutes(app: HttpApp, devices: DeviceService): void {
  const tags = ['app']
  app.get(
    '/app/devices',
    {
      config: { device: 'filtered', scope: 'read' },
      schema: {
        operationId: 'appDevices',
        tags,
        summary: 'List all devices by name',
        response: { 200: envelopeOf(z.array(appDeviceObject)), ...errorResponses },
      },
    },
    async ({ actor }) => {
      const visible = (await devices.list()).filter(({ id }) => mayUse(actor, id))
      return ok('Fetch device success', visible.map(toAppDeviceObject))
    },
  )
  app.get(
    '/app/status',
    {
      config: { device: 'scoped', scope: 'read' },
      schema: {
        operationId: 'appStatus',
        tags,
        summary: 'Show what the device’s connection is doing',
        response: { 200: statusEnvelopeOf(deviceStatusObject), ...errorResponses },
      },
    },
    async ({ deviceId }) =>
      withStatus(ok('Connection status retrieved', toStatusObject(await devices.get(deviceId)))),
  )
  app.get(
    '/app/logout',
    {
      config: { device: 'scoped', scope: 'manage', postTwin: 'logOut' },
      schema: {
        operationId: 'appLogout',
        tags,
        summary: 'Unlink the device; its slot and history stay',
        response: { 200: deviceIdEnvelope, ...errorResponses },
      },
    },
    async ({ deviceId }) => {
      await devices.logout(deviceId)
      return ok('Success logout', deviceId)
    },
  )
  app.get(
    '/app/reconnect',
    {
      config: { device: 'scoped', scope: 'manage', postTwin: 'reconnect' },
      schema: {
        operationId: 'appReconnect',
        tags,
        summary: 'Connect the device anew',
        response: { 200: deviceIdEnvelope, ...errorResponses },
      },
    },
    async ({ deviceId }) => {
      await devices.reconnect(deviceId)
      return ok('Reconnect success', deviceId)
    },
  )
}
