import { errorOf, GatewaError } from './errors.ts'
import type { EventKind, LoggedEvent } from './operation-types.ts'
import { backoffMs, isPassing, pause } from './retry.ts'
import { readFrames } from './server-sent-events.ts'

/** Events that are lost: all behind the place `after`, up to and with the place `deleted_to`. */
export interface EventGap {
  readonly after: string
  readonly deleted_to: string
}

/** Which events to follow, and from where. */
export interface FollowOptions {
  /** `cursor` or `id` of the last event that is known; from now on when absent. */
  readonly after?: string
  /** Only these kinds; all when absent. */
  readonly kinds?: readonly EventKind[]
  /** Only events of this device. */
  readonly device?: string
  /** Told when events that were not given yet are no longer there: the gateway has deleted them for their age. */
  readonly onGap?: (gap: EventGap) => void
  readonly signal?: AbortSignal
  /** Ends a connection on which nothing came for so long, in ms. Default 60 000; the gateway sends something every 25 s. */
  readonly quietMs?: number
}

/** Sends a request for the stream; rejects with `NoAnswerError` when there is no answer. */
export type OpenStream = (path: string, headers: Readonly<Record<string, string>>) => Promise<Response>

const pauses = { firstPauseMs: 500, longestPauseMs: 15_000 }

/**
 * Gives events as they happen, each once and in order. A connection that breaks is made again and goes on behind the last
 * event that was given. Ends when the signal says so; rejects when the gateway refuses (a revoked key, a wrong cursor).
 */
export async function* followEvents(
  open: OpenStream,
  options: FollowOptions,
): AsyncGenerator<LoggedEvent, void, undefined> {
  const { signal, kinds, device, quietMs = 60_000 } = options
  const query = new URLSearchParams()
  if (kinds !== undefined) query.set('events', kinds.join(','))
  if (device !== undefined) query.set('device_id', device)
  let cursor = options.after ?? ''
  const isOver = () => signal?.aborted === true
  for (let failures = 1; !isOver(); failures += 1) {
    try {
      // In the query: a header of that name would have to be allowed to pages of other origins.
      if (cursor !== '') query.set('after', cursor)
      const response = await open(`/events?${query.toString()}`, { accept: 'text/event-stream' })
      if (!response.ok || response.body === null) throw await errorOf(response)
      for await (const frame of readFrames(response.body, quietMs)) {
        failures = 0
        if (frame.id !== '') cursor = frame.id
        // Both as the gateway declares them.
        if (frame.event === 'gap') options.onGap?.(JSON.parse(frame.data) as EventGap)
        else if (frame.data !== '') yield JSON.parse(frame.data) as LoggedEvent
      }
    } catch (error) {
      if (isOver()) return
      // Anything else is the connection itself, which broke between two events.
      if (error instanceof GatewaError && !isPassing(error)) throw error
    }
    await pause(backoffMs(Math.max(1, failures), pauses), signal).catch(() => undefined)
  }
}
