import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { HttpConfig } from '../config/config.ts'
import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Tracing } from '../core/tracing.ts'
import type { AuditFact } from '../features/audit/audit-entry.ts'
import type { TempFolder } from '../files/temp-folder.ts'
import { appInfoRoutes, type SizeLimits } from './app-info-routes.ts'
import { addAudit } from './audit.ts'
import { addAuth, type KeyChecks } from './auth.ts'
import { addBodyParsers } from './body-parsers.ts'
import { addCors } from './cors.ts'
import { dashboardRoutes } from './dashboard-routes.ts'
import { addDeviceLimit, addDeviceScope, type DeviceDirectory } from './device-scope.ts'
import { docsRoutes } from './docs-routes.ts'
import { addDryRun, refuseHead } from './dry-run.ts'
import { errorHandler } from './error-handler.ts'
import { healthRoutes, type ReadinessChecks } from './health-routes.ts'
import type { HttpApp, HttpRoutes } from './http-app.ts'
import { addNotFound } from './not-found.ts'
import { addNamedOriginsGuard, addOpenGatewayGuard } from './open-gateway-guard.ts'
import { addOpenApi, openApiRoutes } from './openapi.ts'
import { addPostTwins } from './post-twins.ts'
import { addRecipientGuard } from './recipient-guard.ts'
import { addRequestSpans } from './request-spans.ts'
import { limitArrival, uploadTimeoutMs } from './request-time.ts'
import { staticsRoutes } from './statics-routes.ts'
import { proxyTrust } from './trusted-proxies.ts'
import { answerUnreadableRequest } from './unreadable-request.ts'
import { addUploads } from './uploads.ts'
import { zodValidator } from './zod-validator.ts'

/** An answer that was given. */
export interface Answered {
  readonly method: string
  /** Pattern of the route; null when there is none for the request. */
  readonly route: string | null
  readonly status: number
  readonly seconds: number | null
}

/** What the server is made of. */
export interface ServerDeps {
  readonly config: Omit<HttpConfig, 'host' | 'port'>
  readonly version: string
  /** Name that phones show for this gateway; told by `/app/info`. */
  readonly deviceName: string
  readonly devices: DeviceDirectory
  /** Who presents an API key or a ticket. */
  readonly keys: KeyChecks
  readonly checks: ReadinessChecks
  /** Absolute path of the folder that logins write QR pictures to. */
  readonly qrCodeDir: string
  /** Where files of requests lie until they are answered. Somebody else sweeps it at start. */
  readonly uploads: TempFolder
  /** Told by `/app/info`. */
  readonly limits: SizeLimits
  /** Takes what requests did. */
  readonly audit: (fact: AuditFact) => Promise<void>
  /** Hears of every answer. `seconds` is null for what stays open: event streams and WebSockets. */
  readonly onAnswer?: (answer: Answered) => void
  /** Makes a span of every request. */
  readonly tracing?: Tracing | null
  readonly clock: Clock
  readonly logger: Logger
  /** The features' routes, added under the base path. */
  readonly routes: readonly HttpRoutes[]
  /** What only a sandbox answers. */
  readonly sandbox?: HttpRoutes | undefined
}

/** Largest body of a request that carries no file. */
const bodyLimitBytes = 1_048_576

/**
 * Builds the server, ready to `listen` or `inject`. A request passes, in this order: the open gateway's guard, CORS,
 * credentials, device scope, reading of the body, validation, the route.
 */
