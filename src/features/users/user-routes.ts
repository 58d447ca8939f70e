import { z } from 'zod'
import { clientGone } from '../../http/client-gone.ts'
import {
  envelopeOf,
  errorEnvelope,
  errorResponses,
  type HttpRoutes,
  ok,
  whatsAppResponses,
} from '../../http/http-app.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { PeopleService } from './people-service.ts'
import {
  avatarQuery,
  avatarResults,
  businessResults,
  checkQuery,
  checkResults,
  infoResults,
  personQuery,
  toWireBusiness,
  toWireInfo,
} from './user-schemas.ts'

const refusals = { ...errorResponses, ...whatsAppResponses }

/** Routes that ask about others: `/user/info`, `/user/avatar`, `/user/check`, `/user/business-profile`. */
export function userRoutes(deps: {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly people: PeopleService
}): HttpRoutes {
  const { devices, people } = deps
  return (app) => {
    app.get(
      '/user/info',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userInfo',
          tags: ['user'],
          summary: 'User Info',
          querystring: personQuery,
          response: { ...refusals, 200: envelopeOf(infoResults) },
        },
      },
      async (request) => {
        const scope = await devices.linkedScope(request.deviceId)
        const { phone } = request.query
        return ok('Success get user info', toWireInfo(await people.info(scope, phone), phone))
      },
    )

    app.get(
      '/user/avatar',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userAvatar',
          tags: ['user'],
          summary: 'User Avatar',
          querystring: avatarQuery,
          response: { ...refusals, 200: envelopeOf(avatarResults) },
        },
      },
      async (request) => {
        const { phone, is_preview: isPreview, is_community: isCommunity } = request.query
        const scope = await devices.linkedScope(request.deviceId)
        const { url, id, type } = await people.picture(scope, phone, { isPreview, isCommunity })
        return ok('Success get avatar', { url, id, type })
      },
    )

    app.get(
      '/user/avatar/file',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userAvatarFile',
          tags: ['user'],
          summary: 'User Avatar as a file',
          description:
            'The picture itself, brought from WhatsApp’s host: for pages that may not ask that host, or should not show it who looks.',
          querystring: avatarQuery,
          response: {
            ...refusals,
            502: errorEnvelope.describe('WhatsApp’s host did not give the picture'),
            200: { description: 'The picture', content: { 'image/jpeg': { schema: z.any() } } },
          },
        },
      },
      async (request, reply) => {
        const { phone, is_preview: isPreview, is_community: isCommunity } = request.query
        const scope = await devices.linkedScope(request.deviceId)
        const signal = clientGone(reply)
        const picture = await people.pictureFile(scope, phone, { isPreview, isCommunity, signal })
        return reply.type('image/jpeg').send(picture)
      },
    )

    app.get(
      '/user/check',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userCheck',
          tags: ['user'],
          summary: 'Check if user is on WhatsApp',
          description:
            'An answer is kept for five minutes, and numbers are asked about one after another. What cannot be a number with country code is on WhatsApp under none.',
          querystring: checkQuery,
          response: { ...refusals, 200: envelopeOf(checkResults) },
        },
      },
      async (request) => {
        const scope = await devices.linkedScope(request.deviceId)
        const isThere = await people.isOnWhatsApp(scope, request.query.phone)
        return ok('Success check user', { is_on_whatsapp: isThere })
      },
    )

    app.get(
      '/user/business-profile',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userBusinessProfile',
          tags: ['user'],
          summary: 'Get Business Profile Information',
          querystring: personQuery,
          response: { ...refusals, 200: envelopeOf(businessResults) },
        },
      },
      async (request) => {
        const scope = await devices.linkedScope(request.deviceId)
        const profile = await people.business(scope, request.query.phone)
        return ok('Success get business profile', toWireBusiness(profile))
      },
    )
  }
}
