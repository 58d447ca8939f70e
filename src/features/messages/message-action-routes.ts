import type { z } from 'zod'
import { asMessageId, type MessageId } from '../../core/ids.ts'
import {
  type Envelope,
  envelopeOf,
  errorResponses,
  type HttpApp,
  type HttpRoutes,
  ok,
  plainEnvelope,
  whatsAppResponses,
} from '../../http/http-app.ts'
import type { AccountScope } from '../account-scope.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { sanitisePhone } from '../phone-input.ts'
import { sendResults } from '../send/send-schemas.ts'
import { chatBody, messageParams, reactionBody, updateBody } from './message-action-schemas.ts'
import type { MessageActionService, SentChange } from './message-action-service.ts'

/** What the routes under `/message` need. */
export interface MessageActionRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly actions: MessageActionService
}

type ChatBody = z.infer<typeof chatBody>

type Answered = Envelope & { readonly results: z.infer<typeof sendResults> }

interface ActionRoute<Schema extends z.ZodType<ChatBody>> {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly body: Schema
  readonly act: (scope: AccountScope, id: MessageId, body: z.infer<Schema>) => Promise<Answered>
}

/** `POST /message/{message_id}/…`: what is done to a message that is there already. */
export function messageActionRoutes({ devices, actions }: MessageActionRoutesDeps): HttpRoutes {
  return (app) => {
    const add = <Schema extends z.ZodType<ChatBody>>(route: ActionRoute<Schema>) =>
      addAction(app, devices, route)
    add({
      path: 'revoke',
      operationId: 'revokeMessage',
      summary: 'Revoke Message',
      body: chatBody,
      act: async (scope, id, { phone }) =>
        sentAs(await actions.revoke(scope, phone, id), `Revoke success ${sanitisePhone(phone)}`),
    })
    add({
      path: 'delete',
      operationId: 'deleteMessage',
      summary: 'Delete Message',
      body: chatBody,
      act: async (scope, id, { phone }) => {
        await actions.deleteForMe(scope, phone, id)
        const status = 'Message deleted successfully'
        return ok(status, { message_id: id, status })
      },
    })
    add({
      path: 'reaction',
      operationId: 'reactMessage',
      summary: 'Send reaction to message',
      body: reactionBody,
      act: async (scope, id, { phone, emoji }) =>
        sentAs(await actions.react(scope, phone, id, emoji), `Reaction sent to ${sanitisePhone(phone)}`),
    })
    add({
      path: 'update',
      operationId: 'updateMessage',
      summary: 'Edit message by message ID before 15 minutes',
      body: updateBody,
      act: async (scope, id, { phone, message }) =>
        sentAs(
          await actions.edit(scope, phone, id, message),
          `Update message success ${sanitisePhone(phone)}`,
        ),
    })
    add({
      path: 'read',
      operationId: 'readMessage',
      summary: 'Mark as read message',
      body: chatBody,
      act: async (scope, id, { phone }) => {
        await actions.markRead(scope, phone, id)
        const status = `Mark as read success ${id}`
        return ok(status, { message_id: id, status })
      },
    })
    for (const isStarred of [true, false]) addStar(app, { devices, actions }, isStarred)
  }
}

function addStar(app: HttpApp, { devices, actions }: MessageActionRoutesDeps, isStarred: boolean): void {
  app.post(
    `/message/:message_id/${isStarred ? 'star' : 'unstar'}`,
    {
      config: { device: 'scoped' },
      schema: {
        operationId: isStarred ? 'starMessage' : 'unstarMessage',
        tags: ['message'],
        summary: isStarred ? 'Star message' : 'Unstar message',
        params: messageParams,
        body: chatBody,
        response: { ...errorResponses, ...whatsAppResponses, 200: plainEnvelope },
      },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      await actions.star(scope, request.body.phone, asMessageId(request.params.message_id), isStarred)
      return ok(`${isStarred ? 'Starred' : 'Unstarred'} message successfully`)
    },
  )
}

function addAction<Schema extends z.ZodType<ChatBody>>(
  app: HttpApp,
  devices: MessageActionRoutesDeps['devices'],
  { path, operationId, summary, body, act }: ActionRoute<Schema>,
): void {
  app.post(
    `/message/:message_id/${path}`,
    {
      config: { device: 'scoped' },
      schema: {
        operationId,
        tags: ['message'],
        summary,
        params: messageParams,
        body,
        response: { ...errorResponses, ...whatsAppResponses, 200: envelopeOf(sendResults) },
      },
    },
    async (request) => {
      const { message_id: id } = request.params
      const scope = await devices.linkedScope(request.deviceId)
      return act(scope, asMessageId(id), request.body as z.infer<Schema>) // what the schema let through
    },
  )
}

function sentAs({ id, at }: SentChange, what: string): Answered {
  const status = `${what} (server timestamp: ${at.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC)`
  return ok(status, { message_id: id, status })
}
