import { AppError } from '../core/app-error.ts'
import { mayChangeByGet } from './dry-run.ts'
import { sendError } from './error-handler.ts'
import type { HttpApp } from './http-app.ts'

interface KnownRoute {
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/**
 * Answers what no route serves: 405 with `Allow` where the path has other methods, else 404. Call it before any route is
 * added, because it notes them as they come.
 */
export function addNotFound(app: HttpApp): void {
  const known = new Map<string, KnownRoute>()
  app.addHook('onRoute', ({ url, method, config }) => {
    const entry = known.get(url) ?? { pattern: toPattern(url), methods: new Set<string>() }
    for (const one of Array.isArray(method) ? method : [method])
      if (one !== 'HEAD' || !mayChangeByGet(config)) entry.methods.add(one)
    known.set(url, entry)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/[?#].*$/, '')
    const methods = [...known.values()].flatMap((route) =>
      route.pattern.test(path) ? [...route.methods] : [],
    )
    if (methods.length > 0) {
      reply.header('allow', [...new Set(methods)].sort().join(', '))
      return sendError(reply, new AppError('method_not_allowed'))
    }
    return sendError(reply, new AppError('route_not_found', { message: `Cannot ${request.method} ${path}` }))
  })
}

function toPattern(url: string): RegExp {
  const source = url
    .replace(/\/+$/, '')
    .replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`))
    .replace(/:[A-Za-z_]+/g, '[^/]+')
  return new RegExp(`^${source}/?$`)
}
