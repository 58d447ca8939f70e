import { z } from 'zod'
import { type EventKind, eventKinds, referenceKinds } from '../core/event-envelope.ts'
import { eventBodySchema } from '../features/events/event-schemas.ts'
import { wireEvent, wireGap } from '../features/events/wire-event-schemas.ts'

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

/** An event as the log gives it: around the body that webhooks carry, its place. */
function loggedSchema(kind: EventKind, name: string): object {
  const { properties, ...logged } = z.toJSONSchema(wireEvent, { target: 'draft-7' })
  const ofKind = { event: { const: kind }, body: { $ref: `#/components/schemas/${name}` } }
  return { ...logged, properties: { ...properties, ...ofKind } }
}

/** What a WebSocket carries it in. */
function frameSchema(kind: EventKind, name: string): object {
  const properties = {
    code: { const: 'EVENT' },
    message: { const: kind },
    result: { $ref: `#/components/schemas/logged_${name}` },
  }
  return { type: 'object', properties, required: Object.keys(properties) }
}

/** What a WebSocket carries when events behind the place asked for are deleted. */
function gapFrameSchema(): object {
  const properties = {
    code: { const: 'EVENTS_GAP' },
    message: { type: 'string' },
    result: { $ref: '#/components/schemas/gap' },
  }
  return { type: 'object', properties, required: Object.keys(properties) }
}

function messageOf(name: string, schema: string): object {
  return { name, contentType: 'application/json', payload: { $ref: `#/components/schemas/${schema}` } }
}

/** The AsyncAPI 3.0 document: what webhooks, the stream of events and the WebSocket carry. */
export function asyncApiDocument(facts: { readonly version: string; readonly basePath: string }): object {
  const names = eventKinds.map((kind) => [kind, kind.replaceAll('.', '_')] as const)
  const inEach = <Value>(prefix: string, make: (kind: EventKind, name: string) => Value) =>
    Object.fromEntries(names.map(([kind, name]) => [`${prefix}${name}`, make(kind, name)]))
  const messages = (prefix: string) => inEach(prefix, (kind, name) => messageOf(kind, `${prefix}${name}`))
  const references = (prefix: string) =>
    inEach(prefix, (_kind, name) => ({ $ref: `#/components/messages/${prefix}${name}` }))
  const channels = {
    events: {
      address: `${facts.basePath}/events`,
      title: 'Server-Sent Events',
      description:
        'With `Accept: text/event-stream`. The message is what `data` holds; `event` names its kind, or is `gap` when events behind the place asked for are deleted.',
      messages: { ...references('logged_'), gap: { $ref: '#/components/messages/gap' } },
    },
    websocket: {
      address: `${facts.basePath}/ws`,
      title: 'WebSocket',
      description: 'With `?events=`, beside the frames of the reference.',
      messages: { ...references('frame_'), frame_gap: { $ref: '#/components/messages/frame_gap' } },
    },
    webhook: {
      address: null,
      title: 'Webhooks',
      description: 'POSTs to the endpoints.',
      messages: references(''),
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
    components: {
      messages: {
        ...messages(''),
        ...messages('logged_'),
        ...messages('frame_'),
        ...Object.fromEntries(['gap', 'frame_gap'].map((name) => [name, messageOf('gap', name)])),
      },
      schemas: {
        ...inEach('', (kind) => schemaOf(kind, 'draft-7')),
        ...inEach('logged_', loggedSchema),
        ...inEach('frame_', frameSchema),
        gap: z.toJSONSchema(wireGap, { target: 'draft-7' }),
        frame_gap: gapFrameSchema(),
      },
    },
  }
}
