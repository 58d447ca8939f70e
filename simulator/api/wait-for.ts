import type { Changes } from '../state/changes.ts'

/** How long a verb waits unless told otherwise. */
export const DEFAULT_TIMEOUT_MS = 5_000

/** A fact that did not come true in time; the message says what did arrive instead. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout'
}

/**
 * Waits until `check` returns something, looking now and after every change. Rejects with `WaitTimeout` after
 * `timeoutMs`; `describe` is asked then for what did happen.
 */
export function waitFor<T>(
  what: string,
  changes: Changes | Changes[],
  check: () => T | undefined,
  options: { timeoutMs?: number | undefined; describe?: () => string } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    const stop = () => {
      clearTimeout(timer)
      for (const each of stops) each()
    }
    const look = () => {
      const found = check()
      if (found === undefined) return
      stop()
      resolve(found)
    }
    const timer = setTimeout(() => {
      stop()
      const seen = options.describe ? `; what did arrive: ${options.describe()}` : ''
      reject(new WaitTimeout(`${what} did not happen within ${timeoutMs} ms${seen}`))
    }, timeoutMs)
    for (const each of Array.isArray(changes) ? changes : [changes]) stops.push(each.on(look))
    look()
  })
}
