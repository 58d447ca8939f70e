import type { FastifyRequest } from 'fastify'
import type { HttpApp } from './http-app.ts'

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request changes something, or may: by its method, or because it needs `manage` (some GETs of the contract do). */
export function changesSomething({ method, routeOptions }: FastifyRequest): boolean {
  return !harmless.has(method) || routeOptions.config.scope === 'manage'
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
