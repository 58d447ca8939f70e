import type { FastifyReply, FastifyRequest } from 'fastify'
import { deviceFact } from '../core/device-fact.ts'
import type { Span, Tracing } from '../core/tracing.ts'
import type { HttpApp } from './http-app.ts'

/**
 * Makes a span of every request, which goes on with the caller's trace (`traceparent`), and runs what the request leads to in
 * it. It tells the route's pattern, never the path, the query, an address or a header: they hold numbers and credentials.
 * Call what it gives back when everything that hears of answers was added: there the spans end.
 */
export function addRequestSpans(app: HttpApp, tracing: Tracing): () => void {
  const spans = new WeakMap<FastifyRequest, Span>()

  app.addHook('onRequest', (request, reply, done) => {
    const { url: route } = request.routeOptions
    const { traceparent } = request.headers
    const span = tracing.begin({
      name: route === undefined ? request.method : `${request.method} ${route}`,
      kind: 'server',
      ...(typeof traceparent === 'string' ? { parent: traceparent } : {}),
      facts: {
        'http.request.method': request.method,
        'url.scheme': request.protocol === 'https' ? 'https' : 'http',
        ...(route === undefined ? {} : { 'http.route': route }),
      },
    })
    spans.set(request, span)
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) endUnfinished(span, reply)
    })
    tracing.within(span, done)
  })
  // Reading the body ends where the socket calls, outside of everything.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request)
    if (span === undefined) done()
    else tracing.within(span, done)
  })
  // What stays open has been answered when it opens.
  app.addHook('preHandler', async (request) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') endAnswered(spans.get(request), request, 101)
  })
  app.addHook('onResponse', (request, _reply, done) => {
    const span = spans.get(request)
    if (span === undefined) done()
    else tracing.within(span, done)
  })
  return () => {
    app.addHook('onResponse', async (request, reply) =>
      endAnswered(spans.get(request), request, reply.statusCode),
    )
  }
}

function endAnswered(span: Span | undefined, request: FastifyRequest, status: number): void {
  const device = request.scopedDeviceId
  span?.tell({ 'http.response.status_code': status, ...(device === null ? {} : deviceFact(device)) })
  span?.end({ error: status >= 500 ? String(status) : undefined })
}

/** Whoever goes away before the answer gets none, and there is no other sign of its end. Event streams end like that, too. */
function endUnfinished(span: Span, { raw }: FastifyReply): void {
  if (raw.headersSent) span.tell({ 'http.response.status_code': raw.statusCode })
  span.end({ error: raw.headersSent ? undefined : 'client_closed_request' })
}
