import { z } from 'zod'
import { asMessageId } from '../../core/ids.ts'
import type { HttpRoutes } from '../../http/http-app.ts'
import { forwardBody } from './forward-schemas.ts'
import type { Forwards } from './forwards.ts'
import { addSendRoute, type SendRoutesDeps } from './generic-send-routes.ts'

const forwardParams = z.object({ message_id: z.string().min(1) })

/** `POST /message/{message_id}/forward`. */
export function forwardRoutes(deps: SendRoutesDeps & { readonly forwards: Forwards }): HttpRoutes {
  return (app) => {
    addSendRoute(app, deps, {
      path: '/message/:message_id/forward',
      operationId: 'forwardMessage',
      tag: 'message',
      summary: 'Forward Message',
      description: 'Sends a stored message to another chat, marked as forwarded as official clients do.',
      params: forwardParams,
      body: forwardBody,
      compose:
        (body, { scope, params }) =>
        (chat, scratch) => {
          const wish = {
            id: asMessageId(forwardParams.parse(params).message_id),
            isReuploadForced: body.force_reupload === true,
            expirationSeconds: body.duration ?? 0,
          }
          return deps.forwards.compose(scope, wish, chat, scratch)
        },
      statusOf: (phone) => `Message forwarded to ${phone}`,
    })
  }
}
