import {
  envelopeOf,
  errorResponses,
  type HttpRoutes,
  ok,
  plainEnvelope,
  whatsAppResponses,
} from '../../http/http-app.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { postsQuery, postsResults, toWirePost, unfollowBody } from './newsletter-schemas.ts'

const refusals = { ...errorResponses, ...whatsAppResponses }

/** Routes about channels: `/newsletter…`. */
export function newsletterRoutes(deps: {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly sessions: SessionLookup
}): HttpRoutes {
  const { devices, sessions } = deps
  return (app) => {
    app.post(
      '/newsletter/unfollow',
      {
        config: { device: 'scoped', scope: 'manage' },
        schema: {
          operationId: 'unfollowNewsletter',
          tags: ['newsletter'],
          summary: 'Unfollow newsletter',
          body: unfollowBody,
          response: { ...refusals, 200: plainEnvelope },
        },
      },
      async (request) => {
        const { deviceId } = await devices.linkedScope(request.deviceId)
        await sessions.for(deviceId).newsletters.unfollow(parseJid(request.body.newsletter_id))
        return ok('Success unfollow newsletter')
      },
    )

    app.get(
      '/newsletter/messages',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'newsletterMessages',
          tags: ['newsletter'],
          summary: 'Get messages of a newsletter',
          querystring: postsQuery,
          response: { ...refusals, 200: envelopeOf(postsResults) },
        },
      },
      async (request) => {
        const { newsletter_id: id, count, before } = request.query
        const { deviceId } = await devices.linkedScope(request.deviceId)
        const posts = await sessions
          .for(deviceId)
          .newsletters.posts(parseJid(id), { count, before: before === 0 ? null : before })
        return ok('Success get newsletter messages', { data: posts.map(toWirePost) })
      },
    )
  }
}
