import { z } from 'zod'
import type { HttpRoutes } from '../http/http-app.ts'

/** `GET /metrics`: what Prometheus scrapes. `isPublic`: without credentials, also on a gateway that has some. */
export function metricsRoutes(deps: {
  readonly isPublic: boolean
  readonly text: () => Promise<string>
}): HttpRoutes {
  return (app) => {
    app.get(
      '/metrics',
      {
        config: { scope: 'read', device: 'every', ...(deps.isPublic ? { auth: 'public' as const } : {}) },
        schema: {
          operationId: 'metrics',
          tags: ['operation'],
          summary: "Figures about the gateway in Prometheus' text format; docs/metrics.md lists them",
          response: {
            200: { description: 'The figures', content: { 'text/plain': { schema: z.string() } } },
          },
        },
      },
      async (_request, reply) => {
        const text = await deps.text()
        return reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(text)
      },
    )
  }
}
