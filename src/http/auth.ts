import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpConfig } from '../config/config.ts'
import { type Actor, keyPrefix, operator, ticketPrefix } from '../core/actor.ts'
import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import { GuessBrake } from './guess-brake.ts'
import type { HttpApp } from './http-app.ts'
import { RateLimit, tellAllowance } from './rate-limit.ts'

/** A user name and password that may call the gateway. @sensitive */
type Credential = HttpConfig['basicAuth'][number]

/** Tells the user name of credentials in the form `base64(user:password)`, or null when they fit none. */
export type CredentialCheck = (encoded: string) => string | null

/** What else than a basic credential tells who calls. */
export interface KeyChecks {
  /** Whose API key this is; null when it is nobody's, was revoked or has expired. */
  authenticate(key: string): Promise<Actor | null>
  /** Who asked for this ticket; null when nobody did, it was used, or is too old. A ticket is good once. */
  redeemTicket(ticket: string): Promise<Actor | null>
}

export interface AuthDeps {
  readonly credentials: readonly Credential[]
  /** Longest time that the answer to a wrong credential is held back, in ms. */
  readonly longestDelayMs: number
  readonly keys: KeyChecks
  readonly clock: Clock
}

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

/**
 * Finds out who makes each request to a route that is not public, and what they may do: `request.actor`. Raises
 * `unauthorized` (without credentials configured only for a wrong key or ticket), `too_many_attempts`, `rate_limited`,
 * `scope_missing` and `devices_limited`.
 */
export function addAuth(app: HttpApp, { credentials, longestDelayMs, keys, clock }: AuthDeps): void {
  const check = credentialCheck(credentials)
  const brake = new GuessBrake({ clock, longestDelayMs })
  const limit = new RateLimit({ clock })
  const nobody = operator('')
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      return this.foundActor ?? nobody
    },
  })
  app.decorateRequest('foundActor', null)

  const find = async (given: Presented): Promise<Actor | null> => {
    switch (given.kind) {
      case 'basic': {
        const user = check(given.text)
        return user === null ? null : operator(user)
      }
      case 'key':
        return keys.authenticate(given.text)
      case 'ticket':
        return keys.redeemTicket(given.text)
    }
  }

  app.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions
    if (config.auth === 'public') return
    const given = presented(request)
    // An open gateway takes no notice of what is not its own; a key says what its holder may do everywhere.
    if (credentials.length === 0 && (given === null || !isOurs(given))) return
    if (given === null) throw new AppError('unauthorized')
    brake.admit(request.ip)
    const actor = await find(given)
    if (actor === null) {
      await brake.failed(request.ip, given.text)
      throw new AppError('unauthorized')
    }
    request.foundActor = actor
    if (config.limit !== 'uncounted') countRequest(limit, actor, reply)
    const scope = config.scope ?? 'admin'
    if (scope !== 'any' && !actor.scopes.has(scope)) {
      throw new AppError('scope_missing', {
        message: `this key may not do that: it needs the scope ${scope}`,
        details: { scope },
      })
    }
    if (actor.devices !== null && (config.device ?? 'every') === 'every')
      throw new AppError('devices_limited')
  })
}

function countRequest(limit: RateLimit, actor: Actor, reply: FastifyReply): void {
  if (actor.requestsPerMinute === null) return
  tellAllowance(reply, limit.take(actor.name, actor.requestsPerMinute), 'this key may make')
}

function isOurs({ kind, text }: Presented): boolean {
  return (
    (kind === 'key' && text.startsWith(keyPrefix)) || (kind === 'ticket' && text.startsWith(ticketPrefix))
  )
}

interface Presented {
  readonly kind: 'basic' | 'key' | 'ticket'
  readonly text: string
}

/** What a request shows of itself: a header, or where the route takes them there a credential or ticket in the query. */
function presented(request: FastifyRequest): Presented | null {
  const { authorization = '', 'x-api-key': apiKey } = request.headers
  const basic = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(authorization)?.[1]
  if (basic !== undefined) return { kind: 'basic', text: basic }
  const bearer = /^bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (bearer !== undefined) return { kind: 'key', text: bearer }
  if (typeof apiKey === 'string' && apiKey !== '') return { kind: 'key', text: apiKey }
  const { credentials = 'header' } = request.routeOptions.config
  if (credentials === 'header') return null
  const { ticket } = request.query as Record<string, unknown> // fastify leaves the query untyped before validation
  if (typeof ticket === 'string' && ticket !== '') return { kind: 'ticket', text: ticket }
  return credentials === 'header-or-query' ? fromQuery(request) : null
}

/** Browsers cannot set a header on a WebSocket, so upgrades may carry the credentials in the query. */
function fromQuery(request: FastifyRequest): Presented | null {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return null
  const { authorization } = request.query as Record<string, unknown> // fastify leaves the query untyped before validation
  return typeof authorization === 'string'
    ? { kind: 'basic', text: authorization.replace(/^basic\s+/i, '').replaceAll(' ', '+') }
    : null
}
