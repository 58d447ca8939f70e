import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { HttpConfig } from '../config/config.ts'
import { AppError } from '../core/app-error.ts'
import type { HttpApp } from './http-app.ts'

/** A user name and password that may call the gateway. @sensitive */
type Credential = HttpConfig['basicAuth'][number]

/** Tells the user name of credentials in the form `base64(user:password)`, or null when they fit none. */
export type CredentialCheck = (encoded: string) => string | null

/**
 * Makes the check for a list of credentials. Every one is compared, over keyed hashes of equal length, so that the time
 * taken tells nothing about names or passwords.
 */
export function credentialCheck(credentials: readonly Credential[]): CredentialCheck {
  const key = randomBytes(32)
  const hash = (text: string) => createHmac('sha256', key).update(text).digest()
  const known = credentials.map(({ user, password }) => ({ user, hash: hash(`${user}:${password}`) }))
  return (encoded) => {
    const given = hash(Buffer.from(encoded, 'base64').toString('utf8'))
    let found: string | null = null
    for (const candidate of known) {
      if (timingSafeEqual(candidate.hash, given)) found = candidate.user
    }
    return found
  }
}

/** Makes every route that is not public ask for credentials; without any configured nothing is asked. Raises `unauthorized`. */
export function addAuth(app: HttpApp, credentials: readonly Credential[]): void {
  app.decorateRequest('credential', '')
  if (credentials.length === 0) return
  const check = credentialCheck(credentials)
  app.addHook('onRequest', async (request) => {
    const { config } = request.routeOptions
    if (config.auth === 'public') return
    const encoded =
      fromHeader(request) ?? (config.credentials === 'header-or-query' ? fromQuery(request) : null)
    const user = encoded === null ? null : check(encoded)
    if (user === null) throw new AppError('unauthorized')
    request.credential = user
  })
}

function fromHeader(request: FastifyRequest): string | null {
  const match = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(request.headers.authorization ?? '')
  return match?.[1] ?? null
}

/** Browsers cannot set a header on a WebSocket, so upgrades may carry the credentials in the query. */
function fromQuery(request: FastifyRequest): string | null {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return null
  const { authorization } = request.query as Record<string, unknown> // fastify leaves the query untyped before validation
  return typeof authorization === 'string'
    ? authorization.replace(/^basic\s+/i, '').replaceAll(' ', '+')
    : null
}
