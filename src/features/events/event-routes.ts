import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../core/actor.ts'
import type { Clock } from '../../core/clock.ts'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import type { LoggedEvent, LoggedEventFilter } from './event-log-store.ts'
import type { EventReader, LogGap } from './event-reader.ts'
import type { EventStream } from './event-stream.ts'
import { eventsQuery, eventsResults, seenBy, toFilter, toWireEvent, toWireGap } from './wire-event-schemas.ts'

export interface EventRoutesDeps {
  readonly reader: EventReader
  readonly stream: EventStream
  readonly clock: Clock
  /** Bytes that a client of the stream may leave unread before it gets no more; default 256 KiB. */
  readonly maxUnreadBytes?: number
}

/** A comment now and then shows both sides that the other is still there. */
const aliveEveryMs = 25_000

/** `GET /events`: pages as JSON, or (with `Accept: text/event-stream`) a stream that goes on. */
export function eventRoutes(deps: EventRoutesDeps): HttpRoutes {
  const { reader } = deps
  return (app) => {
    app.get(
      '/events',
      {
        config: { device: 'by-header', scope: 'read', credentials: 'header-or-ticket' },
        schema: {
          tags: ['event'],
          operationId: 'listEvents',
          summary: 'Read the event log, or follow it',
          description:
            'Oldest first, behind `after`. With `Accept: text/event-stream` the answer is a stream of Server-Sent Events that goes on with what happens from then on; `Last-Event-ID` works as `after`, and `X-Device-Id` as `device_id` where the query has none. Without either, a stream begins now and a page at the beginning.',
          querystring: lenientQuery(eventsQuery),
          response: { 200: envelopeOf(eventsResults), ...errorResponses },
        },
      },
      async (request, reply) => {
        const { query, actor, headerDeviceId } = request
        const device = headerDeviceId === null ? {} : { device_id: headerDeviceId }
        const filter = { ...toFilter({ ...device, ...query }), ...seenBy(actor) }
        const cursor = request.query.after ?? lastEventId(request)
        if (wantsStream(request)) {
          const { place, gap } =
            cursor === undefined ? await reader.beginAtEnd() : await reader.beginBehind(cursor)
          // What every answer carries (CORS among it) is written by nobody once the reply is ours.
          const headers = reply.getHeaders()
          reply.hijack()
          followInto(reply.raw, deps, { filter, after: place, gap, actor, headers })
          return
        }
        const { limit } = request.query
        const { place, gap } =
          cursor === undefined ? { place: 0, gap: null } : await reader.beginBehind(cursor)
        const { events, readTo } = await reader.page(filter, place, limit + 1)
        const page = events.slice(0, limit)
        const hasMore = events.length > limit
        return ok('List events', {
          data: page.map(toWireEvent),
          // Behind all that was looked through, so that who asks again for little does not make us read much.
          next: String(hasMore ? page.at(-1)?.position : readTo),
          has_more: hasMore,
          ...(gap === null ? {} : { gap: toWireGap(gap) }),
        })
      },
    )
    app.addHook('preClose', async () => deps.stream.stop())
  }
}

function followInto(
  response: ServerResponse,
  { stream, clock, maxUnreadBytes = 262_144 }: EventRoutesDeps,
  {
    actor,
    headers,
    gap,
    ...from
  }: {
    readonly filter: LoggedEventFilter
    readonly after: number
    readonly gap: LogGap | null
    readonly actor: Actor
    readonly headers: ReturnType<FastifyReply['getHeaders']>
  },
): void {
  response.writeHead(200, {
    ...(headers as OutgoingHttpHeaders), // fastify lets undefined in, and so does Node
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  // The place itself, so that a connection that breaks before the first event misses nothing.
  response.write(`retry: 2000\nid: ${from.after}\n\n`)
  if (gap !== null) response.write(`event: gap\ndata: ${JSON.stringify(toWireGap(gap))}\n\n`)
  let cancelAlive: () => void = () => undefined
  const alive = () => {
    response.write(':\n\n')
    cancelAlive = clock.after(aliveEveryMs, alive)
  }
  cancelAlive = clock.after(aliveEveryMs, alive)
  const end = stream.follow({
    ...from,
    isFull: () => response.writableLength > maxUnreadBytes,
    take: (event) => void response.write(frameOf(event)),
    onEnd: () => {
      cancelAlive()
      if (response.writableLength > maxUnreadBytes) response.destroy()
      else response.end()
    },
  })
  const endWithKey = actor.onEnd(() => {
    end()
    cancelAlive()
    response.end()
  })
  response.on('drain', () => stream.wake())
  response.on('close', () => {
    endWithKey()
    cancelAlive()
    end()
  })
}

function frameOf(event: LoggedEvent): string {
  return `id: ${event.position}\nevent: ${event.kind}\ndata: ${JSON.stringify(toWireEvent(event))}\n\n`
}

function wantsStream(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/event-stream')
}

function lastEventId(request: FastifyRequest): string | undefined {
  const value = request.headers['last-event-id']
  return typeof value === 'string' && value !== '' ? value : undefined
}
