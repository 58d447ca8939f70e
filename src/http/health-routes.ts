import { z } from 'zod'
import { toError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'
import type { HttpRoutes } from './http-app.ts'

/** Things that must work for the gateway to be ready, by name; a check rejects when its thing does not. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>

const checkTimeoutMs = 2_000

const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  checks: z.record(z.string(), z.enum(['ok', 'failed'])),
})

/**
 * `/health` (text, as the reference's), `/livez` (the process answers) and `/readyz` (every check passes, each within 2 s).
 * Served at the root whatever the base path, without credentials and under any host name; they tell nothing else.
 */
export function healthRoutes(deps: { checks: ReadinessChecks; logger: Logger }): HttpRoutes {
  const config = { auth: 'public', openGateway: 'any-host' } as const
  const text = (description: string) => ({
    description,
    content: { 'text/plain': { schema: z.string() } },
  })
  return (app) => {
    app.get(
      '/health',
      {
        config,
        schema: {
          operationId: 'health',
          tags: ['operation'],
          summary: 'Whether the gateway works',
          response: { 200: text('Works'), 503: text('Does not work') },
          security: [],
        },
      },
      async (_request, reply) => {
        const failed = await failedChecks(deps)
        reply.type('text/plain; charset=utf-8').serializer(String)
        return failed.size === 0 ? reply.send('OK') : reply.code(503).send('Service Unavailable')
      },
    )
    app.get(
      '/livez',
      {
        config,
        schema: {
          operationId: 'livez',
          tags: ['operation'],
          summary: 'Whether the process answers',
          response: { 200: text('Answers') },
          security: [],
        },
      },
      async (_request, reply) => reply.type('text/plain; charset=utf-8').serializer(String).send('OK'),
    )
    app.get(
      '/readyz',
      {
        config,
        schema: {
          operationId: 'readyz',
          tags: ['operation'],
          summary: 'Whether everything that the gateway needs works, check by check',
          response: { 200: readiness, 503: readiness },
          security: [],
        },
      },
      async (_request, reply) => {
        const failed = await failedChecks(deps)
        const checks = Object.fromEntries(
          Object.keys(deps.checks).map((name) => [name, failed.has(name) ? 'failed' : 'ok'] as const),
        )
        if (failed.size > 0) return reply.code(503).send({ status: 'not ready', checks })
        return { status: 'ready' as const, checks }
      },
    )
  }
}

async function failedChecks({
  checks,
  logger,
}: {
  checks: ReadinessChecks
  logger: Logger
}): Promise<Set<string>> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withDeadline(check())
        return null
      } catch (thrown) {
        logger.warn({ check: name, err: toError(thrown) }, 'readiness check failed')
        return name
      }
    }),
  )
  return new Set(outcomes.filter((name) => name !== null))
}

async function withDeadline(work: Promise<void>): Promise<void> {
  const deadline = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => deadline.reject(new Error(`no answer in ${checkTimeoutMs} ms`)),
    checkTimeoutMs,
  )
  try {
    await Promise.race([work, deadline.promise])
  } finally {
    clearTimeout(timer)
  }
}
