const defaultFirstDelayMs = 1000
const defaultLongestDelayMs = 10 * 60_000
const defaultGiveUpAfterMs = 24 * 60 * 60_000

/** How long failing deliveries are tried again. */
export interface RetryPolicy {
  /** An event older than this is given up at its next failure. Default 24 hours. */
  readonly giveUpAfterMs?: number
  /** The wait after the first failure, in milliseconds. Default 1000. */
  readonly firstDelayMs?: number
  /** The longest wait, in milliseconds. Default 10 minutes. */
  readonly longestDelayMs?: number
  /** A number from 0 to below 1; default `Math.random`. */
  readonly random?: () => number
}

/**
 * The wait after `attempts` failed tries: 1, 2, 4, 8 … seconds, at most 10 minutes, each shortened by up to a quarter so
 * that many that failed together do not come back together. Null when the event is too old to go on.
 */
export function retryDelayMs(attempts: number, ageMs: number, policy: RetryPolicy = {}): number | null {
  if (ageMs > (policy.giveUpAfterMs ?? defaultGiveUpAfterMs)) return null
  const firstDelayMs = policy.firstDelayMs ?? defaultFirstDelayMs
  const delay = Math.min(
    policy.longestDelayMs ?? defaultLongestDelayMs,
    firstDelayMs * 2 ** Math.min(attempts - 1, 30),
  )
  return Math.round(delay * (1 - (policy.random ?? Math.random)() / 4))
}
