import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, toError } from '../core/app-error.ts'
import { isDatabaseGone } from '../core/database-gone.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import type { Logger } from '../core/logger.ts'

/** An error as it goes over the wire. */
export interface ErrorEnvelope {
  readonly code: string
  readonly message: string
  readonly results?: Readonly<Record<string, string | number | boolean | null>>
}

const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
}

/** Answers with an error's envelope; the only place where errors become HTTP. */
export function sendError(reply: FastifyReply, error: AppError): FastifyReply {
  // A HEAD or statics route may have begun to describe another body.
  void reply.removeHeader('content-length')
  const retryAfter = error.details?.['retryAfterSeconds']
  if (retryAfter !== undefined && retryAfter !== null) void reply.header('retry-after', String(retryAfter))
  if (error.code === 'unauthorized') void reply.header('www-authenticate', 'basic realm=Restricted')
  if (wantsProblem(reply.request)) {
    return reply
      .code(error.entry.status)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(toProblem(error, reply.request.id))
  }
  if (error.code === 'unauthorized') {
    return reply.code(401).type('text/plain; charset=utf-8').send('Unauthorized')
  }
  return reply
    .code(error.entry.status)
    .type('application/json')
    .serializer(JSON.stringify)
    .send(toEnvelope(error))
}

/** Whether the caller names problem details (RFC 9457) among what it takes; nobody gets them without asking. */
function wantsProblem({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === 'application/problem+json' && !parameters.some((each) => /^q=0(\.0*)?$/.test(each))
  })
}

/** The same facts as in the envelope, as RFC 9457 names them; `code` and `results` are extension members. */
function toProblem(error: AppError, requestId: string) {
  const { code, message, ...facts } = toEnvelope(error)
  return {
    type: `urn:gatewa:error:${error.code}`,
    title: error.entry.text,
    status: error.entry.status,
    detail: message,
    instance: `urn:gatewa:request:${encodeURIComponent(requestId)}`,
    code,
    ...facts,
  }
}

/** The envelope of an error: the catalogue's wire code, and the error's details in the wire's spelling. */
export function toEnvelope(error: AppError): ErrorEnvelope {
  const { details } = error
  const envelope = { code: error.entry.wire, message: error.message }
  if (details === undefined) return envelope
  const results = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [toSnakeCase(name), value]),
  )
  return { ...envelope, results }
}

/** Makes the handler for whatever a hook or route throws. Only defects are logged as errors, with their cause. */
export function errorHandler(logger: Logger) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toAppError(thrown)
    const fields = { requestId: request.id, method: request.method, route: request.routeOptions.url }
    if (error.code === 'internal_error') {
      logger.error({ ...fields, err: toError(thrown) }, 'request failed')
    } else {
      logger.debug({ ...fields, code: error.code }, 'request refused')
    }
    return sendError(reply, error)
  }
}

function toAppError(thrown: unknown): AppError {
  const isDefect = !(thrown instanceof AppError) || thrown.code === 'internal_error'
  if (isDefect && isDatabaseGone(thrown)) {
    const details = thrown instanceof AppError ? thrown.details : undefined
    return new AppError('database_unavailable', { cause: thrown, ...(details && { details }) })
  }
  if (thrown instanceof AppError) return thrown
  const error = toError(thrown)
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown } // what fastify adds to its errors
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new AppError('bad_request', { message: 'the URL cannot be read', cause: error })
  const known = typeof code === 'string' ? frameworkCodes[code] : undefined
  if (known !== undefined) return new AppError(known, { cause: error })
  const isCallersFault = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
  return isCallersFault
    ? new AppError('bad_request', { cause: error })
    : new AppError('internal_error', { cause: error })
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
