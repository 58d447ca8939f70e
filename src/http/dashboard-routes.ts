import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../core/app-error.ts'
import { type DashboardFile, type DashboardFiles, readDashboard } from './dashboard-files.ts'
import { type HttpRoutes, ok } from './http-app.ts'
import { isKnownTo } from './known-tag.ts'

/** What serving the dashboard needs. */
export interface DashboardRoutesDeps {
  readonly version: string
  /** False: `/` only says who answers here. */
  readonly isEnabled: boolean
  /** Where the built files come from; the build's own folder when absent. */
  readonly read?: () => Promise<DashboardFiles | null>
}

/**
 * Scripts and styles only from here. Connections may go elsewhere, because the page can be told to work with another
 * gateway; nothing but what its user types names one.
 */
const contentSecurity = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self' http: https:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/**
 * `/`: the dashboard, and `/assets/…`: what it loads. Public, since the page itself asks for credentials, and under any
 * host, since it holds nothing and can say in words why the API refuses. Its files are read on the first request.
 */
export function dashboardRoutes(deps: DashboardRoutesDeps): HttpRoutes {
  let reading: Promise<DashboardFiles | null> | undefined
  const files = () => (reading ??= (deps.read ?? readDashboard)())
  const route = { config: { auth: 'public', openGateway: 'any-host' }, schema: { hide: true } } as const
  return (app) => {
    app.get('/', route, async (request, reply) => {
      if (!deps.isEnabled) return ok(`Gatewa ${deps.version}: the dashboard is off (APP_UI_ENABLED)`)
      const built = await files()
      if (built === null) return ok(`Gatewa ${deps.version}: the dashboard is not built (npm run build)`)
      const [path = '', ...query] = request.url.split('?')
      // The page's links count from its own folder, whatever a proxy calls that.
      if (!path.endsWith('/')) {
        const name = path.slice(path.lastIndexOf('/') + 1)
        return reply.redirect([`./${name}/`, ...query].join('?'))
      }
      reply.headers({ 'content-security-policy': contentSecurity, 'cache-control': 'no-cache' })
      return sendFile(request, reply, built.page)
    })
    app.get('/assets/:file', route, async (request, reply) => {
      const { file } = request.params as { file: string } // the route has no params schema; `:file` is always a string
      const asset = deps.isEnabled ? (await files())?.assets.get(file) : undefined
      if (asset === undefined) throw new AppError('route_not_found')
      // A file's name has the hash of its content.
      reply.header('cache-control', 'public, max-age=31536000, immutable')
      return sendFile(request, reply, asset)
    })
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: DashboardFile) {
  reply.headers({ etag: file.tag, vary: 'Accept-Encoding' }).type(file.type)
  if (isKnownTo(request, file.tag)) return reply.code(304).send()
  if (!acceptsGzip(request)) return reply.send(file.plain)
  return reply.header('content-encoding', 'gzip').send(file.gzipped)
}

function acceptsGzip(request: FastifyRequest): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '').toLowerCase()
  return accepted.split(',').some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(coding))
}
