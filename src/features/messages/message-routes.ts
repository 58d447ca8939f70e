import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import type { MessageId } from '../../core/ids.ts'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import { toWireChat } from '../chats/chat-schemas.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { toRecipient } from '../phone-input.ts'
import type { ContactReader } from '../users/contact-reader.ts'
import type { MessageReader } from './message-reader.ts'
import { messagesQuery, messagesResults, toMessageFilter, toWireMessage } from './message-schemas.ts'
import type { MediaState } from './stored-message.ts'

/** What reading a chat's messages needs. */
export interface MessageRoutesDeps {
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly chats: Pick<ChatReader, 'get'>
  readonly messages: Pick<MessageReader, 'page' | 'reactions'>
  readonly contacts: Pick<ContactReader, 'displayNames'>
  /** How it stands with the media of messages. */
  readonly mediaStates: (
    scope: AccountScope,
    ids: readonly MessageId[],
  ) => Promise<ReadonlyMap<MessageId, MediaState>>
}

/** `GET /chat/{chat_jid}/messages`. Answered from our own history, connected or not. */
export function messageRoutes(deps: MessageRoutesDeps): HttpRoutes {
  const { devices, chats, messages, contacts, mediaStates } = deps
  return (app) => {
    app.get(
      '/chat/:chat_jid/messages',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'getChatMessages',
          tags: ['chat'],
          summary: 'Get messages from a specific chat',
          description: 'Newest first. The chat is named by either of its JIDs or by a bare number.',
          params: z.object({ chat_jid: z.string() }),
          querystring: lenientQuery(messagesQuery),
          response: { ...errorResponses, 200: envelopeOf(messagesResults) },
        },
      },
      async (request) => {
        const { chat_jid: named } = request.params
        const filter = toMessageFilter(request.query)
        const scope = await devices.scopeOf(request.deviceId)
        const jid = toRecipient(named)
        const chat = scope === null || jid === null ? null : await chats.get(scope, jid)
        if (scope === null || chat === null) {
          throw new AppError('chat_not_found', { message: `chat with JID ${named} not found` })
        }
        const page = await messages.page(scope, chat, filter)
        const ids = page.messages.map((message) => message.id)
        const reactions = ids.length === 0 ? [] : await messages.reactions(scope, chat, ids)
        const people = [...page.messages, ...reactions].map((author) => author.sender)
        const names = await contacts.displayNames(scope, people)
        const withMedia = page.messages.filter(({ mediaKind }) => mediaKind !== null)
        const states = await mediaStates(
          scope,
          withMedia.map(({ id }) => id),
        )
        const surroundings = { account: scope.account, chat, names, reactions, mediaStates: states }
        return ok('Success get chat messages', {
          data: page.messages.map((message) => toWireMessage(message, surroundings)),
          pagination: { limit: filter.limit, offset: filter.offset, total: page.total },
          chat_info: toWireChat(chat),
        })
      },
    )
  }
}
