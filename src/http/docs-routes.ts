import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AppError } from '../core/app-error.ts'
import type { HttpApp } from './http-app.ts'

const assetTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatewa API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

const start = `SwaggerUIBundle({
  url: new URL('openapi.json', new URL('.', location.href.replace(/\\/+$/, ''))).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
})
`

const contentSecurity =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** `/docs`: the API in a browsable page. Its files are read on the first request, so that starting costs nothing. */
export function docsRoutes(app: HttpApp): void {
  const schema = { hide: true }
  app.get('/docs', { config: { device: 'none', scope: 'any' }, schema }, async (request, reply) => {
    // Relative links of the page count from /docs, so /docs/ would miss them.
    if (/\/docs\/(\?|$)/.test(request.url)) return reply.redirect(`${app.basePath}/docs`)
    return reply
      .header('content-security-policy', contentSecurity)
      .type('text/html; charset=utf-8')
      .send(page)
  })
  app.get('/docs/start.js', { config: { device: 'none', scope: 'any' }, schema }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(start),
  )
  app.get('/docs/:file', { config: { device: 'none', scope: 'any' }, schema }, async (request, reply) => {
    const { file } = request.params as { file: string } // the route has no params schema; `:file` is always a string
    const type = Object.hasOwn(assetTypes, file) ? assetTypes[file] : undefined
    if (type === undefined) throw new AppError('route_not_found')
    return reply
      .type(type)
      .header('cache-control', 'private, max-age=86400')
      .send(await readFile(join(assetFolder(), file)))
  })
}

function assetFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')
  return join(dirname(manifest), 'static')
}
