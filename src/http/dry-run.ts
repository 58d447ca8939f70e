import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { AppError } from '../core/app-error.ts'
import type { HttpApp } from './http-app.ts'

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request changes something, or may: by its method, or because it needs `manage` (some GETs of the contract do). */
export function changesSomething({ method, routeOptions }: FastifyRequest): boolean {
  return !harmless.has(method) || mayChangeByGet(routeOptions.config)
}

/** Whether the GET of a route changes something, or may; its HEAD would too, so there is none (see `refuseHead`). */
export function mayChangeByGet(config: FastifyContextConfig | undefined): boolean {
  return config?.scope === 'manage'
}

/**
 * Whoever asks by HEAD wants to know of an answer, not to act: 405 where the GET may change something. Has to be added behind
 * the check of credentials.
 */
export function refuseHead(app: HttpApp): void {
  app.addHook('onRequest', async ({ method, routeOptions: { config } }, reply) => {
    if (method !== 'HEAD' || !mayChangeByGet(config)) return
    void reply.header('allow', config.postTwin === undefined ? 'GET' : 'GET, POST')
    throw new AppError('method_not_allowed')
  })
}

/** Whether the caller only wants to know whether the request is right and allowed. */
export function isDryRun(request: FastifyRequest): boolean {
  return request.headers['x-dry-run'] === 'true' && changesSomething(request)
}

/**
 * `X-Dry-Run: true`: a request that would change something is checked (credentials, scope, device, recipient, every field) and
 * answered without doing anything. Has to be added behind everything that checks.
 */
export function addDryRun(app: HttpApp): void {
  app.addHook('preHandler', async (request, reply) => {
    if (!isDryRun(request)) return
    const { schema } = request.routeOptions
    const { operationId } = schema as { operationId?: string } // as routes declare it
    return reply
      .type('application/json')
      .serializer(JSON.stringify)
      .send({
        code: 'SUCCESS',
        message: 'dry run: the request is right and allowed; nothing was done',
        results: {
          dry_run: true,
          operation: operationId ?? '',
          ...(request.scopedDeviceId === null ? {} : { device_id: request.scopedDeviceId }),
        },
      })
  })
}
