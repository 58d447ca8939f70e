// Owns: the event stream. EventSource cannot send credentials, so the stream is read by hand.
import { headersOf, urlOf } from './client.ts'

/** An event as `GET /events` and its stream give it. */
export interface GatewayEvent {
  readonly cursor: string
  readonly id: string
  readonly seq: number
  readonly created_at: string
  readonly event: string
  readonly body: {
    readonly session_id?: string
    readonly payload?: Readonly<Record<string, unknown>>
    readonly [name: string]: unknown
  }
}

/** Where a stream stands: `lost` between two attempts, `refused` when this credential may not read it. */
export type StreamState = 'connecting' | 'live' | 'lost' | 'refused'

/** Whom a stream tells. */
export interface StreamListener {
  onEvent(event: GatewayEvent): void
  onState(state: StreamState): void
}

const firstPauseMs = 500
const longestPauseMs = 15_000
/** The gateway writes a comment every 25 s; two missing mean that nobody is there. */
const silentForMs = 60_000

/**
 * Follows the event log from now on until the returned function is called. After a break it resumes behind the last event,
 * so that none is missed.
 */
export function followEvents(listener: StreamListener): () => void {
  const ended = new AbortController()
  void follow(listener, ended.signal)
  return () => ended.abort()
}

/** The credential is not good, or may not read. */
class StreamRefused extends Error {}

async function follow(listener: StreamListener, ended: AbortSignal): Promise<void> {
  let after: string | undefined
  let pauseMs = firstPauseMs
  let wasRefused = false
  while (!ended.aborted) {
    if (!wasRefused) listener.onState('connecting')
    const attempt = new AbortController()
    let isRefused = false
    const end = () => attempt.abort()
    ended.addEventListener('abort', end, { once: true })
    try {
      await readStream(after, attempt, {
        onState: (state) => {
          pauseMs = firstPauseMs
          listener.onState(state)
        },
        onEvent: (event) => {
          after = event.cursor
          listener.onEvent(event)
        },
      })
    } catch (error) {
      // Whatever broke it, the answer is another attempt; the state says that there is none now.
      isRefused = error instanceof StreamRefused
    }
    ended.removeEventListener('abort', end)
    if (ended.aborted) return
    listener.onState(isRefused ? 'refused' : 'lost')
    wasRefused = isRefused
    if (isRefused) pauseMs = longestPauseMs
    await pause(pauseMs, ended)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

async function readStream(
  after: string | undefined,
  attempt: AbortController,
  listener: StreamListener,
): Promise<void> {
  const response = await fetch(urlOf('events', { query: { after } }), {
    headers: { ...headersOf(), accept: 'text/event-stream' },
    cache: 'no-store',
    credentials: 'omit',
    signal: attempt.signal,
  })
  if (response.status === 401 || response.status === 403) throw new StreamRefused()
  if (!response.ok || response.body === null) throw new Error(`no stream: ${response.status}`)
  listener.onState('live')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const timer = setTimeout(() => attempt.abort(), silentForMs)
    const { value, done } = await reader.read().finally(() => clearTimeout(timer))
    if (done) return
    const frames = (rest + value).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const event = eventOf(frame)
      if (event !== null) listener.onEvent(event)
    }
  }
}

function eventOf(frame: string): GatewayEvent | null {
  // Tells that older events are gone, which a page that shows what comes in has no use for.
  if (frame.split('\n').includes('event: gap')) return null
  const data = frame
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n')
  return data === '' ? null : (JSON.parse(data) as GatewayEvent) // the gateway's own frames
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    ended.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
