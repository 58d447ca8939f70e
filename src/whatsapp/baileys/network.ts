import type { Agent } from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import { type Dispatcher, interceptors, ProxyAgent, Socks5ProxyAgent, Agent as UndiciAgent } from 'undici'

/** The ways out to WhatsApp: three HTTP stacks are at work below Baileys, and each wants its own. */
export interface Network {
  /** For the chat socket and for uploads (node http); undefined without a proxy. */
  readonly agent: Agent | undefined
  /** For downloads and the version page (fetch); undefined when nothing is special. */
  readonly dispatcher: Dispatcher | undefined
  /** For history, and for app state, which Baileys fetches by itself while messages wait: neither gives up at once nor waits long. */
  readonly downloads: Dispatcher
  close(): Promise<void>
}

/** How long a host may keep still while Baileys fetches something. */
const longestPauseMs = 10_000
/** A file whose connection was cut is fetched so often again. */
const retries = { maxRetries: 2, minTimeout: 300, maxTimeout: 1_000 }

/** Builds the ways out through `proxy` (http, https, socks5) and to `mediaHost` in place of WhatsApp's media hosts. */
export function makeNetwork(options: {
  proxy?: string | undefined
  mediaHost?: string | undefined
  longestPauseMs?: number
}): Network {
  const { proxy, mediaHost, longestPauseMs: pauseMs = longestPauseMs } = options
  const own = proxy === undefined ? new UndiciAgent() : dispatcherFor(proxy)
  const way = mediaHost === undefined ? own : own.compose(toMediaHost(mediaHost))
  return {
    agent: proxy === undefined ? undefined : agentFor(proxy),
    dispatcher: proxy === undefined && mediaHost === undefined ? undefined : way,
    downloads: way.compose(withoutLongPauses(pauseMs), onlyWhole, interceptors.retry(retries)),
    close: () => own.close(),
  }
}

/** A host that keeps still for longer has failed. */
function withoutLongPauses(pauseMs: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch({ ...options, headersTimeout: pauseMs, bodyTimeout: pauseMs }, handler)
}

/**
 * Hands an answer on when all of it is here. Baileys pipes the body of what it fetches without listening for its errors
 * (rc14 lib/Utils/messages-media.js, downloadEncryptedContent), so a connection that is cut would end the process; before
 * the answer has begun it is a fetch that fails.
 */
const onlyWhole: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, new WholeAnswer(handler))

type Handler = Required<Dispatcher.DispatchHandler>

class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler
  readonly #chunks: Buffer[] = []
  #start: Parameters<Handler['onResponseStart']> | null = null

  constructor(handler: Dispatcher.DispatchHandler) {
    this.#handler = handler
  }

  onRequestStart(...start: Parameters<Handler['onRequestStart']>): void {
    this.#handler.onRequestStart?.(...start)
  }

  onResponseStart(...start: Parameters<Handler['onResponseStart']>): void {
    this.#start = start
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(...[controller, trailers]: Parameters<Handler['onResponseEnd']>): void {
    if (this.#start !== null) this.#handler.onResponseStart?.(...this.#start)
    for (const chunk of this.#chunks) this.#handler.onResponseData?.(controller, chunk)
    this.#handler.onResponseEnd?.(controller, trailers)
  }

  onResponseError(...failure: Parameters<Handler['onResponseError']>): void {
    this.#handler.onResponseError?.(...failure)
  }
}

/**
 * Sends requests for any `*.whatsapp.net` to another host. History and app state carry no address at all: Baileys
 * always asks mmg.whatsapp.net for them, so the address has to be changed down here.
 */
export function toMediaHost(mediaHost: string): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const origin = new URL(String(options.origin))
    if (!/(^|\.)whatsapp\.net$/.test(origin.hostname)) return dispatch(options, handler)
    return dispatch({ ...options, origin: `https://${mediaHost}` }, handler)
  }
}

function isSocks(proxy: string): boolean {
  return proxy.startsWith('socks')
}

function agentFor(proxy: string): Agent {
  return isSocks(proxy) ? new SocksProxyAgent(proxy) : new HttpsProxyAgent(proxy)
}

function dispatcherFor(proxy: string): Dispatcher {
  return isSocks(proxy) ? new Socks5ProxyAgent(proxy) : new ProxyAgent(proxy)
}
