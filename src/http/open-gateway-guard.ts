import type { IncomingHttpHeaders } from 'node:http'
import ipaddr from 'ipaddr.js'
import { AppError } from '../core/app-error.ts'
import { normalOrigin } from './cors.ts'
import type { HttpApp } from './http-app.ts'

/** What the guard needs to know. */
export interface OpenGatewayOptions {
  /** Answer under any host name too: the operator opened the gateway to a network on purpose. */
  readonly allowAnyHost: boolean
  /** Origins named by the operator; they are not foreign. `*` names nobody. */
  readonly namedOrigins: readonly string[]
}

/**
 * Protects a gateway without credentials from web pages: every page a user visits can send requests to loopback, and a page
 * whose name is rebound to 127.0.0.1 could even read the answers. Raises `origin_refused` for HTTP and WebSocket upgrades.
 */
export function addOpenGatewayGuard(app: HttpApp, options: OpenGatewayOptions): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.openGateway === 'any-host') return
    const hosts = [request.headers.host, request.host]
    // A picture on a named page's dashboard comes without origin; its name is secret, so only the host counts.
    const isForNamedPages = request.routeOptions.config.auth === 'public' && namesSomebody(options)
    const refusal = refusalOf(isForNamedPages ? {} : request.headers, hosts, options)
    if (refusal !== null) throw new AppError('origin_refused', { details: { reason: refusal } })
  })
}

/**
 * Holds a named list of origins against what a browser sends with credentials it remembered: forms, pictures, links and
 * WebSockets of other pages are refused, which leaving out CORS headers alone does not do. Raises `origin_refused`.
 */
export function addNamedOriginsGuard(app: HttpApp, namedOrigins: readonly string[]): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.auth === 'public') return
    const options = { allowAnyHost: true, namedOrigins }
    const refusal = refusalOf(request.headers, [request.headers.host, request.host], options)
    if (refusal === null) return
    throw new AppError('origin_refused', {
      message: 'this gateway answers browsers only on its own pages and those of APP_CORS_ALLOWED_ORIGINS',
      details: { reason: refusal },
    })
  })
}

/** Why a request to an open gateway is refused, or null when it may pass. `hosts` are all names it was addressed by. */
export function refusalOf(
  headers: IncomingHttpHeaders,
  hosts: readonly (string | undefined)[],
  options: OpenGatewayOptions,
): 'foreign-host' | 'foreign-origin' | 'cross-site' | null {
  if (!options.allowAnyHost && !hosts.every((host) => host !== undefined && isLoopbackHost(host))) {
    return 'foreign-host'
  }
  const { origin } = headers
  if (origin !== undefined && isNamed(origin, options.namedOrigins)) return null
  // Browsers know it better than the Host header, which proxies change.
  const site = headers['sec-fetch-site']
  if (options.allowAnyHost && site === 'same-origin') return null
  if (origin !== undefined && !hosts.some((host) => host !== undefined && isSameHost(origin, host))) {
    return 'foreign-origin'
  }
  // `same-site` is a page on another port of this machine; it has no business here either. `none` is the address bar.
  return site === undefined || site === 'same-origin' || site === 'none' ? null : 'cross-site'
}

function namesSomebody({ namedOrigins }: OpenGatewayOptions): boolean {
  return namedOrigins.some((named) => named !== '*')
}

function isNamed(origin: string, namedOrigins: readonly string[]): boolean {
  return namedOrigins.some((named) => named !== '*' && normalOrigin(named) === normalOrigin(origin))
}

function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: originHost } = new URL(origin)
  const base = `${protocol}//${host}`
  return URL.canParse(base) && new URL(base).host === originHost && originHost !== ''
}

function isLoopbackHost(host: string): boolean {
  const base = `http://${host}`
  if (!URL.canParse(base)) return false
  const { hostname, username, pathname } = new URL(base)
  if (username !== '' || pathname !== '/') return false
  if (/(?:^|\.)localhost\.?$/.test(hostname)) return true
  const address = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
