import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { streamRevivals } from '../api/live.ts'

/** What a load has come to; old data stays while new is fetched. */
export interface Loaded<Data> {
  readonly data: Data | null
  readonly error: unknown
  readonly reload: () => void
}

/**
 * Loads something when it is first shown, when `key` changes, when `reload` is called, and when the event stream comes back
 * after a break. An answer that was overtaken by a later question is dropped.
 */
export function useLoad<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const [state, setState] = useState<{ key: string; data: Data | null; error: unknown }>({
    key,
    data: null,
    error: null,
  })
  const [turn, setTurn] = useState(0)
  const latest = useRef(load)
  latest.current = load
  const revivals = streamRevivals.value
  useEffect(() => {
    const abort = new AbortController()
    latest
      .current(abort.signal)
      .then((data) => {
        if (!abort.signal.aborted) setState({ key, data, error: null })
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted)
          setState((now) => ({ key, data: now.key === key ? now.data : null, error }))
      })
    return () => abort.abort()
  }, [key, turn, revivals])
  const reload = useCallback(() => setTurn((now) => now + 1), [])
  const isCurrent = state.key === key
  return { data: isCurrent ? state.data : null, error: isCurrent ? state.error : null, reload }
}
