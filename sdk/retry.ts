import { GatewaError, NoAnswerError } from './errors.ts'
import { passingErrors } from './generated/error-codes.ts'

/** How failures that may pass are tried again. */
export interface RetryPolicy {
  /** Calls in all, the first included; 1 never tries again. Default 4. */
  readonly tries: number
  /** Pause before the second try, in ms; each later one is twice as long. Default 500. */
  readonly firstPauseMs: number
  /** Longest pause, in ms; when the gateway asks to wait longer the error is thrown. Default 30 000. */
  readonly longestPauseMs: number
}

export const defaultRetry: RetryPolicy = { tries: 4, firstPauseMs: 500, longestPauseMs: 30_000 }

/** `always`: doing it twice does no harm. `before-work`: only what the gateway refused before it did anything is tried again. */
export type Repeatable = 'always' | 'before-work'

/** Refused before anything was done. */
const beforeWork: ReadonlySet<string> = new Set(['RATE_LIMITED', 'TOO_MANY_ATTEMPTS', 'SHUTTING_DOWN'])
/** WhatsApp's own brakes: pushing on gets numbers banned. */
const neverAgain: ReadonlySet<string> = new Set(['WA_REACHOUT_TIMELOCK', 'WHATSAPP_RATE_LIMITED'])

/** Runs `attempt` until it succeeds, fails for good, or the tries are used up. Rejects as the last attempt, or the signal, does. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  repeatable: Repeatable,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt()
    } catch (error) {
      const pauseMs = pauseBefore(count, policy, error)
      if (count >= policy.tries || !mayRepeat(error, repeatable) || pauseMs === null) throw error
      await pause(pauseMs, signal)
    }
  }
}

function mayRepeat(error: unknown, repeatable: Repeatable): boolean {
  if (!(error instanceof GatewaError) || neverAgain.has(error.code)) return false
  if (beforeWork.has(error.code)) return true
  return repeatable === 'always' && isPassing(error)
}

/** Whether the same request can succeed a little later. */
export function isPassing(error: GatewaError): boolean {
  if (error instanceof NoAnswerError) return true
  // What a proxy answers while the gateway is away is no error of the gateway.
  if (error.code.startsWith('HTTP_')) return [429, 502, 503, 504].includes(error.status)
  return passingErrors.has(`${error.status} ${error.code}`)
}

/** The pause before the next try, in ms; null when the gateway asks for a longer one than the policy has. */
function pauseBefore(count: number, policy: RetryPolicy, error: unknown): number | null {
  const asked = error instanceof GatewaError ? error.retryAfterMs : null
  if (asked !== null) return asked <= policy.longestPauseMs ? asked : null
  return backoffMs(count, policy)
}

/** Twice as long each time, up to the longest, shortened at random by up to half so that many clients do not come at once. */
export function backoffMs(count: number, policy: Omit<RetryPolicy, 'tries'>): number {
  const full = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (count - 1))
  return full * (0.5 + Math.random() / 2)
}

/** Resolves after so many ms; rejects with the signal's reason when that comes first. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal))
      return
    }
    const onAbort = () => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
