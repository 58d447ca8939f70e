import type { HttpApp } from './http-app.ts'

const methods = 'GET,POST,HEAD,PUT,DELETE,PATCH'
/** Every header that a request is read for. What the reference allows stands first. */
const requestHeaders = [
  ...['Origin', 'Content-Type', 'Accept', 'Authorization', 'X-Device-Id'],
  ...['X-Api-Key', 'Idempotency-Key', 'X-Dry-Run', 'X-Request-Id', 'Traceparent'],
  ...['Last-Event-ID', 'Mcp-Protocol-Version'],
  ...['If-None-Match', 'If-Range', 'Range'],
].join(',')
const exposedHeaders = 'X-Request-Id,Retry-After,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset'

/**
 * Lets pages of the allowed origins (`*` is any) read answers, and answers their preflights before credentials are asked
 * for, because a preflight carries none.
 */
export function addCors(app: HttpApp, allowedOrigins: readonly string[]): void {
  const isAnyAllowed = allowedOrigins.includes('*')
  const allowed = new Set(allowedOrigins.map(normalOrigin))
  app.addHook('onRequest', async (request, reply) => {
    if (!isAnyAllowed) reply.header('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined) return
    if (isAnyAllowed) reply.header('access-control-allow-origin', '*')
    else if (allowed.has(normalOrigin(origin))) reply.header('access-control-allow-origin', origin)
    reply.header('access-control-expose-headers', exposedHeaders)
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      return reply
        .code(204)
        .header('access-control-allow-methods', methods)
        .header('access-control-allow-headers', requestHeaders)
        .header('access-control-max-age', '600')
        .send()
    }
  })
}

/** An origin in the form browsers send it: lower case, no path, no default port. */
export function normalOrigin(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).origin : origin
}
