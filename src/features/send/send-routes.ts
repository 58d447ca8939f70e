import type { HttpRoutes } from '../../http/http-app.ts'
import { checkedFirst } from '../../http/zod-validator.ts'
import { addSendRoute, type SendRoutesDeps } from './generic-send-routes.ts'
import { composeLink } from './link-composer.ts'
import { toContext } from './send-schemas.ts'
import {
  sendContactBody,
  sendLinkBody,
  sendLocationBody,
  sendMessageBody,
  sendPollBody,
} from './send-text-schemas.ts'

/** `POST /send/message`, `/send/contact`, `/send/link`, `/send/location` and `/send/poll`. */
export function sendRoutes(deps: SendRoutesDeps): HttpRoutes {
  return (app) => {
    addSendRoute(app, deps, {
      path: '/send/message',
      operationId: 'sendMessage',
      summary: 'Send Message',
      body: sendMessageBody,
      compose: (body) => ({ kind: 'text', text: body.message, context: toContext(body, body.message) }),
      statusOf: (phone) => `Message sent to ${phone}`,
    })
    addSendRoute(app, deps, {
      path: '/send/contact',
      operationId: 'sendContact',
      summary: 'Send Contact',
      body: sendContactBody,
      compose: (body) => ({
        kind: 'contact',
        name: body.contact_name,
        phone: body.contact_phone.trim().replace(/^\+/, ''),
        context: toContext(body),
      }),
      statusOf: (phone) => `Contact sent to ${phone}`,
    })
    addSendRoute(app, deps, {
      path: '/send/link',
      operationId: 'sendLink',
      summary: 'Send Link',
      description: 'With a preview of the page where there is one to be had.',
      body: sendLinkBody,
      compose:
        ({ link, caption, ...body }) =>
        (_chat, scratch) =>
          composeLink(deps.previews, { link, caption, context: toContext(body, caption) }, scratch),
      statusOf: (phone) => `Link sent to ${phone}`,
    })
    addSendRoute(app, deps, {
      path: '/send/location',
      operationId: 'sendLocation',
      summary: 'Send Location',
      body: sendLocationBody,
      compose: (body) => ({
        kind: 'location',
        latitude: Number(body.latitude),
        longitude: Number(body.longitude),
        context: toContext(body),
      }),
      statusOf: (phone) => `Send location success ${phone}`,
    })
    addSendRoute(app, deps, {
      path: '/send/poll',
      operationId: 'sendPoll',
      summary: 'Send Poll / Vote',
      // As in the reference, nothing else of a poll is looked at without options.
      body: checkedFirst('options', sendPollBody),
      compose: (body) => ({
        kind: 'poll',
        question: body.question,
        options: body.options,
        maxAnswers: body.max_answer,
        context: toContext(body),
      }),
      statusOf: (phone) => `Send poll success ${phone}`,
    })
  }
}
