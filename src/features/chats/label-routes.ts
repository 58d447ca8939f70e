import { z } from 'zod'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { LabelReader } from './label-reader.ts'

/** What listing labels needs. */
export interface LabelRoutesDeps {
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly labels: Pick<LabelReader, 'list'>
}

/** Results of `GET /labels`. */
const labelsResults = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      color: z.int().describe('Number of one of WhatsApp’s twenty colours, from 0.'),
      chat_jids: z.array(z.string()).describe('The chats that carry it, in the order it was put on them.'),
    }),
  ),
})

/** `GET /labels`. Answered from what is kept here, connected or not; a device never linked has none. */
export function labelRoutes({ devices, labels }: LabelRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/labels',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'listLabels',
          tags: ['chat'],
          summary: 'Get list of labels',
          description:
            'In the order of their numbers, with the chats that carry them. Deleted ones are not told.',
          response: { ...errorResponses, 200: envelopeOf(labelsResults) },
        },
      },
      async (request) => {
        const scope = await devices.scopeOf(request.deviceId)
        const data = scope === null ? [] : await labels.list(scope)
        return ok('Success get list labels', {
          data: data.map(({ id, name, color, chats }) => ({ id, name, color, chat_jids: [...chats] })),
        })
      },
    )
  }
}
