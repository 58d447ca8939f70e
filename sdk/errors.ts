import type { ErrorCode } from './generated/error-codes.ts'

/** What an error knows besides its sentence. */
export interface ErrorFacts {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** Facts of the error as the gateway tells them: a device id, a message id. */
  readonly results?: Readonly<Record<string, unknown>>
  /** So long the gateway asks to wait, in ms. */
  readonly retryAfterMs?: number
  /** Finds the request in the gateway's log. */
  readonly requestId?: string
  readonly cause?: unknown
}

/** Everything that a call can fail with. `code` is stable; docs/errors.md of the gateway lists all. */
export class GatewaError extends Error {
  override readonly name: string = 'GatewaError'
  readonly code: ErrorCode
  readonly status: number
  readonly results: Readonly<Record<string, unknown>>
  readonly retryAfterMs: number | null
  readonly requestId: string | null

  constructor(code: ErrorCode, message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.status = facts.status
    this.results = facts.results ?? {}
    this.retryAfterMs = facts.retryAfterMs ?? null
    this.requestId = facts.requestId ?? null
  }
}

/** The gateway could not be reached, or the connection broke before its answer came. What was asked for may have happened. */
export class NoAnswerError extends GatewaError {
  override readonly name = 'NoAnswerError'
}

/** The request is malformed (400): correct it. */
export class InvalidRequestError extends GatewaError {
  override readonly name = 'InvalidRequestError'
}

/** The credentials are wrong, or the device is not logged in or not connected (401). `code` tells which. */
export class UnauthorizedError extends GatewaError {
  override readonly name = 'UnauthorizedError'
}

/** The key, or WhatsApp, does not allow it (403). */
export class ForbiddenError extends GatewaError {
  override readonly name = 'ForbiddenError'
}

/** There is no such device, chat, message or group, or no more (404, 410). */
export class NotFoundError extends GatewaError {
  override readonly name = 'NotFoundError'
}

/** It conflicts with the present state (409). */
export class ConflictError extends GatewaError {
  override readonly name = 'ConflictError'
}

/** Too fast (429), for the gateway or for WhatsApp. */
export class TooFastError extends GatewaError {
  override readonly name = 'TooFastError'
}

/** The gateway, or WhatsApp behind it, could not do it now (5xx). */
export class UnavailableError extends GatewaError {
  override readonly name = 'UnavailableError'
}

/** WhatsApp did not confirm the message in time: it may arrive. Its state becomes known under `messageId`; do not send it anew. */
export class SendOutcomeUnknownError extends GatewaError {
  override readonly name = 'SendOutcomeUnknownError'

  /** Id of the message whose outcome is open. */
  get messageId(): string {
    const id = this.results['message_id']
    return typeof id === 'string' ? id : ''
  }
}

/** Makes the error of an answer that is none of 2xx. */
export async function errorOf(response: Response): Promise<GatewaError> {
  const { status, headers } = response
  const told = readEnvelope(await response.text().catch(() => ''))
  const code = told.code ?? (status === 401 ? 'UNAUTHORIZED' : `HTTP_${status}`)
  const requestId = headers.get('x-request-id')
  const retryAfterMs = readRetryAfter(headers.get('retry-after'))
  const facts = {
    status,
    ...(told.results === undefined ? {} : { results: told.results }),
    ...(requestId === null ? {} : { requestId }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
  const Kind = code === 'SEND_OUTCOME_UNKNOWN' ? SendOutcomeUnknownError : kindOf(status)
  return new Kind(code, told.message ?? `the gateway answered with status ${status}`, facts)
}

function kindOf(status: number): typeof GatewaError {
  if (status >= 500) return UnavailableError
  switch (status) {
    case 400:
    case 413:
    case 415:
      return InvalidRequestError
    case 401:
      return UnauthorizedError
    case 403:
      return ForbiddenError
    case 404:
    case 410:
      return NotFoundError
    case 409:
      return ConflictError
    case 429:
      return TooFastError
    default:
      return GatewaError
  }
}

interface Told {
  readonly code?: string
  readonly message?: string
  readonly results?: Readonly<Record<string, unknown>>
}

/** What a proxy in front of the gateway answers is no envelope; then nothing is known but the status. */
function readEnvelope(text: string): Told {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return {}
  }
  if (typeof body !== 'object' || body === null) return {}
  const { code, message, results } = body as Readonly<Record<string, unknown>> // members are looked at one by one
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof results === 'object' && results !== null
      ? { results: results as Told['results'] & object }
      : {}), // an object
  }
}

function readRetryAfter(text: string | null): number | null {
  if (text === null) return null
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}
