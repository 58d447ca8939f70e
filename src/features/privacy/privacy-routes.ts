import { Readable } from 'node:stream'
import { z } from 'zod'
import type { RetentionConfig } from '../../config/config.ts'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import type { ExportedRow, PeopleData } from './people-data.ts'
import { erasedResults, personPath, retentionResults, toWireRetention } from './privacy-schemas.ts'

export interface PrivacyRoutesDeps {
  readonly people: PeopleData
  readonly retention: RetentionConfig
  readonly media: { readonly retentionDays: number }
}

const tags = ['privacy']
const config = { device: 'every', scope: 'admin', isAudited: true } as const

/** `/people/{phone}/data`: what is kept about a person, to hand out or to erase; `/retention`. */
export function privacyRoutes({ people, retention, media }: PrivacyRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/people/:phone/data',
      {
        config,
        schema: {
          tags,
          operationId: 'exportPerson',
          summary: 'Everything that is kept about one person, over phone number and LID, on all devices',
          description: 'One JSON object a line: `{"table": …, "row": …}`. Key material is left out.',
          params: personPath,
          response: {
            ...errorResponses,
            200: {
              description: 'The rows',
              content: { 'application/x-ndjson': { schema: z.unknown() } },
            },
          },
        },
      },
      async (request, reply) => {
        const person = await people.find(request.params.phone)
        return reply
          .type('application/x-ndjson; charset=utf-8')
          .header('content-disposition', 'attachment; filename="person.ndjson"')
          .send(Readable.from(lines(people.rows(person))))
      },
    )
    app.delete(
      '/people/:phone/data',
      {
        config,
        schema: {
          tags,
          operationId: 'erasePerson',
          summary: 'Erase everything that is kept about one person, on all devices, for good',
          description:
            'Their chat, what they wrote elsewhere, events and keys that name them. Messages of others stay, without them. Nothing is deleted at WhatsApp or on a phone, and what they write from then on is kept again.',
          params: personPath,
          response: { 200: envelopeOf(erasedResults), ...errorResponses },
        },
      },
      async ({ params }) => ok('Person erased', { ...(await people.erase(await people.find(params.phone))) }),
    )
    app.get(
      '/retention',
      {
        config: { device: 'none', scope: 'read' },
        schema: {
          tags,
          operationId: 'showRetention',
          summary: 'For how long each kind of data is kept',
          response: { 200: envelopeOf(retentionResults), ...errorResponses },
        },
      },
      async () => ok('Retention', toWireRetention(retention, media)),
    )
  }
}

async function* lines(rows: AsyncIterable<ExportedRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`
}
