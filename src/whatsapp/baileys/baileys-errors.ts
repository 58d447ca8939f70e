import type { BinaryNode } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import { isDatabaseGone } from '../../core/database-gone.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import { SignalError } from './signal/signal-error.ts'

/** The slice of a Boom that Baileys' errors carry. */
interface BoomLike {
  readonly statusCode: number | null
  /** For refused queries the number WhatsApp answered. */
  readonly data: unknown
}

/** Reads the parts of a Boom, whatever was thrown. */
export function readBoom(error: unknown): BoomLike {
  if (typeof error !== 'object' || error === null) return { statusCode: null, data: undefined }
  const output: unknown = 'output' in error ? error.output : undefined
  const status: unknown =
    typeof output === 'object' && output !== null && 'statusCode' in output ? output.statusCode : undefined
  return {
    statusCode: typeof status === 'number' ? status : null,
    data: 'data' in error ? error.data : undefined,
  }
}

const refusals: Readonly<Record<number, ErrorCode>> = {
  404: 'whatsapp_not_found',
  409: 'whatsapp_conflict',
  429: 'whatsapp_rate_limited',
  463: 'reachout_timelocked',
  479: 'recipient_devices_stale',
}

/** WhatsApp's number for a refusal as our error, with the number in `details.whatsappCode`. */
export function refusal(whatsappCode: number, cause?: unknown): AppError {
  return new AppError(refusals[whatsappCode] ?? 'whatsapp_refused', {
    details: { whatsappCode },
    ...(cause === undefined ? {} : { cause }),
  })
}

const withoutAnswer = 'WhatsApp answered without what was asked for'

/** WhatsApp answered something else than what its clients expect. */
export function unreadable(cause?: unknown): AppError {
  return new AppError('whatsapp_refused', {
    message: withoutAnswer,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Whether an error is `unreadable`. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'whatsapp_refused' && error.message === withoutAnswer
}

/** What Baileys says when no device of the recipient could be encrypted for: WhatsApp handed out no keys of any. */
const noKeys = 'All encryptions failed'
/** What Baileys says when it reads the answer to a question about a group that was never answered. */
const noGroup = 'Invalid group metadata response: missing <group> node'

/** An error of Baileys as ours: a refused query, a lost connection, a query without an answer or with another one, missing or forged keys, else a defect. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError && error.code !== 'internal_error') return error
  if (isDatabaseGone(error)) return new AppError('database_unavailable', { cause: error })
  if (error instanceof AppError) return error
  if (error instanceof SignalError && error.failure === 'untrusted-bundle') {
    return new AppError('recipient_keys_untrusted', { cause: error })
  }
  // A question under way when the socket closes rejects with the bare close code, as in 1006.
  if (typeof error === 'number') {
    const cause = new Error(`the socket closed with ${error}`)
    return new AppError('device_not_connected', { cause })
  }
  if (isNetworkError(error)) return new AppError('device_not_connected', { cause: error })
  const { statusCode, data } = readBoom(error)
  if (typeof data === 'number') return refusal(data, error)
  if (statusCode === 428) return new AppError('device_not_connected', { cause: error })
  if (statusCode === 408) return new AppError('whatsapp_timeout', { cause: error })
  const { message } = toError(error)
  if (message === noKeys) {
    return new AppError('whatsapp_not_found', {
      message: 'WhatsApp knows no keys of the recipient; nothing was sent',
      cause: error,
    })
  }
  // An answer without the group would be there as the error's data.
  if (message === noGroup && data === undefined) return new AppError('whatsapp_timeout', { cause: error })
  if (isAnswer(data))
    return data.tag === 'error' ? refusal(Number(data.attrs.code ?? 500), error) : unreadable(error)
  return new AppError('internal_error', { cause: toError(error) })
}

/** Whether the data of an error is what WhatsApp answered: Baileys could make nothing of it. */
function isAnswer(data: unknown): data is BinaryNode {
  return typeof data === 'object' && data !== null && 'tag' in data && 'attrs' in data
}

/** Whether an error says that the connection was not there when something should have been written. */
export function isConnectionError(error: unknown): boolean {
  const { statusCode } = readBoom(error)
  // 428 Connection Closed, 408 a write that took too long.
  return statusCode === 428 || statusCode === 408 || isNetworkError(error)
}

const networkCalls: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo', 'read', 'shutdown', 'write'])

/** Whether an error comes raw from below Baileys: the system's sockets, TLS, or `ws`, whose words have no code when it is closing. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (/^WebSocket (is not open|was closed)/.test(error.message)) return true
  if ('syscall' in error && networkCalls.has(error.syscall)) return true
  return 'code' in error && /^(ERR_SSL_|ERR_TLS_|WS_ERR_)/.test(String(error.code))
}
