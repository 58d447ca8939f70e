import { useState } from 'preact/hooks'

/** Doing one thing at a time, and what went wrong with the last. */
export interface Acts {
  readonly isBusy: boolean
  readonly error: unknown
  /** Does it, unless something is being done. What it rejects with is in `error` until the next begins. */
  readonly act: (work: () => Promise<void>) => void
}

/** For forms and buttons: they are shut while something is being done, and say what went wrong beside them. */
export function useAct(): Acts {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = (work: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    setError(null)
    work()
      .catch(setError)
      .finally(() => setBusy(false))
  }
  return { isBusy, error, act }
}
