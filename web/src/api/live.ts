// Owns: the page's one event stream and who hears it.
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { followEvents, type GatewayEvent, type StreamState } from './event-stream.ts'

type Listener = (event: GatewayEvent) => void

const listeners = new Set<Listener>()

/** The last events since the page was opened, oldest first. */
export const recentEvents = signal<readonly GatewayEvent[]>([])

const mostRecent = 500

/** Whether events arrive right now. */
export const streamState = signal<StreamState>('connecting')

/** Counts the times the stream came back; what was shown before may be old. */
export const streamRevivals = signal(0)

/** Begins to follow the gateway's events; ends with the returned function. */
export function startLive(): () => void {
  let wasLost = false
  return followEvents({
    onEvent: (event) => {
      recentEvents.value = [...recentEvents.value.slice(1 - mostRecent), event]
      for (const listener of listeners) listener(event)
    },
    onState: (state) => {
      if (state === 'live' && wasLost) streamRevivals.value += 1
      wasLost = state === 'lost' || state === 'refused' || (wasLost && state !== 'live')
      streamState.value = state
    },
  })
}

/** Hears every event while the component is shown. */
export function useEvents(listener: Listener): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const hear = (event: GatewayEvent) => latest.current(event)
    listeners.add(hear)
    return () => void listeners.delete(hear)
  }, [])
}
