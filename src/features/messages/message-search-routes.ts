import { AppError } from '../../core/app-error.ts'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { toRecipient } from '../phone-input.ts'
import type { ContactReader } from '../users/contact-reader.ts'
import type { MessageReader } from './message-reader.ts'
import type { MessageRoutesDeps } from './message-routes.ts'
import { toWireMessage } from './message-schemas.ts'
import { searchQuery, searchResults, toWords } from './message-search-schemas.ts'

/** What searching needs. */
export interface MessageSearchRoutesDeps {
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly chats: Pick<ChatReader, 'get' | 'byIds'>
  readonly messages: Pick<MessageReader, 'search'>
  readonly contacts: Pick<ContactReader, 'displayNames'>
  readonly mediaStates: MessageRoutesDeps['mediaStates']
}

/** `GET /messages/search`: the messages of all chats by their words. */
export function messageSearchRoutes({
  devices,
  chats,
  messages,
  contacts,
  mediaStates,
}: MessageSearchRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/messages/search',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'searchMessages',
          tags: ['chat'],
          summary: 'Find messages by their words, in all chats or one',
          description: 'Newest first. What was deleted for everyone is not found.',
          querystring: lenientQuery(searchQuery),
          response: { ...errorResponses, 200: envelopeOf(searchResults) },
        },
      },
      async (request) => {
        const { q, chat_jid: named, limit, offset } = request.query
        const words = toWords(q)
        const scope = await devices.scopeOf(request.deviceId)
        if (scope === null) return ok('Search messages', { data: [], has_more: false })
        const jid = named === undefined ? null : toRecipient(named)
        const chat = jid === null ? null : await chats.get(scope, jid)
        if (named !== undefined && chat === null)
          throw new AppError('chat_not_found', { message: `chat with JID ${named} not found` })
        const within = chat === null ? {} : { chatId: chat.id }
        const found = await messages.search(scope, { words, ...within, limit: limit + 1, offset })
        const page = found.slice(0, limit)
        const [names, inChats, states] = await Promise.all([
          contacts.displayNames(
            scope,
            page.map(({ sender }) => sender),
          ),
          chats.byIds(scope, [...new Set(page.map(({ chatId }) => chatId))]),
          mediaStates(
            scope,
            page.filter(({ mediaKind }) => mediaKind !== null).map(({ id }) => id),
          ),
        ])
        return ok('Search messages', {
          data: page.flatMap((message) => {
            const its = inChats.get(message.chatId)
            if (its === undefined) return []
            const { reactions: _, ...wire } = toWireMessage(message, {
              account: scope.account,
              chat: its,
              names,
              reactions: [],
              mediaStates: states,
            })
            return [{ ...wire, chat_name: its.name }]
          }),
          has_more: found.length > limit,
        })
      },
    )
  }
}
