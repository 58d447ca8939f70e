import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import type { AccountScope } from '../account-scope.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { ChatReader } from './chat-reader.ts'
import { chatsQuery, chatsResults, type NewestMessage, toListedChat } from './chat-schemas.ts'
import type { LabelReader } from './label-reader.ts'

/** What listing chats needs. */
export interface ChatRoutesDeps {
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly chats: Pick<ChatReader, 'list'>
  readonly labels: Pick<LabelReader, 'ofChats'>
  /** The newest messages of chats, by the chat's internal id. */
  readonly messages: {
    newestOf(scope: AccountScope, chatIds: readonly string[]): Promise<ReadonlyMap<string, NewestMessage>>
  }
}

/** `GET /chats`. Answered from our own history, connected or not; a device never linked has none. */
export function chatRoutes({ devices, chats, labels, messages }: ChatRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/chats',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'listChats',
          tags: ['chat'],
          summary: 'Get list of chats',
          description: 'Newest first, or with `pinned_first` the pinned ones before the others.',
          querystring: lenientQuery(chatsQuery),
          response: { ...errorResponses, 200: envelopeOf(chatsResults) },
        },
      },
      async (request) => {
        const {
          limit,
          offset,
          search,
          has_media: hasMedia,
          archived,
          pinned_first: pinnedFirst,
        } = request.query
        const scope = await devices.scopeOf(request.deviceId)
        const page =
          scope === null
            ? { chats: [], total: 0 }
            : await chats.list(scope, {
                limit,
                offset,
                hasMedia,
                pinnedFirst,
                ...(search === undefined ? {} : { search }),
                ...(archived === undefined ? {} : { isArchived: archived }),
              })
        const ids = page.chats.map((chat) => chat.id)
        const onChats = scope === null ? null : await labels.ofChats(scope, ids)
        const newest =
          scope === null || !request.query.last_message ? null : await messages.newestOf(scope, ids)
        return ok('Success get chat list', {
          data: page.chats.map((chat) =>
            toListedChat(chat, onChats?.get(chat.id) ?? [], newest?.get(chat.id)),
          ),
          pagination: { limit, offset, total: page.total },
        })
      },
    )
  }
}
