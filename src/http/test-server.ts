import { z } from 'zod'
import { systemClock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import { asDeviceId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import { TempFolder } from '../files/temp-folder.ts'
import type { Jid } from '../whatsapp/jid.ts'
import type { KeyChecks } from './auth.ts'
import type { DeviceDirectory } from './device-scope.ts'
import { envelopeOf, type HttpApp, type HttpRoutes, ok } from './http-app.ts'
import { createServer, type ServerDeps } from './server.ts'

type Overrides = Partial<Omit<ServerDeps, 'config'>> & { config?: Partial<ServerDeps['config']> }

/** A server for tests: no credentials, no devices, the echo routes; give only what the test is about. */
export function aServer(overrides: Overrides = {}): Promise<HttpApp> {
  return createServer({
    version: '0.0.0-test',
    deviceName: 'Gatewa',
    devices: someDevices({}),
    keys: noKeys,
    audit: async () => undefined,
    clock: systemClock,
    checks: {},
    qrCodeDir: '/nowhere',
    uploads: new TempFolder('/nowhere'),
    limits: { maxImageBytes: 20_000_000, maxFileBytes: 50_000_000, maxVideoBytes: 100_000_000 },
    logger: silentLogger,
    routes: [echoRoutes],
    ...overrides,
    config: {
      basePath: '',
      basicAuth: [],
      allowNoAuth: false,
      trustedProxies: [],
      corsAllowedOrigins: ['*'],
      wrongCredentialDelayMs: 0,
      deviceSendsPerMinute: 0,
      dashboard: true,
      ...overrides.config,
    },
  })
}

/** There are no API keys and no tickets. */
export const noKeys: KeyChecks = { authenticate: async () => null, redeemTicket: async () => null }

/** A directory of slots: id to account JID ('' for a slot never linked). */
export function someDevices(slots: Readonly<Record<string, string>>): DeviceDirectory {
  const ids = (keep: (jid: string) => boolean): readonly DeviceId[] =>
    Object.entries(slots).flatMap(([id, jid]) => (keep(jid) ? [asDeviceId(id)] : []))
  return {
    ids: async () => ids(() => true),
    exists: async (id) => Object.hasOwn(slots, id),
    idsOfAccount: async (account: Jid) => ids((jid) => jid === account),
  }
}

/** The header of basic credentials. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

const echoed = envelopeOf(z.record(z.string(), z.unknown()))

/** Routes that answer with what reached them. */
export const echoRoutes: HttpRoutes = (app) => {
  app.get('/echo/:word', { schema: { response: { 200: echoed }, operationId: 'echo' } }, async (request) =>
    ok('echo', { params: request.params, credential: request.actor.name }),
  )
  app.get(
    '/scoped',
    { config: { device: 'scoped' }, schema: { response: { 200: echoed }, operationId: 'scoped' } },
    async (request) => ok('scoped', { deviceId: request.deviceId }),
  )
  const body = z.object({
    name: z.string().min(1),
    is_loud: z.boolean().optional(),
    count: z.int().min(0).max(10).optional(),
    words: z.array(z.string().min(1)).optional(),
  })
  app.post(
    '/scoped',
    { config: { device: 'scoped' }, schema: { body, response: { 200: echoed }, operationId: 'post' } },
    async (request) => ok('posted', request.body),
  )
  app.post('/bare', { schema: { response: { 200: echoed }, operationId: 'bare' } }, async () =>
    ok('bare', {}),
  )
  app.get('/broken', { schema: { operationId: 'broken' } }, async () => {
    throw new Error('the password is hunter2')
  })
}
