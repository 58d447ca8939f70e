import type { Agent } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** Answer to a HEAD request: what `doctor` wants to know of a host. */
export interface HeadAnswer {
  readonly status: number
  /** The host's clock, null when it does not tell. */
  readonly date: Date | null
}

const timeoutMs = 10_000

/** Asks a host for its head, through the proxy if there is one. Rejects with the reason when it cannot be reached. */
export async function headThrough(url: URL, proxy: string | undefined): Promise<HeadAnswer> {
  const agent = proxy === undefined ? undefined : await proxyAgent(proxy, url.protocol === 'https:')
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'HEAD',
      timeout: timeoutMs,
      ...(agent === undefined ? {} : { agent }),
    })
    sent.on('response', (response) => {
      response.resume()
      const date = response.headers.date
      resolve({ status: response.statusCode ?? 0, date: date === undefined ? null : new Date(date) })
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
    sent.on('error', reject)
    sent.end()
  })
}

async function proxyAgent(proxy: string, isSecure: boolean): Promise<Agent> {
  if (proxy.startsWith('socks')) {
    const { SocksProxyAgent } = await import('socks-proxy-agent')
    return new SocksProxyAgent(proxy, { timeout: timeoutMs })
  }
  const { HttpsProxyAgent } = await import('https-proxy-agent')
  // A plain request through CONNECT as well: it is how the WebSocket goes.
  return new HttpsProxyAgent(proxy, {
    timeout: timeoutMs,
    ...(isSecure ? { ALPNProtocols: ['http/1.1'] } : {}),
  })
}
