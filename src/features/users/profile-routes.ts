import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import {
  envelopeOf,
  errorResponses,
  type HttpRoutes,
  ok,
  plainEnvelope,
  whatsAppResponses,
} from '../../http/http-app.ts'
import { uploadedFile } from '../../http/uploads.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { newslettersResults, toWireNewsletter } from '../newsletters/newsletter-schemas.ts'
import type { ProfileService } from './profile-service.ts'
import { contactsResults, privacyResults, pushNameBody } from './user-schemas.ts'

/** Largest file that a picture is made of. */
const maxAvatarBytes = 10 * 1_048_576

const refusals = { ...errorResponses, ...whatsAppResponses }

/** Routes about the account itself: its picture and name, and `/user/my/…`. */
export function profileRoutes(deps: {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly profile: ProfileService
}): HttpRoutes {
  const { devices, profile } = deps
  return (app) => {
    app.post(
      '/user/avatar',
      {
        config: {
          device: 'scoped',
          scope: 'manage',
          upload: { fields: ['avatar'], limitBytes: maxAvatarBytes },
        },
        schema: {
          operationId: 'userChangeAvatar',
          tags: ['user'],
          summary: 'User Change Avatar',
          description:
            'Cut square from the middle, at most 640 pixels wide. `results` is the id of the picture.',
          // A text in place of the file is no picture.
          body: z.object({ avatar: z.never({ error: 'must be a file' }).optional() }),
          response: { ...refusals, 200: envelopeOf(z.string()) },
        },
      },
      async (request) => {
        const file = uploadedFile(request, 'avatar')
        if (file === null) throw new AppError('validation_failed', { message: 'avatar: cannot be blank.' })
        const scope = await devices.linkedScope(request.deviceId)
        return ok('Success change avatar', await profile.setPicture(scope, file))
      },
    )

    app.delete(
      '/user/avatar',
      {
        config: { device: 'scoped', scope: 'manage' },
        schema: {
          operationId: 'userRemoveAvatar',
          tags: ['user'],
          summary: 'Take the account’s picture away',
          response: { ...refusals, 200: plainEnvelope },
        },
      },
      async (request) => {
        await profile.removePicture(await devices.linkedScope(request.deviceId))
        return ok('Success remove avatar')
      },
    )

    app.post(
      '/user/pushname',
      {
        config: { device: 'scoped', scope: 'manage' },
        schema: {
          operationId: 'userChangePushName',
          tags: ['user'],
          summary: 'User Change Push Name',
          body: pushNameBody,
          response: { ...refusals, 200: plainEnvelope },
        },
      },
      async (request) => {
        const scope = await devices.linkedScope(request.deviceId)
        await profile.setPushName(scope, request.body.push_name)
        return ok('Success change push name')
      },
    )

    app.get(
      '/user/my/privacy',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userMyPrivacy',
          tags: ['user'],
          summary: 'User My Privacy Setting',
          response: { ...refusals, 200: envelopeOf(privacyResults) },
        },
      },
      async (request) => {
        const settings = await profile.privacy(await devices.linkedScope(request.deviceId))
        return ok('Success get privacy', {
          group_add: settings.groupAdd,
          last_seen: settings.lastSeen,
          status: settings.status,
          profile: settings.profile,
          read_receipts: settings.readReceipts,
        })
      },
    )

    app.get(
      '/user/my/newsletters',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userMyNewsletter',
          tags: ['user'],
          summary: 'User My List Newsletters',
          response: { ...refusals, 200: envelopeOf(newslettersResults) },
        },
      },
      async (request) => {
        const newsletters = await profile.newsletters(await devices.linkedScope(request.deviceId))
        return ok('Success get list newsletter', { data: newsletters.map(toWireNewsletter) })
      },
    )

    app.get(
      '/user/my/contacts',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'userMyContacts',
          tags: ['user'],
          summary: 'Get list of user contacts',
          response: { ...refusals, 200: envelopeOf(contactsResults) },
        },
      },
      async (request) => {
        const contacts = await profile.contacts(await devices.linkedScope(request.deviceId))
        const data = contacts.map(({ jid, name, pushName, verifiedName }) => ({
          jid,
          name: name || pushName || verifiedName,
        }))
        return ok('Success get list contacts', { data })
      },
    )
  }
}
