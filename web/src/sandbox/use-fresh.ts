import { useEffect, useRef } from 'preact/hooks'
import { useEvents } from '../api/live.ts'
import { type Loaded, useLoad } from '../ui/use-load.ts'

/** The simulator tells nothing by itself, so it is asked this often while the page is seen. */
const lookEveryMs = 600

/** Loads something of the simulator and keeps it fresh. */
export function useFresh<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const loaded = useLoad(key, load)
  const latest = useRef(loaded.reload)
  latest.current = loaded.reload
  useEvents(() => latest.current())
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) latest.current()
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
  return loaded
}
