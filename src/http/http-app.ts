// Owns: the words every route file needs (app type, envelope, route config). Must not know any feature.
import type {} from '@fastify/swagger'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Actor, Scope } from '../core/actor.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import type { DeviceId } from '../core/ids.ts'

/** The server as route files see it: a route's zod schemas type its request and its answer. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What a feature's `xxxRoutes(deps)` returns: adds its routes to an app whose prefix is the base path. */
export type HttpRoutes = (app: HttpApp) => void | Promise<void>

/** Which files a route takes. Its `bodyLimit` does not matter for multipart forms; this does. */
export interface UploadConfig {
  /** Names of the form's fields that are files; at most one file each. */
  readonly fields: readonly string[]
  /** Largest size of a file. The whole form may be 1 MiB larger. */
  readonly limitBytes: number
  /** What is said of a larger file; a sentence that names the limit when absent. */
  readonly tooLarge?: string
  /** The code of that refusal. Default `media_too_large`, and `payload_too_large` when the form is too large as a whole. */
  readonly tooLargeCode?: ErrorCode
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `scoped`: the request is for one device (X-Device-Id header, else `device_id` query, else the only slot) and
     * `request.deviceId` has it; an unresolvable one is refused before the body is read. `path`: it is for the device that
     * the path's `device_id` names. `filtered`: it shows only what `request.actor` may see. `by-header`: that too, and
     * `request.headerDeviceId` has the device that the X-Device-Id header names. `none`: it concerns no device.
     * Default `every`: it concerns all devices, and is refused to keys that are limited to some.
     */
    device?: 'scoped' | 'path' | 'filtered' | 'by-header' | 'none' | 'every'
    /** What a key must be allowed to do; `any`: every key that is good may. Default `admin`. */
    scope?: Scope | 'any'
    /** `uncounted`: does not count for the limit of a key, because what it does is requests that count. Default `counted`. */
    limit?: 'counted' | 'uncounted'
    /** `public`: answered without credentials. Default `required` (which only means something when credentials are set). */
    auth?: 'required' | 'public'
    /** `any-host`: also answered under a foreign Host by an open gateway (health checks). Default `guarded`. */
    openGateway?: 'guarded' | 'any-host'
    /**
     * `header-or-ticket`: also takes `?ticket=`, for streams read by browsers, which cannot set headers on them;
     * `header-or-query`: `?authorization=<base64(user:password)>` of a WebSocket as well. Default `header`.
     */
    credentials?: 'header' | 'header-or-ticket' | 'header-or-query'
    /** Recorded in the audit log although it changes nothing. */
    isAudited?: boolean
    /** `by-key`: the route honours `Idempotency-Key`. Default `none`. */
    idempotency?: 'by-key' | 'none'
    /** Operation id of the POST that does the same as this GET, which changes something. Default: none, it changes nothing. */
    postTwin?: string
    /** The files that the route takes in multipart forms; `uploadedFile` has them. Default: none, files are left out. */
    upload?: UploadConfig
  }
  interface FastifyRequest {
    /** The device of a route with `config: { device: 'scoped' }`; reading it on any other route is a defect and throws. */
    readonly deviceId: DeviceId
    /** Where the device scope puts what it found; routes read `deviceId`. */
    scopedDeviceId: DeviceId | null
    /** The device that the header names on a route with `config: { device: 'by-header' }`; null when it names none. */
    headerDeviceId: DeviceId | null
    /** Who calls. */
    readonly actor: Actor
    /** Id of what the request acts on, for the audit log, where the path does not name it. */
    auditSubject: string
    /** Where the check of credentials puts whom it found; routes read `actor`. */
    foundActor: Actor | null
  }
  interface FastifyInstance {
    /** '' or a path like `/gateway`, never with a trailing slash. */
    readonly basePath: string
    /** Whether forwarded headers of this peer address count. */
    readonly trustsProxy: (address: string | undefined) => boolean
  }
}

/** A success as it goes over the wire. `results` is absent when there is nothing to tell. */
export interface Envelope {
  readonly code: 'SUCCESS'
  readonly message: string
}

/** Makes the envelope of a success. */
export function ok(message: string): Envelope
export function ok<Results>(message: string, results: Results): Envelope & { readonly results: Results }
export function ok(message: string, results?: unknown): Envelope & { readonly results?: unknown } {
  return results === undefined ? { code: 'SUCCESS', message } : { code: 'SUCCESS', message, results }
}

/** Schema of a success with results, for a route's `response: { 200: … }`. */
export function envelopeOf<Results extends z.ZodType>(results: Results) {
  return z.object({ code: z.literal('SUCCESS'), message: z.string(), results })
}

/** Schema of a success without results. */
export const plainEnvelope = z.object({ code: z.literal('SUCCESS'), message: z.string() })

/** Schema of every error; `results` has the facts of the error when there are some. */
export const errorEnvelope = z.object({
  code: z.string().describe('Name of the error; docs/errors.md lists all.'),
  message: z.string(),
  results: z.record(z.string(), z.unknown()).optional(),
})

/** The error answers that any operation may give; spread into a route's `response`. */
export const errorResponses = {
  400: errorEnvelope.describe('The request is not valid'),
  404: errorEnvelope.describe('Not found'),
  500: errorEnvelope.describe('A defect of the gateway'),
} as const

/** What operations that ask WhatsApp may answer besides; spread into a route's `response` after `errorResponses`. */
export const whatsAppResponses = {
  401: errorEnvelope.describe('Not logged in, or not connected'),
  403: errorEnvelope.describe('WhatsApp does not allow it'),
  409: errorEnvelope.describe('It conflicts with the present state at WhatsApp'),
  429: errorEnvelope.describe('Too fast for WhatsApp'),
  504: errorEnvelope.describe('WhatsApp did not answer in time'),
} as const

/** `<scheme>://<host><base path>` as the caller sees this gateway; forwarded headers count only from trusted proxies. */
export function externalBaseUrl(request: FastifyRequest): string {
  const { server, headers } = request
  const isTrusted = server.trustsProxy(request.socket.remoteAddress)
  const forwarded = (name: string) => (isTrusted ? firstOf(headers[name]) : '')
  const scheme =
    forwarded('x-forwarded-proto') ||
    forwarded('x-forwarded-protocol') ||
    (forwarded('x-forwarded-ssl') === 'on' ? 'https' : '') ||
    forwarded('x-url-scheme') ||
    'http'
  const host = forwarded('x-forwarded-host') || (headers.host ?? 'localhost')
  return `${scheme === 'https' ? 'https' : 'http'}://${host}${server.basePath}`
}

function firstOf(header: string | string[] | undefined): string {
  const text = Array.isArray(header) ? (header[0] ?? '') : (header ?? '')
  return text.split(',', 1).join('').trim()
}
