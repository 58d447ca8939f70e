import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import type { ApiKeyService } from './api-key-service.ts'
import {
  actorObject,
  createKeyBody,
  keyPath,
  newKey,
  ticketObject,
  toKeyWishes,
  toWireKey,
  wireKey,
} from './key-schemas.ts'

const tags = ['key']
const admin = { scope: 'admin', device: 'every' } as const
const anybody = { scope: 'any', device: 'none' } as const

/** `/keys`, and what a credential may ask about itself. */
export function keyRoutes(deps: { readonly keys: ApiKeyService; readonly clock: Clock }): HttpRoutes {
  const { keys, clock } = deps
  return (app) => {
    app.get(
      '/keys',
      {
        config: admin,
        schema: {
          tags,
          operationId: 'listKeys',
          summary: 'List API keys, oldest first; what they are, never the keys themselves',
          response: { 200: envelopeOf(z.array(wireKey)), ...errorResponses },
        },
      },
      async () =>
        ok(
          'List keys',
          (await keys.list()).map((key) => toWireKey(key, clock.now())),
        ),
    )
    app.post(
      '/keys',
      {
        config: admin,
        schema: {
          tags,
          operationId: 'createKey',
          summary: 'Make an API key; it is shown in this answer only',
          description: 'Present it as `Authorization: Bearer <key>` or `X-Api-Key: <key>`.',
          body: createKeyBody,
          response: { 200: envelopeOf(newKey), ...errorResponses },
        },
      },
      async (request) => {
        const { key, text } = await keys.create(toKeyWishes(request.body), request.actor)
        request.auditSubject = key.id
        return ok('Key made; keep it, it is not shown again', { ...toWireKey(key, clock.now()), key: text })
      },
    )
    app.delete(
      '/keys/:key_id',
      {
        config: admin,
        schema: {
          tags,
          operationId: 'revokeKey',
          summary: 'Revoke an API key, at once and for ever; its open streams end',
          params: keyPath,
          response: { 200: envelopeOf(wireKey), ...errorResponses },
        },
      },
      async ({ params }) => ok('Key revoked', toWireKey(await keys.revoke(params.key_id), clock.now())),
    )
    app.get(
      '/auth/me',
      {
        config: anybody,
        schema: {
          tags,
          operationId: 'showCredential',
          summary: 'Show what the credential of this request may do',
          response: { 200: envelopeOf(actorObject), ...errorResponses },
        },
      },
      async ({ actor }) =>
        ok('Credential', {
          name: actor.name,
          scopes: [...actor.scopes],
          ...(actor.devices === null ? {} : { devices: [...actor.devices] }),
          ...(actor.recipients === null ? {} : { recipients: [...actor.recipients] }),
        }),
    )
    app.post(
      '/auth/ticket',
      {
        config: anybody,
        schema: {
          tags,
          operationId: 'createTicket',
          summary: 'Make a ticket that opens one event stream or WebSocket within 30 s',
          description:
            'For browsers, which set no headers on streams: `GET /events?ticket=…`, `/ws?ticket=…`.',
          response: { 200: envelopeOf(ticketObject), ...errorResponses },
        },
      },
      async ({ actor }) => {
        const { text, expiresAt } = await keys.issueTicket(actor)
        return ok('Ticket made', { ticket: text, expires_at: expiresAt.toISOString() })
      },
    )
    app.addHook('preClose', async () => keys.stop())
  }
}
