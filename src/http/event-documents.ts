import { z } from 'zod'
import { type EventKind, eventKinds, referenceKinds } from '../core/event-envelope.ts'
import { eventBodySchema } from '../features/events/event-schemas.ts'

/** What the body of a kind of event is, as JSON Schema in the dialect of a document. */
function schemaOf(kind: EventKind, target: 'draft-7' | 'draft-2020-12' | 'openapi-3.0'): object {
  return z.toJSONSchema(eventBodySchema(kind), { target })
}

const signatureHeaders = ['X-Hub-Signature-256', 'webhook-id', 'webhook-timestamp', 'webhook-signature']

/** Every kind of event as a webhook, in the dialect of an OpenAPI document of 3.0 or 3.1. */
export function openApiWebhooks(target: 'openapi-3.0' | 'draft-2020-12'): object {
  return Object.fromEntries(
    eventKinds.map((kind) => [
      kind,
      {
        post: {
          tags: ['webhook'],
          summary: referenceKinds.has(kind) ? kind : `${kind} (only to endpoints that name it)`,
          parameters: signatureHeaders.map((name) => ({ in: 'header', name, schema: { type: 'string' } })),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(kind, target) } },
          },
          responses: { '2XX': { description: 'Taken; anything else is tried again' } },
        },
      },
    ]),
  )
}

/** The AsyncAPI 3.0 document: what the WebSocket and the stream of events carry. */
export function asyncApiDocument(facts: { readonly version: string; readonly basePath: string }): object {
  const names = eventKinds.map((kind) => [kind, kind.replaceAll('.', '_')] as const)
  const messages = Object.fromEntries(
    names.map(([kind, name]) => [
      name,
      { name: kind, contentType: 'application/json', payload: schemaOf(kind, 'draft-7') },
    ]),
  )
  const references = Object.fromEntries(
    names.map(([, name]) => [name, { $ref: `#/components/messages/${name}` }]),
  )
  const channels = {
    events: {
      address: `${facts.basePath}/events`,
      title: 'Server-Sent Events',
      description:
        '`Accept: text/event-stream`; `data` is {cursor, id, seq, created_at, event, body}, `body` one of these.',
      messages: references,
    },
    websocket: {
      address: `${facts.basePath}/ws`,
      title: 'WebSocket',
      description: 'With `?events=`: frames {code: "EVENT", message, result}, `result.body` one of these.',
      messages: references,
    },
    webhook: {
      address: null,
      title: 'Webhooks',
      description: 'POSTs to the endpoints.',
      messages: references,
    },
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Gatewa events', version: facts.version },
    defaultContentType: 'application/json',
    channels,
    operations: Object.fromEntries(
      Object.keys(channels).map((name) => [
        name,
        { action: 'send', channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
    components: { messages },
  }
}
