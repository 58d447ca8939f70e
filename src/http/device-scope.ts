import type { FastifyRequest } from 'fastify'
import { type Actor, mayUse } from '../core/actor.ts'
import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import { asDeviceId, type DeviceId } from '../core/ids.ts'
import { type Jid, toJid } from '../whatsapp/jid.ts'
import type { HttpApp } from './http-app.ts'
import { RateLimit, tellAllowance } from './rate-limit.ts'

/** What the scope asks about devices; implemented over the device store. */
export interface DeviceDirectory {
  /** Ids of all slots, oldest first. */
  ids(): Promise<readonly DeviceId[]>
  exists(id: DeviceId): Promise<boolean>
  /** Slots whose account has this phone-number JID or LID. */
  idsOfAccount(jid: Jid): Promise<readonly DeviceId[]>
}

const notFoundText =
  'device not found; create a device first from /api/devices or provide a valid X-Device-Id'

/**
 * Finds the device of every request to a `device: 'scoped'` route: X-Device-Id header, else `device_id` query, else the only
 * slot. An id or the account's JID names a device. Raises `device_not_found` or `device_id_required` before the body is read.
 */
export function addDeviceScope(app: HttpApp, devices: DeviceDirectory): void {
  app.decorateRequest('scopedDeviceId', null)
  app.decorateRequest('headerDeviceId', null)
  app.decorateRequest('deviceId', {
    getter(this: FastifyRequest) {
      if (this.scopedDeviceId === null)
        throw new Error('deviceId was read on a route that is not device scoped')
      return this.scopedDeviceId
    },
  })
  app.addHook('onRequest', async (request) => {
    const { actor, routeOptions } = request
    switch (routeOptions.config.device) {
      case 'scoped':
        request.scopedDeviceId = await resolveDevice(
          allowedTo(actor, devices),
          headerOf(request),
          queryOf(request),
        )
        return
      case 'path':
        ensureMayUse(actor, request.params)
        return
      case 'by-header':
        request.headerDeviceId = await namedByHeader(allowedTo(actor, devices), headerOf(request))
        return
      case 'filtered':
      case 'none':
      case 'every':
      case undefined:
    }
  })
}

/** The devices as an actor sees them: one that it may not use is not there. */
function allowedTo(actor: Actor, devices: DeviceDirectory): DeviceDirectory {
  if (actor.devices === null) return devices
  const isAllowed = (id: DeviceId) => mayUse(actor, id)
  return {
    ids: async () => (await devices.ids()).filter(isAllowed),
    exists: async (id) => isAllowed(id) && devices.exists(id),
    idsOfAccount: async (jid) => (await devices.idsOfAccount(jid)).filter(isAllowed),
  }
}

/** Raises `device_not_found`, as for a device that does not exist, when the path names one that the actor may not use. */
function ensureMayUse(actor: Actor, params: unknown): void {
  const { device_id: named } = params as Record<string, unknown> // fastify leaves the path's parts untyped before validation
  const deviceId = asDeviceId(typeof named === 'string' ? named.trim() : '')
  if (!mayUse(actor, deviceId))
    throw new AppError('device_not_found', { message: `device ${deviceId} not found` })
}

/** Holds every device to so many requests a minute of the scope `send`; 0 is any number. Raises `rate_limited`. */
export function addDeviceLimit(
  app: HttpApp,
  { perMinute, clock }: { perMinute: number; clock: Clock },
): void {
  if (perMinute === 0) return
  const limit = new RateLimit({ clock })
  app.addHook('onRequest', async ({ routeOptions, scopedDeviceId }, reply) => {
    if (routeOptions.config.scope !== 'send' || scopedDeviceId === null) return
    tellAllowance(reply, limit.take(scopedDeviceId, perMinute), `device ${scopedDeviceId} may be asked for`)
  })
}

/** Resolves what header and query say to a device; '' is nothing. Raises `device_not_found` or `device_id_required`. */
export async function resolveDevice(
  devices: DeviceDirectory,
  header: string,
  query: string,
): Promise<DeviceId> {
  const named = header === '' ? query : header
  if (named === '') {
    const [only, another] = await devices.ids()
    if (only === undefined || another !== undefined) throw new AppError('device_id_required')
    return only
  }
  // The header may come percent-encoded, or as plain UTF-8; an id that itself looks encoded wins.
  const spellings = header === '' ? [named] : [...new Set([named, decoded(named), fromUtf8(named)])]
  for (const spelling of spellings) {
    if (await devices.exists(asDeviceId(spelling))) return asDeviceId(spelling)
  }
  for (const spelling of spellings) {
    const jid = spelling.includes('@') ? toJid(spelling) : null
    const [only, another] = jid === null ? [] : await devices.idsOfAccount(jid)
    if (another !== undefined) {
      throw new AppError('device_id_required', {
        message: `several devices are linked to ${spelling}; name one by its device_id`,
      })
    }
    if (only !== undefined) return only
  }
  throw new AppError('device_not_found', { message: notFoundText, details: { deviceId: named } })
}

/** The device that a header names, as it stands there when there is none such; null for no header. */
async function namedByHeader(devices: DeviceDirectory, header: string): Promise<DeviceId | null> {
  if (header === '') return null
  try {
    return await resolveDevice(devices, header, '')
  } catch (error) {
    // As one in the query that does not exist: nothing is of it.
    if (error instanceof AppError && error.code === 'device_not_found') return asDeviceId(header)
    throw error
  }
}

function headerOf(request: FastifyRequest): string {
  const value = request.headers['x-device-id']
  return (Array.isArray(value) ? (value[0] ?? '') : (value ?? '')).trim()
}

function queryOf(request: FastifyRequest): string {
  const { device_id: value } = request.query as Record<string, unknown> // fastify leaves the query untyped before validation
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first.trim() : ''
}

/** Node reads header bytes as Latin-1, whatever the client meant. */
function fromUtf8(text: string): string {
  const meant = Buffer.from(text, 'latin1').toString('utf8')
  return meant.includes('\ufffd') ? text : meant
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).trim()
  } catch (error) {
    // A stray % is part of an id, not an encoding.
    if (error instanceof URIError) return text
    throw error
  }
}
