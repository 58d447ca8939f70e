import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { asMessageId, type MessageId } from '../../core/ids.ts'
import { toServerTime } from '../../core/server-time.ts'
import {
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
import { toMentions } from '../mentions.ts'
import { sanitisePhone } from '../phone-input.ts'
import {
  changeResults,
  messageParams,
  phoneBody,
  reactionBody,
  updateBody,
} from './message-change-schemas.ts'
import type { MessageChangeService, SentChange } from './message-change-service.ts'

/** What the routes that change messages need. */
export interface MessageChangeRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly changes: MessageChangeService
}

interface Target {
  readonly scope: AccountScope
  readonly phone: string
  readonly id: MessageId
}

/** `POST /message/{message_id}/…`: revoke, delete, reaction, update, read, star and unstar. */
export function messageChangeRoutes(deps: MessageChangeRoutesDeps): HttpRoutes {
  const { changes, devices } = deps
  const targetOf = async (request: FastifyRequest, phone: string): Promise<Target> => ({
    scope: await devices.linkedScope(request.deviceId),
    phone,
    id: asMessageId((request.params as z.infer<typeof messageParams>).message_id), // what the schema let through
  })
  return (app) => {
    addSending(app, changes, targetOf)
    addKeeping(app, changes, targetOf)
  }
}

type TargetOf = (request: FastifyRequest, phone: string) => Promise<Target>

const refusals = { ...errorResponses, ...whatsAppResponses }
const shared = { tags: ['message'], params: messageParams }

/** What WhatsApp is sent. */
function addSending(app: HttpApp, changes: MessageChangeService, targetOf: TargetOf): void {
  const response = { ...refusals, 200: envelopeOf(changeResults) }
  app.post(
    '/message/:message_id/revoke',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'revokeMessage',
        summary: 'Revoke Message',
        description: 'Deletes a message for everyone: an own one, or as an admin anybody’s in a group.',
        body: phoneBody,
        response,
      },
    },
    async (request) => {
      const { scope, phone, id } = await targetOf(request, request.body.phone)
      return answered('Revoke success', phone, await changes.revoke(scope, phone, id))
    },
  )
  app.post(
    '/message/:message_id/reaction',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'reactMessage',
        summary: 'Send reaction to message',
        body: reactionBody,
        response,
      },
    },
    async (request) => {
      const { scope, phone, id } = await targetOf(request, request.body.phone)
      return answered('Reaction sent to', phone, await changes.react(scope, phone, id, request.body.emoji))
    },
  )
  app.post(
    '/message/:message_id/update',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'updateMessage',
        summary: 'Edit message by message ID before 15 minutes',
        body: updateBody,
        response,
      },
    },
    async (request) => {
      const { message: text } = request.body
      const { scope, phone, id } = await targetOf(request, request.body.phone)
      const edit = { text, mentions: toMentions(text, []) }
      return answered('Update message success', phone, await changes.edit(scope, phone, id, edit))
    },
  )
}

function answered(words: string, phone: string, { id, at }: SentChange) {
  const status = `${words} ${sanitisePhone(phone)} (server timestamp: ${toServerTime(at)})`
  return ok(status, { message_id: id, status })
}

/** What only the account's own devices, or the author of a read message, hear of. */
function addKeeping(app: HttpApp, changes: MessageChangeService, targetOf: TargetOf): void {
  app.post(
    '/message/:message_id/delete',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'deleteMessage',
        summary: 'Delete Message',
        description: 'Deletes a message for this account alone, on all its devices.',
        body: phoneBody,
        response: { ...refusals, 200: envelopeOf(changeResults) },
      },
    },
    async (request) => {
      const { scope, phone, id } = await targetOf(request, request.body.phone)
      await changes.deleteForMe(scope, phone, id)
      const status = 'Message deleted successfully'
      return ok(status, { message_id: id, status })
    },
  )
  app.post(
    '/message/:message_id/read',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'readMessage',
        summary: 'Mark as read message',
        body: phoneBody,
        response: { ...refusals, 200: envelopeOf(changeResults) },
      },
    },
    async (request) => {
      const { scope, phone, id } = await targetOf(request, request.body.phone)
      await changes.markRead(scope, phone, id)
      const status = `Mark as read success ${id}`
      return ok(status, { message_id: id, status })
    },
  )
  for (const isStarred of [true, false]) {
    app.post(
      isStarred ? '/message/:message_id/star' : '/message/:message_id/unstar',
      {
        config: { device: 'scoped', scope: 'send' },
        schema: {
          ...shared,
          operationId: isStarred ? 'starMessage' : 'unstarMessage',
          summary: isStarred ? 'Star message' : 'Unstar message',
          body: phoneBody,
          response: { ...refusals, 200: plainEnvelope },
        },
      },
      async (request) => {
        const { scope, phone, id } = await targetOf(request, request.body.phone)
        await changes.setStarred(scope, phone, id, isStarred)
        return ok(isStarred ? 'Starred message successfully' : 'Unstarred message successfully')
      },
    )
  }
}
