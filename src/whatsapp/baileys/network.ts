import type { Agent } from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import { type Dispatcher, ProxyAgent, Socks5ProxyAgent, Agent as UndiciAgent } from 'undici'

/** The ways out to WhatsApp: three HTTP stacks are at work below Baileys, and each wants its own. */
export interface Network {
  /** For the chat socket and for uploads (node http); undefined without a proxy. */
  readonly agent: Agent | undefined
  /** For downloads, history, app state and the version page (fetch); undefined when nothing is special. */
  readonly dispatcher: Dispatcher | undefined
  close(): Promise<void>
}

/** Builds the ways out through `proxy` (http, https, socks5) and to `mediaHost` in place of WhatsApp's media hosts. */
export function makeNetwork(options: {
  proxy?: string | undefined
  mediaHost?: string | undefined
}): Network {
  const base = options.proxy === undefined ? undefined : dispatcherFor(options.proxy)
  const { mediaHost } = options
  const own = base ?? (mediaHost === undefined ? undefined : new UndiciAgent())
  return {
    agent: options.proxy === undefined ? undefined : agentFor(options.proxy),
    dispatcher: own === undefined || mediaHost === undefined ? own : own.compose(toMediaHost(mediaHost)),
    close: async () => {
      await own?.close()
    },
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
