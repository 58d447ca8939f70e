import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { asyncApiDocument, openApiWebhooks } from './event-documents.ts'
import type { HttpApp, UploadConfig } from './http-app.ts'

const deviceHeader = {
  'X-Device-Id': {
    type: 'string',
    description:
      'Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too.',
  },
}

const idempotencyHeader = {
  'Idempotency-Key': {
    type: 'string',
    maxLength: 255,
    description:
      'Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again.',
  },
}

const atRoot: ReadonlySet<string> = new Set(['/health', '/livez', '/readyz'])

const description = `Self-hosted WhatsApp gateway.

Device scoping: send \`X-Device-Id\` on device-scoped calls, or \`device_id\` in the query; WebSocket clients connect to \`/ws?device_id=<id>\`.
API keys may do what \`x-scope\` of an operation names (\`any\`: every key), for the devices they were made for.
\`X-Dry-Run: true\` checks a request that would change something, and does nothing.
Every JSON answer is \`{code, message, results?}\`; \`code\` is \`SUCCESS\` or the name of the error.
Errors come as problem details (RFC 9457) to those who accept \`application/problem+json\`.`

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI 3.1 document; `swagger` gives the same in 3.0. */
    readonly swagger31: FastifyInstance['swagger']
  }
}

/**
 * Collects the schemas of all routes added after it: `app.swagger()` gives the OpenAPI 3.0 document, `app.swagger31()` that of
 * 3.1. Each is made of the zod schemas by itself, so that neither is a translation of the other.
 */
export async function addOpenApi(app: HttpApp, facts: { version: string; basePath: string }): Promise<void> {
  await app.register(swagger, { decorator: 'swagger', ...optionsOf('3.0.3', facts) })
  await app.register(swagger, { decorator: 'swagger31', ...optionsOf('3.1.0', facts) })
}

function optionsOf(
  dialect: '3.0.3' | '3.1.0',
  facts: { readonly version: string; readonly basePath: string },
): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: dialect,
      info: { title: 'Gatewa', version: facts.version, description },
      servers: [{ url: facts.basePath === '' ? '/' : facts.basePath }],
      tags: [
        { name: 'app', description: 'Linking one device, and facts about the gateway' },
        { name: 'device', description: 'Devices: slots that accounts are linked to' },
        { name: 'send', description: 'Sending messages' },
        { name: 'chat', description: 'Chats and their messages' },
        { name: 'message', description: 'What is done to a message, and searching all of them' },
        { name: 'group', description: 'Groups and their members' },
        { name: 'user', description: 'People, and the account itself' },
        { name: 'newsletter', description: 'Channels' },
        { name: 'call', description: 'Calls' },
        { name: 'event', description: 'What happened, to read and to follow' },
        { name: 'webhook', description: 'Where events are delivered, and what became of deliveries' },
        { name: 'key', description: 'API keys, and what a credential may do' },
        { name: 'audit', description: 'Who did what to which device' },
        { name: 'privacy', description: 'What is kept about people, and for how long' },
        { name: 'operation', description: 'Running the gateway' },
      ],
      components: {
        securitySchemes: {
          basicAuth: { type: 'http', scheme: 'basic' },
          bearerKey: { type: 'http', scheme: 'bearer', description: 'An API key' },
          headerKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'An API key' },
        },
      },
      security: [{ basicAuth: [] }, { bearerKey: [] }, { headerKey: [] }],
    },
    transform: (input) => {
      const result = withFiles(jsonSchemaTransform(input), input.route.config?.upload)
      const { config } = input.route
      const scope = config?.auth === 'public' ? {} : { 'x-scope': config?.scope ?? 'admin' }
      const deprecated = config?.postTwin === undefined ? {} : { deprecated: true }
      const headers = {
        ...(config?.device === 'scoped' ? deviceHeader : {}),
        ...(config?.idempotency === 'by-key' ? idempotencyHeader : {}),
      }
      const described =
        Object.keys(headers).length === 0 ? {} : { headers: { type: 'object', properties: headers } }
      return { ...result, schema: { ...result.schema, ...scope, ...deprecated, ...described } }
    },
  }
}

/** Adds the files that a route takes to its body, which then is a multipart form (or JSON, without them). */
function withFiles<Result extends { schema: object }>(
  result: Result,
  upload: UploadConfig | undefined,
): Result {
  if (upload === undefined) return result
  const { body } = result.schema as { body?: { properties?: object } } // a JSON schema, made of the route's zod schema
  const files = Object.fromEntries(upload.fields.map((name) => [name, { type: 'string', format: 'binary' }]))
  return {
    ...result,
    schema: {
      ...result.schema,
      consumes: ['multipart/form-data', 'application/json'],
      body: { type: 'object', ...body, properties: { ...body?.properties, ...files } },
    },
  }
}

/** Serves the documents, each made once, on the first request for it. */
export function openApiRoutes(app: HttpApp): void {
  serveDocument(app, '/openapi.json', () => ({
    ...withRootServers(app.swagger()),
    // 3.0 has no place of its own for them.
    'x-webhooks': openApiWebhooks('openapi-3.0'),
  }))
  serveDocument(app, '/openapi-3.1.json', () => ({
    ...withRootServers(app.swagger31()),
    webhooks: openApiWebhooks('draft-2020-12'),
  }))
  serveDocument(app, '/asyncapi.json', () =>
    asyncApiDocument({ version: app.swagger().info.version, basePath: app.basePath }),
  )
}

function serveDocument(app: HttpApp, path: string, make: () => object): void {
  let document: string | null = null
  const options = { config: { device: 'none', scope: 'any' }, schema: { hide: true } } as const
  app.get(path, options, async (_request, reply) => {
    document ??= JSON.stringify(make(), tidy)
    return reply.type('application/json').serializer(String).send(document)
  })
}

interface RequestBody {
  readonly content: Readonly<
    Record<
      string,
      {
        readonly schema?: {
          readonly nullable?: boolean
          readonly anyOf?: readonly { readonly type?: string }[]
        }
      }
    >
  >
}

/** Whether the body may be null, which each dialect says in its own way. */
function isOptional({ content }: RequestBody): boolean {
  return Object.values(content).every(
    ({ schema }) => schema?.nullable === true || schema?.anyOf?.some(({ type }) => type === 'null') === true,
  )
}

/** The health checks are served at the root, whatever the base path. */
function withRootServers(document: { readonly paths?: object }): object {
  const paths = Object.entries(document.paths ?? {}).map(([path, operations]: [string, object]) => [
    path,
    atRoot.has(path) ? { servers: [{ url: '/' }], ...operations } : operations,
  ])
  return { ...document, paths: Object.fromEntries(paths) as object }
}

/**
 * Leaves out what the generator writes but nobody means: the bounds of safe integers, that answers will never have more
 * members than now, and that a body which may be null has to be there.
 */
function tidy(key: string, value: unknown): unknown {
  if (key === 'requestBody' && isOptional(value as RequestBody))
    return { ...(value as RequestBody), required: false } // the generator's own shape
  if (key === 'additionalProperties' && value === false) return undefined
  if (key === 'description' && value === 'Default Response') return 'OK'
  const isDefaultBound =
    (key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER
  return isDefaultBound ? undefined : value
}
