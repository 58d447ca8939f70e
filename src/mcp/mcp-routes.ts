import type { FastifyRequest, RouteOptions } from 'fastify'
import { AppError } from '../core/app-error.ts'
import type { HttpApp, HttpRoutes } from '../http/http-app.ts'
import { externalBaseUrl } from '../http/http-app.ts'
import { type ApiOperation, shapeOf } from './api-operation.ts'
import type { ApiAnswer, AskApi } from './call-tool.ts'
import { McpEndpoint } from './mcp-server.ts'

/** Headers of the tool's caller that do not belong to the requests made for it. */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'idempotency-key',
  'last-event-id',
  'range',
  'te',
  // The inner request belongs to the span of this one.
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'x-dry-run',
])

/**
 * `POST /mcp` and `DELETE /mcp`: the tools for models. Has to be added before the routes that the tools are made of: it takes down
 * what each of them declares. A tool call makes the API's own requests, with the credentials of its caller.
 */
export function mcpRoutes(deps: { readonly version: string; readonly isOn: boolean }): HttpRoutes {
  return (app) => {
    if (!deps.isOn) return
    const operations = new Map<string, ApiOperation>()
    app.addHook('onRoute', (route) => {
      const operation = operationOf(route, app.basePath)
      if (operation !== null && !operations.has(operation.id)) operations.set(operation.id, operation)
    })
    const find = (id: string) => {
      const operation = operations.get(id)
      if (operation === undefined) throw new Error(`no route has the operation ${id} that a tool names`)
      return operation
    }
    const endpoint = new McpEndpoint({ version: deps.version, find })
    app.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/mcp',
      config: { device: 'none', scope: 'any', limit: 'uncounted' },
      schema: { hide: true },
      handler: async (request, reply) => {
        // Nothing is kept between requests, so there is nothing to stream; clients ask and go on without.
        if (request.method === 'GET') {
          void reply.header('allow', 'POST, DELETE')
          throw new AppError('method_not_allowed')
        }
        const answer = await endpoint.answer({
          request: toWebRequest(request),
          body: request.body ?? undefined,
          actor: request.actor,
          ask: askAs(app, request),
        })
        const text = await answer.text()
        const type = answer.headers.get('content-type')
        const allow = answer.headers.get('allow')
        if (type !== null) void reply.type(type)
        if (allow !== null) void reply.header('allow', allow)
        return reply.code(answer.status).serializer(String).send(text)
      },
    })
  }
}

function operationOf(route: RouteOptions, basePath: string): ApiOperation | null {
  const schema = (route.schema ?? {}) as {
    operationId?: string
    params?: unknown
    querystring?: unknown
    body?: unknown
  } // as routes declare it
  if (schema.operationId === undefined || typeof route.method !== 'string' || route.method === 'HEAD')
    return null
  return {
    id: schema.operationId,
    method: route.method,
    path: route.url.startsWith(basePath) ? route.url : `${basePath}${route.url}`,
    scope: route.config?.scope ?? 'admin',
    takesIdempotencyKey: route.config?.idempotency === 'by-key',
    params: shapeOf(schema.params),
    query: shapeOf(schema.querystring),
    body: shapeOf(schema.body),
    files: route.config?.upload?.fields ?? [],
  }
}

function toWebRequest(request: FastifyRequest): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value)
  }
  return new Request(`${externalBaseUrl(request)}/mcp`, { method: request.method, headers })
}

/** Makes requests to this gateway as the caller of the tool, without the network in between. */
function askAs(app: HttpApp, caller: FastifyRequest): AskApi {
  const own = Object.fromEntries(
    Object.entries(caller.headers).filter(([name]) => !ownHeaders.has(name) && !name.startsWith('mcp-')),
  )
  return async ({ method, path, payload }, more = {}): Promise<ApiAnswer> => {
    const answer = await app.inject({
      method: method as 'GET', // one of the methods of routes
      url: path,
      remoteAddress: caller.socket.remoteAddress ?? '127.0.0.1',
      headers: { ...own, accept: 'application/json', ...more },
      ...(payload === undefined ? {} : { payload }),
    })
    const headers = Object.fromEntries(
      Object.entries(answer.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    )
    return {
      status: answer.statusCode,
      type: headers['content-type'] ?? '',
      headers,
      bytes: answer.rawPayload,
    }
  }
}
