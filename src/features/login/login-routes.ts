import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { envelopeOf, errorResponses, externalBaseUrl, type HttpRoutes, ok } from '../../http/http-app.ts'
import { parseDeviceId } from '../devices/device.ts'
import { devicePath } from '../devices/device-schemas.ts'
import { codeLoginObject, phoneQuery, qrLoginObject } from './login-schemas.ts'
import type { LoginService, QrLogin } from './login-service.ts'

/** Linking a device to an account, by QR code or by a code typed on the phone. */
export function loginRoutes(deps: { readonly login: LoginService }): HttpRoutes {
  const { login } = deps
  const qrResponse = { 200: envelopeOf(qrLoginObject), ...errorResponses }
  const codeResponse = { 200: envelopeOf(codeLoginObject), ...errorResponses }
  return (app) => {
    app.addHook('preClose', async () => login.stop())
    app.get(
      '/app/login',
      {
        config: { device: 'scoped', scope: 'manage', postTwin: 'startLogin' },
        schema: {
          operationId: 'appLogin',
          tags: ['app'],
          summary: 'Link the device by QR code',
          response: qrResponse,
        },
      },
      async (request) =>
        ok('Login success', toQrLoginObject(request, await login.byQrCode(request.deviceId))),
    )
    app.get(
      '/app/login-with-code',
      {
        config: { device: 'scoped', scope: 'manage', postTwin: 'startLoginWithCode' },
        schema: {
          operationId: 'appLoginWithCode',
          tags: ['app'],
          summary: 'Link the device by a code typed on the phone',
          querystring: phoneQuery,
          response: codeResponse,
        },
      },
      async ({ deviceId, query }) => {
        const code = await login.byPairingCode(deviceId, query.phone)
        return ok('Login with code success', { device_id: deviceId, pair_code: code })
      },
    )
    app.get(
      '/devices/:device_id/login',
      {
        config: { device: 'path', scope: 'manage', postTwin: 'startDeviceLogin' },
        schema: {
          operationId: 'loginDevice',
          tags: ['device'],
          summary: 'Link a device by QR code',
          params: devicePath,
          response: qrResponse,
        },
      },
      async (request) => {
        const deviceId = parseDeviceId(request.params.device_id)
        return ok('Login success', toQrLoginObject(request, await login.byQrCode(deviceId)))
      },
    )
    app.post(
      '/devices/:device_id/login/code',
      {
        config: { device: 'path', scope: 'manage' },
        schema: {
          operationId: 'loginDeviceWithCode',
          tags: ['device'],
          summary: 'Link a device by a code typed on the phone',
          params: devicePath,
          querystring: phoneQuery,
          response: codeResponse,
        },
      },
      async ({ params, query }) => {
        const deviceId = parseDeviceId(params.device_id)
        const code = await login.byPairingCode(deviceId, query.phone)
        return ok('Login with code started', { device_id: deviceId, pair_code: code })
      },
    )
  }
}

function toQrLoginObject(request: FastifyRequest, login: QrLogin): z.input<typeof qrLoginObject> {
  return {
    device_id: login.deviceId,
    qr_link: `${externalBaseUrl(request)}/statics/qrcode/${login.pictureName}`,
    qr_duration: login.durationSeconds,
    qr_code: login.text,
  }
}
