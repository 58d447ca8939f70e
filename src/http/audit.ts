import type { FastifyRequest } from 'fastify'
import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { AuditFact } from '../features/audit/audit-entry.ts'
import { changesSomething, isDryRun } from './dry-run.ts'
import type { HttpApp } from './http-app.ts'

const longestText = 200

/**
 * Records every request that changes something (or tried to) and whose caller is known. What manages or administers is in the
 * log before it is answered; what is sent is recorded beside the answer, so that sending does not wait for it.
 */
export function addAudit(
  app: HttpApp,
  deps: {
    readonly record: (fact: AuditFact) => Promise<void>
    readonly clock: Clock
    readonly logger: Logger
  },
): void {
  app.decorateRequest('auditSubject', '')
  app.addHook('onSend', async (request, reply) => {
    const { config, schema } = request.routeOptions
    const isWorthIt = (changesSomething(request) && !isDryRun(request)) || config.isAudited === true
    const operation = (schema as { operationId?: string } | undefined)?.operationId // as routes declare it
    const isKnown = config.auth !== 'public' && reply.statusCode !== 401
    if (!isWorthIt || !isKnown || config.scope === 'any' || operation === undefined) return
    const recorded = deps
      .record({
        at: deps.clock.now(),
        actor: request.actor.name,
        address: request.ip,
        operation,
        deviceId: deviceOf(request),
        subject: subjectOf(request),
        status: reply.statusCode,
      })
      .catch((error: unknown) => {
        deps.logger.error({ requestId: request.id, operation, err: toError(error) }, 'audit log not written')
      })
    if (config.scope !== 'send') await recorded
  })
}

function deviceOf(request: FastifyRequest): string {
  if (request.scopedDeviceId !== null) return request.scopedDeviceId
  return textOf(request.params, 'device_id') || textOf(request.body, 'device_id')
}

function subjectOf(request: FastifyRequest): string {
  const { params } = request
  return request.auditSubject || textOf(params, 'key_id') || textOf(params, 'webhook_id')
}

function textOf(source: unknown, name: string): string {
  if (typeof source !== 'object' || source === null) return ''
  const value: unknown = Reflect.get(source, name)
  return typeof value === 'string' ? value.slice(0, longestText) : ''
}
