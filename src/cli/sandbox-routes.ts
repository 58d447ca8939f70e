import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/app-error.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import { type HttpRoutes, ok } from '../http/http-app.ts'

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'validation_failed',
  404: 'route_not_found',
  409: 'whatsapp_conflict',
}

/**
 * `/sandbox/…`: the simulator's control API behind the gateway's own door, so that the dashboard of a sandbox reaches it at its
 * own origin, under the gateway's guards and credentials. Only the sandbox command adds it; what the simulator refuses is raised
 * in its words.
 */
export function sandboxRoutes(controlUrl: string): HttpRoutes {
  return (app) => {
    app.route({
      method: ['GET', 'POST', 'PATCH', 'DELETE'],
      url: '/sandbox/*',
      config: { scope: 'admin', device: 'every' },
      schema: { hide: true },
      handler: async (request) => {
        const { '*': path } = request.params as { '*': string } // a wildcard route always has it
        const answer = await fetch(targetOf(controlUrl, path, request), {
          method: request.method,
          ...(request.body === undefined || request.body === null
            ? {}
            : { body: JSON.stringify(request.body), headers: { 'content-type': 'application/json' } }),
        })
        const told: unknown = await answer.json()
        if (answer.ok) return ok('Sandbox', told)
        throw new AppError(codes[answer.status] ?? 'whatsapp_refused', { message: sentenceOf(told) })
      },
    })
  }
}

function targetOf(controlUrl: string, path: string, request: FastifyRequest): URL {
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
  // What was decoded for us is encoded again, so that a path stays one.
  return new URL(`/${path.split('/').map(encodeURIComponent).join('/')}${query}`, controlUrl)
}

function sentenceOf(told: unknown): string {
  const isWorded = typeof told === 'object' && told !== null && 'message' in told
  return isWorded && typeof told.message === 'string' ? told.message : 'the simulator refuses that'
}
