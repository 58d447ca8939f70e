import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import websocket from '@fastify/websocket'
import type { Logger } from '../core/logger.ts'
import type { EventReader } from '../features/events/event-reader.ts'
import { eventsQuery, seenBy, toFilter } from '../features/events/wire-event-schemas.ts'
import type { HttpApp, HttpRoutes } from '../http/http-app.ts'
import type { WebSocketHub } from './websocket-hub.ts'

/** `events`: kinds with commas, empty for all. */
const followQuery = eventsQuery.pick({ events: true, after: true })

/** Clients only ever send short requests. */
const maxRequestBytes = 65_536

/**
 * `GET /ws`: credentials in the header or the `authorization` query, a device by header or query as everywhere; whoever is
 * refused gets the HTTP answer instead of an upgrade. Closes its clients when the server closes.
 */
export function websocketRoutes(deps: {
  readonly hub: WebSocketHub
  /** Finds where a client that asks for events (`?events=…`, `after=`) begins. */
  readonly events?: Pick<EventReader, 'beginAtEnd' | 'beginBehind'>
  readonly logger: Logger
}): HttpRoutes {
  const following = new WeakMap<object, Parameters<WebSocketHub['follow']>[1]>()
  return async (app) => {
    await app.register(websocket, {
      options: { maxPayload: maxRequestBytes, server: upgradesTo(app, `${app.basePath}/ws`) as never }, // only its 'upgrade' events are used
      errorHandler: (error, socket) => {
        deps.logger.debug({ err: error }, 'websocket failed')
        socket.terminate()
      },
      preClose: (done) => {
        deps.hub.stop().then(() => done(), done)
      },
    })
    app.route({
      method: 'GET',
      url: '/ws',
      config: { device: 'scoped', scope: 'read', credentials: 'header-or-query' },
      schema: { hide: true, querystring: followQuery },
      handler: async (_request, reply) => {
        await reply
          .code(426)
          .headers({ upgrade: 'websocket', connection: 'upgrade' })
          .type('text/plain; charset=utf-8')
          .send('Upgrade Required')
      },
      preHandler: async (request) => {
        const { events, after } = request.query
        if (deps.events === undefined || events === undefined) return
        const { place, gap } =
          after === undefined ? await deps.events.beginAtEnd() : await deps.events.beginBehind(after)
        const filter = { ...toFilter({ device_id: request.deviceId, events }), ...seenBy(request.actor) }
        following.set(request, { filter, after: place, gap })
      },
      wsHandler: (socket, request) => {
        deps.hub.add(socket, request.deviceId, request.actor)
        const from = following.get(request)
        if (from !== undefined) deps.hub.follow(socket, from)
      },
    })
  }
}

/**
 * The server's upgrade requests for WebSockets at `path`. Others are not upgrades to us: HTTP clients that offer HTTP/2
 * (`Upgrade: h2c`, the default of Java's) are to be answered in plain HTTP, as if they had not asked.
 */
function upgradesTo(app: HttpApp, path: string): EventEmitter {
  const upgrades = new EventEmitter()
  const isOurs = (request: IncomingMessage) =>
    request.headers.upgrade?.toLowerCase() === 'websocket' && pathOf(request.url) === path
  // Asked by Node before it turns a request into an upgrade, from 22.21 and 24.9 on.
  Object.assign(app.server, { shouldUpgradeCallback: isOurs })
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isOurs(request)) upgrades.emit('upgrade', request, socket, head)
    else socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  return upgrades
}

function pathOf(url: string | undefined): string {
  const path = (url ?? '').replace(/[?#].*$/, '')
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}
