import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import { type OpenDatabase, openDatabase } from '../db/open-database.ts'
import { makeJid } from '../whatsapp/jid.ts'
import type { HttpApp } from './http-app.ts'
import { TestGateway } from './test-gateway.ts'
import { basic } from './test-server.ts'

type Call = InjectOptions & { readonly url: string }

describe('what is checked first', () => {
  let database: OpenDatabase
  let gateway: TestGateway
  let app: HttpApp

  beforeAll(async () => {
    database = await openDatabase({ uri: ':memory:', dataDir: '/nowhere', version: 'test' }, silentLogger)
    gateway = new TestGateway(database, { server: { config: { basicAuth: [{ user: 'u', password: 'p' }] } } })
    app = await gateway.app()
    await gateway.devices.add('fresh')
    await gateway.devices.addLinked('linked')
    gateway.devices.engine.hide(makeJid('62800', 's.whatsapp.net'))
  })
  afterAll(async () => {
    await app.close()
    await gateway.devices.sessions.stop()
    await database.close()
  })

  async function answerTo(call: Call): Promise<{ status: number; code: string; message: string }> {
    const answer = await app.inject(call)
    const isJson = answer.headers['content-type']?.toString().startsWith('application/json') === true
    const body = isJson
      ? answer.json<{ code: string; message: string }>()
      : { code: '', message: answer.body }
    return { status: answer.statusCode, code: body.code, message: body.message }
  }

  /** Every device-scoped operation, called with nothing that it needs. */
  async function scopedCalls(): Promise<Call[]> {
    const document = (await app.inject({ url: '/openapi.json', headers: basic('u', 'p') })).json<{
      paths: Record<string, Record<string, { parameters?: { name: string }[] }>>
    }>()
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { parameters = [] }]) =>
        parameters.some(({ name }) => name === 'X-Device-Id')
          ? [{ method: method.toUpperCase() as 'GET', url: path.replace(/\{\w+\}/g, 'x') }] // any method will do
          : [],
      ),
    )
  }

  it('is credentials, then the device, on every scoped operation', async () => {
    const calls = await scopedCalls()
    expect(calls.length).toBeGreaterThanOrEqual(8)
    for (const call of calls) {
      const name = `${call.method} ${call.url}`
      const unknown = { ...basic('u', 'p'), 'x-device-id': 'nobody' }
      expect(await answerTo(call), name).toMatchObject({ status: 401, message: 'Unauthorized' })
      expect(await answerTo({ ...call, headers: { 'x-device-id': 'nobody' } }), name).toMatchObject({
        status: 401,
      })
      expect(await answerTo({ ...call, headers: basic('u', 'p') }), name).toMatchObject({
        status: 400,
        code: 'DEVICE_ID_REQUIRED',
      })
      expect(await answerTo({ ...call, headers: unknown }), name).toMatchObject({
        status: 404,
        code: 'DEVICE_NOT_FOUND',
      })
    }
  })

  const json = 'application/json'
  const notJson = '{'
  const noPhone = JSON.stringify({ message: 'hi' })
  const leadingZero = JSON.stringify({ phone: '0812', message: 'hi', duration: -1 })
  const hidden = JSON.stringify({ phone: '62800', message: 'hi' })

  it.each([
    ['reading the body', 'fresh', notJson, 400, 'BAD_REQUEST', 'Invalid request body'],
    ['then the fields', 'fresh', noPhone, 400, 'VALIDATION_ERROR', 'phone: cannot be blank.'],
    [
      'then the number’s form',
      'fresh',
      leadingZero,
      400,
      'VALIDATION_ERROR',
      /^phone number must be in international format/,
    ],
    ['then the login', 'fresh', hidden, 401, 'AUTHENTICATION_ERROR', 'you are not logged in'],
    [
      'then the recipient',
      'linked',
      hidden,
      400,
      'INVALID_JID',
      'Phone 62800@s.whatsapp.net is not on whatsapp',
    ],
  ])('is %s of a send', async (_title, device, payload, status, code, message) => {
    const headers = { ...basic('u', 'p'), 'x-device-id': device, 'content-type': json }
    expect(await answerTo({ method: 'POST', url: '/send/message', headers, payload })).toEqual({
      status,
      code,
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    })
  })

  it.each([
    ['the query before the chat', '/chat/62800/messages?limit=0', 'fresh', 400, 'VALIDATION_ERROR'],
    ['no login, only the chat', '/chat/62800/messages', 'fresh', 404, 'NOT_FOUND'],
    ['no login for the list of chats', '/chats', 'fresh', 200, 'SUCCESS'],
    [
      'the phone number before the login’s state',
      '/app/login-with-code?phone=abc',
      'linked',
      400,
      'VALIDATION_ERROR',
    ],
    ['that a linked device is not linked again', '/app/login', 'linked', 400, 'ALREADY_LOGGED_IN'],
    [
      'that a device without account cannot reconnect',
      '/app/reconnect',
      'fresh',
      401,
      'AUTHENTICATION_ERROR',
    ],
    ['that a device without account cannot log out', '/app/logout', 'fresh', 401, 'AUTHENTICATION_ERROR'],
    ['no device where none is needed', '/app/info', '', 200, 'SUCCESS'],
    ['no device for the list of devices', '/app/devices', '', 200, 'SUCCESS'],
    ['an unknown path', '/nothing', 'linked', 404, 'NOT_FOUND'],
  ])('is %s', async (_title, url, device, status, code) => {
    const headers = { ...basic('u', 'p'), ...(device === '' ? {} : { 'x-device-id': device }) }
    expect(await answerTo({ url, headers })).toMatchObject({ status, code })
  })

  const unreadable = ['BAD_REQUEST', 'Invalid request body'] as const
  const form = 'application/x-www-form-urlencoded'

  it.each([
    ['POST', '/devices', { device_id: 7 }, ...unreadable],
    ['POST', '/devices', { device_id: 'new', webhook_insecure_skip_verify: 'yes' }, ...unreadable],
    ['POST', '/devices', [], ...unreadable],
    ['POST', '/devices', { device_id: ' ' }, 'VALIDATION_ERROR', /^device_id/],
    ['POST', '/chat/62800/pin', { pinned: 'yes' }, ...unreadable],
    ['POST', '/chat/62800/pin', {}, 'VALIDATION_ERROR', 'pinned: cannot be blank.'],
    ['POST', '/chat/62800/pin', { pinned: null }, 'VALIDATION_ERROR', 'pinned: cannot be blank.'],
    ['POST', '/chat/62800/archive', { archived: 1 }, ...unreadable],
    ['POST', '/chat/62800/archive', { archived: {} }, ...unreadable],
    ['POST', '/chat/62800/archive', {}, 'VALIDATION_ERROR', 'archived: cannot be blank.'],
    ['POST', '/chat/62800/disappearing', { timer_seconds: '86400' }, ...unreadable],
    ['POST', '/chat/62800/disappearing', { timer_seconds: 0.5 }, ...unreadable],
    ['POST', '/chat/62800/disappearing', {}, 'VALIDATION_ERROR', 'timer_seconds: cannot be blank.'],
    ['POST', '/chat/62800/disappearing', { timer_seconds: 1 }, 'VALIDATION_ERROR', /must be one of/],
    ['POST', '/chat/62800/label', { label_id: 1, label_name: 'x', labeled: true }, ...unreadable],
    ['POST', '/chat/62800/label', { label_id: 1 }, ...unreadable],
    ['POST', '/chat/62800/label', { label_id: '' }, 'VALIDATION_ERROR', /^label_id: cannot be blank; /],
    ['PATCH', '/devices/fresh/webhook', { webhook_url: 7 }, ...unreadable],
    ['PATCH', '/devices/fresh/webhook', {}, 'BAD_REQUEST', 'webhook_url is required'],
    // Elsewhere the member is named.
    ['POST', '/send/message', { phone: 7, message: 'hi' }, 'VALIDATION_ERROR', 'phone: must be a string.'],
    ['POST', '/devices/fresh/webhooks', { url: 7 }, 'VALIDATION_ERROR', 'url: must be a string.'],
  ] as const)('is, of %s %s with %o, the types: %s %s', async (method, url, body, code, message) => {
    const headers = { ...basic('u', 'p'), 'x-device-id': 'linked', 'content-type': json }
    expect(await answerTo({ method, url, headers, payload: JSON.stringify(body) })).toEqual({
      status: 400,
      code,
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    })
  })

  it('is, of forms as well, what cannot be read as its type', async () => {
    const headers = { ...basic('u', 'p'), 'x-device-id': 'linked', 'content-type': form }
    const pin = { method: 'POST', url: '/chat/62800/pin', headers, payload: 'pinned=maybe' } as const
    const bad = { status: 400, code: 'BAD_REQUEST', message: 'Invalid request body' }
    expect(await answerTo(pin)).toEqual(bad)
    const add = (payload: string) => answerTo({ method: 'POST', url: '/devices', headers, payload })
    expect(await add('device_id=formed&webhook_insecure_skip_verify=maybe')).toEqual(bad)
    expect(await add('device_id=formed&webhook_insecure_skip_verify=on')).toMatchObject({ status: 200 })
  })
})
