import type { HttpApp } from './http-app.ts'

/** Since when GETs that change something are said to be deprecated: 2026-11-29, as RFC 9745 writes it. */
export const deprecatedSince = '@1795910400'

/**
 * The contract has GETs that change something, which browsers, proxies and crawlers may repeat or fetch ahead. Each whose route
 * names a `postTwin` is served as POST too, under that operation id, and its GET answers with `Deprecation`.
 */
export function addPostTwins(app: HttpApp): void {
  app.addHook('onRoute', function (route) {
    const { postTwin, ...config } = route.config ?? {}
    if (postTwin === undefined || route.method !== 'GET') return
    this.route({
      ...route,
      method: 'POST',
      // The prefix is put in front once more.
      url: route.routePath,
      config,
      schema: { ...route.schema, operationId: postTwin },
    })
  })
  app.addHook('onRequest', async (request, reply) => {
    const isTwinned = request.routeOptions.config.postTwin !== undefined
    if (isTwinned) void reply.header('deprecation', deprecatedSince)
  })
}
