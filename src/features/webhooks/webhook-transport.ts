import { Agent, type Dispatcher } from 'undici'
import { toError } from '../../core/app-error.ts'
import { signBody } from './signing.ts'

/** Where to post, and with which secret. @sensitive */
export interface WebhookTarget {
  readonly url: string
  readonly secret: string
  readonly skipTlsVerify: boolean
}

/** What to post. `body` is JSON; `eventId` is the same for every try of an event. */
export interface WebhookPost {
  readonly eventId: string
  readonly attempt: number
  readonly body: string
}

/** The receiver's answer, or why there was none. */
export type WebhookAnswer = { readonly status: number } | { readonly status: null; readonly error: string }

/** Every member has a default. */
export interface WebhookTransportOptions {
  /** For connecting, answering and ending the answer together, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number
  /** Sent as User-Agent; default `Gatewa`. */
  readonly userAgent?: string
}

const connectionsPerOrigin = 32
const mostRedirects = 3
const mostAnswerBytes = 64 * 1024

/** Posts webhooks over kept-alive connections, a pool per origin. Whoever made it closes it. */
export class WebhookTransport {
  readonly #timeoutMs: number
  readonly #userAgent: string
  readonly #verifying: Agent
  readonly #trusting: Agent

  constructor(options: WebhookTransportOptions = {}) {
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#userAgent = options.userAgent ?? 'Gatewa'
    const agent = (rejectUnauthorized: boolean) =>
      new Agent({
        connections: connectionsPerOrigin,
        keepAliveTimeout: 30_000,
        // Longer than the limit of `post`, which ends the try and says so.
        connect: { timeout: 2 * this.#timeoutMs, rejectUnauthorized },
      })
    this.#verifying = agent(true)
    this.#trusting = agent(false)
  }

  /** Posts once. Never rejects: trouble of any kind is told in the answer. Ends early when `signal` fires. */
  async post(target: WebhookTarget, post: WebhookPost, signal: AbortSignal): Promise<WebhookAnswer> {
    const limit = new AbortController()
    const abort = () => limit.abort(new Error('the gateway is stopping'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    const late = () => limit.abort(new Error(`no answer within ${this.#timeoutMs} ms`))
    const timer = setTimeout(late, this.#timeoutMs)
    try {
      return await this.#follow(target, post, limit.signal)
    } catch (thrown) {
      return { status: null, error: describe(thrown) }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  /** Closes all connections; posts in flight fail. */
  async close(): Promise<void> {
    await Promise.all([this.#verifying.destroy(), this.#trusting.destroy()])
  }

  /** Follows redirects that keep the method (307, 308) and stay at the origin: a signed body is for nobody else. */
  async #follow(target: WebhookTarget, post: WebhookPost, signal: AbortSignal): Promise<WebhookAnswer> {
    const origin = new URL(target.url).origin
    let url = new URL(target.url)
    for (let hop = 0; ; hop += 1) {
      const response = await this.#request(url, target, post, signal)
      const status = response.statusCode
      // The status decides. The rest is read only so that the connection can be used again, and not without end.
      await response.body.dump({ limit: mostAnswerBytes, signal }).catch((thrown: unknown) => {
        if (status < 200 || status > 299) throw thrown
      })
      if (status !== 307 && status !== 308) return { status }
      const next = locationOf(response, url)
      if (next?.origin !== origin || hop === mostRedirects) return { status }
      next.username = url.username
      next.password = url.password
      url = next
    }
  }

  #request(url: URL, target: WebhookTarget, post: WebhookPost, signal: AbortSignal) {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'user-agent': this.#userAgent,
      'x-hub-signature-256': signBody(target.secret, post.body),
      'x-gatewa-event-id': post.eventId,
      'x-gatewa-attempt': String(post.attempt),
    }
    if (url.username !== '' || url.password !== '') {
      const userInfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
      headers['authorization'] = `Basic ${Buffer.from(userInfo).toString('base64')}`
    }
    const dispatcher: Dispatcher = target.skipTlsVerify ? this.#trusting : this.#verifying
    return dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers,
      body: post.body,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }
}

function locationOf(response: Dispatcher.ResponseData, base: URL): URL | null {
  const location = response.headers['location']
  return typeof location === 'string' && URL.canParse(location, base.href) ? new URL(location, base) : null
}

/** The deepest cause says what happened (`ECONNREFUSED`); the outer ones only that something did. */
function describe(thrown: unknown): string {
  const error = toError(thrown)
  if (error instanceof AggregateError && error.message === '') return describe(error.errors[0])
  return error.cause === undefined ? error.message : describe(error.cause)
}
