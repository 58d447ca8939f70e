import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { ChatReader } from './chat-reader.ts'
import { chatsQuery, chatsResults, toWireChat } from './chat-schemas.ts'

/** What listing chats needs. */
export interface ChatRoutesDeps {
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly chats: Pick<ChatReader, 'list'>
}

/** `GET /chats`. Answered from our own history, connected or not; a device never linked has none. */
export function chatRoutes({ devices, chats }: ChatRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/chats',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'listChats',
          tags: ['chat'],
          summary: 'Get list of chats',
          description: 'Newest first.',
          querystring: lenientQuery(chatsQuery),
          response: { ...errorResponses, 200: envelopeOf(chatsResults) },
        },
      },
      async (request) => {
        const { limit, offset, search, has_media: hasMedia, archived } = request.query
        const scope = await devices.scopeOf(request.deviceId)
        const page =
          scope === null
            ? { chats: [], total: 0 }
            : await chats.list(scope, {
                limit,
                offset,
                hasMedia,
                ...(search === undefined ? {} : { search }),
                ...(archived === undefined ? {} : { isArchived: archived }),
              })
        return ok('Success get chat list', {
          data: page.chats.map(toWireChat),
          pagination: { limit, offset, total: page.total },
        })
      },
    )
  }
}
