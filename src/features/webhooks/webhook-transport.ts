import { Agent, type Dispatcher } from 'undici'
import { toError } from '../../core/app-error.ts'
import { guardedLookup, refuseForbiddenHost } from './target-addresses.ts'

/** Where to post, and how. @sensitive */
export interface WebhookTarget {
  readonly url: string
  readonly skipTlsVerify: boolean
  /** Named by the operator's settings: may be anywhere. Others are checked when the connection is made. */
  readonly isTrusted: boolean
  /** Sent with every post; they cannot replace those that the gateway sets. */
  readonly headers: Readonly<Record<string, string>>
}

/** What to post. `body` is JSON; `headers` are the gateway's own for this event. */
export interface WebhookPost {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** The receiver's answer, or why there was none. `retryAfter` as the header said it. */
export type WebhookAnswer =
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly status: null; readonly error: string }

/** Every member has a default. */
export interface WebhookTransportOptions {
  /** For connecting, answering and ending the answer together, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number
  /** Sent as User-Agent; default `Gatewa`. */
  readonly userAgent?: string
}

const mostRedirects = 3
const mostAnswerBytes = 64 * 1024

/** Posts webhooks over kept-alive connections, a pool per origin. Whoever made it closes it. */
export class WebhookTransport {
  readonly #timeoutMs: number
  readonly #userAgent: string
  /** By whether certificates are checked and addresses guarded. */
  readonly #agents = new Map<string, Agent>()

  constructor(options: WebhookTransportOptions = {}) {
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#userAgent = options.userAgent ?? 'Gatewa'
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
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()))
  }

  #agentFor({ skipTlsVerify, isTrusted }: WebhookTarget): Dispatcher {
    const key = `${skipTlsVerify} ${isTrusted}`
    const known = this.#agents.get(key)
    if (known !== undefined) return known
    const agent = new Agent({
      // As many as there are posts: each endpoint has few at a time, and several often share an origin, where one that hangs
      // must not take the connections of the others.
      connections: null,
      keepAliveTimeout: 30_000,
      connect: {
        // Longer than the limit of `post`, which ends the try and says so.
        timeout: 2 * this.#timeoutMs,
        rejectUnauthorized: !skipTlsVerify,
        ...(isTrusted ? {} : { lookup: guardedLookup }),
      },
    })
    this.#agents.set(key, agent)
    return agent
  }

  /** Follows redirects that keep the method (307, 308) and stay at the origin: a signed body is for nobody else. */
  async #follow(target: WebhookTarget, post: WebhookPost, signal: AbortSignal): Promise<WebhookAnswer> {
    const { origin, hostname } = new URL(target.url)
    if (!target.isTrusted) refuseForbiddenHost(hostname)
    let url = new URL(target.url)
    for (let hop = 0; ; hop += 1) {
      const response = await this.#request(url, target, post, signal)
      const status = response.statusCode
      // The status decides. The rest is read only so that the connection can be used again, and not without end.
      await response.body.dump({ limit: mostAnswerBytes, signal }).catch((thrown: unknown) => {
        if (status < 200 || status > 299) throw thrown
      })
      if (status !== 307 && status !== 308) return { status, ...retryAfterOf(response) }
      const next = locationOf(response, url)
      if (next?.origin !== origin || hop === mostRedirects) return { status }
      next.username = url.username
      next.password = url.password
      url = next
    }
  }

  #request(url: URL, target: WebhookTarget, post: WebhookPost, signal: AbortSignal) {
    const headers: Record<string, string> = {
      ...target.headers,
      'content-type': 'application/json',
      'user-agent': this.#userAgent,
      ...post.headers,
    }
    if (url.username !== '' || url.password !== '') {
      const userInfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
      headers['authorization'] = `Basic ${Buffer.from(userInfo).toString('base64')}`
    }
    return this.#agentFor(target).request({
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

function retryAfterOf(response: Dispatcher.ResponseData): { retryAfter?: string } {
  const value = response.headers['retry-after']
  return typeof value === 'string' ? { retryAfter: value } : {}
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
