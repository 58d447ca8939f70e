import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Scope, scopes } from '../../src/core/actor.ts'
import type { Document } from '../contract/contract.ts'
import { type Answer, type Gateway, TestWorld } from '../harness.ts'

// `npm run check` holds the page to what a gateway serves.
const page = parse(readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8')) as Document // made by our own script

/** What each part of the API asks for; the first line that fits counts. By hand, so that nothing is opened by mistake. */
const needed: readonly (readonly [RegExp, Scope | 'any' | 'public'])[] = [
  [/^GET \/(health|livez|readyz)$/, 'public'],
  [/^GET \/(statics|media)\//, 'public'],
  [/^GET \/ws$/, 'read'],
  [/^GET \/app\/info$/, 'any'],
  [/^(GET \/auth\/me|POST \/auth\/ticket)$/, 'any'],
  [/^GET \/(metrics|retention)$/, 'read'],
  [/ \/(keys|audit|people)/, 'admin'],
  [/ \/(webhooks|deliveries)/, 'admin'],
  [/ \/devices\/\{device_id\}\/webhook/, 'admin'],
  [/^(POST \/devices|DELETE \/devices\/\{device_id\})$/, 'admin'],
  [/^GET \/(devices|app\/devices)$/, 'read'],
  [/^GET \/(devices\/\{device_id\}(\/status)?|app\/status)$/, 'read'],
  [/^PATCH \/devices\/\{device_id\}$/, 'manage'],
  [/ \/devices\/\{device_id\}\/(login|login\/code|logout|reconnect)$/, 'manage'],
  [/ \/app\/(login|login-with-code|logout|reconnect|passkey)/, 'manage'],
  [/^GET \/group\/invite-link$/, 'manage'],
  [/^GET \/(user|group|newsletter|chats|chat|labels|message|messages|events)(\/|$)/, 'read'],
  [/^(POST|DELETE) \/(user|group|newsletter)(\/|$)/, 'manage'],
  [/^POST \/(send|message|chat|call)\//, 'send'],
]

const concernsNoDevice = new Set(['GET /retention', 'GET /app/info', 'GET /auth/me', 'POST /auth/ticket'])
const showsOwnOnly = new Set(['GET /devices', 'GET /app/devices', 'GET /events'])

interface Served {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly declared: unknown
  readonly isScoped: boolean
}

const served: Served[] = Object.entries(page.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    operation.operationId === undefined
      ? []
      : [
          {
            name: `${method.toUpperCase()} ${path}`,
            method: method.toUpperCase(),
            path,
            declared: (operation as { 'x-scope'?: unknown })['x-scope'] ?? 'public', // our own extension
            isScoped: (operation.parameters ?? []).some(({ name }) => name === 'X-Device-Id'),
          },
        ],
  ),
)
// No operation of the document, and a way to everything that happens.
served.push({ name: 'GET /ws', method: 'GET', path: '/ws', declared: 'read', isScoped: true })

function scopeOf(name: string): Scope | 'any' | 'public' {
  const line = needed.find(([pattern]) => pattern.test(name))
  if (line === undefined) throw new Error(`say in this file what ${name} needs`)
  return line[1]
}

describe('every route with every scope', () => {
  let world: TestWorld
  let gateway: Gateway
  const keys = new Map<Scope, string>()
  const operator = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }

  beforeAll(async () => {
    world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'u:p', WHATSAPP_WEBHOOK: '' } })
    gateway = await world.startGateway()
    gateway.headers = operator
    await gateway.addSlot('mine')
    await gateway.addSlot('foreign')
    for (const scope of scopes) keys.set(scope, await newKey({ scopes: [scope], devices: ['mine'] }))
    gateway.headers = {}
  }, 60_000)

  afterAll(async () => {
    await world.close()
  })

  async function newKey(wishes: object): Promise<string> {
    const answer = await gateway.call('POST', '/keys', {
      body: { name: 'a key', ...wishes },
      headers: operator,
    })
    return (answer.json.results as unknown as { key: string }).key // fails below when there is none
  }

  /** Asks for what the foreign device has, where a device can be named. */
  function ask({ method, path }: Served, headers: Record<string, string>): Promise<Answer> {
    const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      name === 'device_id' ? 'foreign' : 'x',
    )
    return gateway.call(method, url, { headers: { 'x-device-id': 'foreign', ...headers } })
  }

  it.each(served.map((route) => [route.name, route] as const))('%s', async (name, route) => {
    const scope = scopeOf(name)
    expect(route.declared).toBe(scope)
    if (scope === 'public') return
    for (const credential of [
      {},
      { 'x-api-key': 'gwk_0000000000000000_none' },
      { authorization: 'Bearer x' },
    ]) {
      expect(await ask(route, credential)).toMatchObject({ status: 401, text: 'Unauthorized' })
    }
    for (const held of scopes) {
      const answer = await ask(route, { authorization: `Bearer ${keys.get(held) ?? ''}` })
      const seen = `${held}: ${answer.status} ${answer.text}`
      if (scope !== 'any' && held !== scope && held !== 'admin') {
        expect(answer.json.code, seen).toBe('SCOPE_MISSING')
        expect(answer.status).toBe(403)
      } else if (route.isScoped || route.path.includes('{device_id}')) {
        expect(answer.json.code, seen).toBe('DEVICE_NOT_FOUND')
        expect(answer.text).not.toContain('mine')
      } else if (concernsNoDevice.has(name) || showsOwnOnly.has(name)) {
        expect(answer.status, seen).toBe(200)
        expect(answer.text).not.toContain('foreign')
      } else {
        expect(answer.json.code, seen).toBe('DEVICES_LIMITED')
        expect(answer.status).toBe(403)
      }
    }
  })
})