export async function createServer(deps: ServerDeps): Promise<HttpApp> {
  const { config, logger } = deps
  const trusts = proxyTrust(config.trustedProxies)
  const app: HttpApp = Fastify({
    logger: false,
    trustProxy: (address: string) => trusts(address),
    genReqId: requestId,
    bodyLimit: bodyLimitBytes,
    // The longest of all; `limitArrival` gives requests without files less.
    requestTimeout: uploadTimeoutMs,
    forceCloseConnections: 'idle',
    // While closing, `refuseWhileClosing` answers with our envelope.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      errorHandler(logger)(error, request, reply)
    },
    clientErrorHandler: answerUnreadableRequest,
  }).withTypeProvider<ZodTypeProvider>()

  app.setValidatorCompiler(zodValidator)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(errorHandler(logger))
  app.decorate('basePath', config.basePath)
  app.decorate('trustsProxy', trusts)
  const endRequestSpans = deps.tracing ? addRequestSpans(app, deps.tracing) : null
  addNotFound(app)
  addBodyParsers(app)
  limitArrival(app)
  await addUploads(app, deps.uploads, logger)
  addAnswerHeaders(app)
  namePlainJson(app)
  refuseWhileClosing(app)
  endRefusedUpgrades(app)
  logAnswers(app, logger)
  if (deps.onAnswer !== undefined) tellOfAnswers(app, deps.onAnswer)
  endRequestSpans?.()
  if (config.basicAuth.length === 0) {
    addOpenGatewayGuard(app, { allowAnyHost: config.allowNoAuth, namedOrigins: config.corsAllowedOrigins })
  }
  addCors(app, config.corsAllowedOrigins)
  if (config.basicAuth.length > 0 && !config.corsAllowedOrigins.includes('*')) {
    addNamedOriginsGuard(app, config.corsAllowedOrigins)
  }
  addAuth(app, {
    credentials: config.basicAuth,
    longestDelayMs: config.wrongCredentialDelayMs,
    keys: deps.keys,
    clock: deps.clock,
  })
  refuseHead(app)
  addDeviceScope(app, deps.devices)
  addDeviceLimit(app, { perMinute: config.deviceSendsPerMinute, clock: deps.clock })
  addRecipientGuard(app)
  addDryRun(app)
  addAudit(app, { record: deps.audit, clock: deps.clock, logger })
  addPostTwins(app)
  await addOpenApi(app, { version: deps.version, basePath: config.basePath })
  await addRoutes(app, deps)
  return app
}

async function addRoutes(app: HttpApp, deps: ServerDeps): Promise<void> {
  const { config } = deps
  const { basePath } = config
  await healthRoutes(deps)(app)
  await app.register(
    async (scoped) => {
      const under: HttpApp = scoped.withTypeProvider<ZodTypeProvider>()
      await appInfoRoutes({ ...deps, basePath, isSandbox: deps.sandbox !== undefined })(under)
      await staticsRoutes(deps)(under)
      for (const routes of deps.routes) await routes(under)
      await deps.sandbox?.(under)
      openApiRoutes(under)
      docsRoutes(under)
      await dashboardRoutes({ version: deps.version, isEnabled: config.dashboard })(under)
    },
    { prefix: basePath },
  )
  await app.ready()
}

function requestId(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

function addAnswerHeaders(app: HttpApp): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    })
  })
}

/** JSON has no charset; clients that compare the type literally expect it as the reference sends it. */
function namePlainJson(app: HttpApp): void {
  app.addHook('onSend', async (_request, reply) => {
    if (reply.getHeader('content-type') === 'application/json; charset=utf-8')
      reply.header('content-type', 'application/json')
  })
}

function refuseWhileClosing(app: HttpApp): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async () => {
    if (isClosing) throw new AppError('shutting_down')
  })
  // Without it a connection that was busy when closing began stays open until its keep-alive ends, and `close` waits.
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
}

/**
 * Node hands the socket of an upgrade over for good, so nobody closes it after an ordinary answer (a refusal): it would stay
 * open until the process ends, and keep `close` waiting.
 */
function endRefusedUpgrades(app: HttpApp): void {
  app.addHook('onResponse', async (request) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') request.raw.socket.destroySoon()
  })
}

function tellOfAnswers(app: HttpApp, onAnswer: (answer: Answered) => void): void {
  app.addHook('onResponse', async (request, reply) => {
    const staysOpen =
      request.headers.upgrade !== undefined || reply.getHeader('content-type') === 'text/event-stream'
    onAnswer({
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      seconds: staysOpen ? null : reply.elapsedTime / 1000,
    })
  })
}

/** Path and query stay out of the log: they hold numbers, and for WebSockets credentials. */
function logAnswers(app: HttpApp, logger: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    logger.debug(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request answered',
    )
  })
}
