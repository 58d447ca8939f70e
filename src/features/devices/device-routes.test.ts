import { expect, it } from 'vitest'
import { asDeviceId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { aServer } from '../../http/test-server.ts'
import { aFakeAccount } from '../../whatsapp/fake-session.ts'
import { deviceRoutes } from './device-routes.ts'
import { TestDevices } from './test-devices.ts'

describeEachDialect('device routes', (open) => {
  async function aGateway() {
    const devices = new TestDevices(await open())
    const app = await aServer({
      devices: devices.reader,
      routes: [
        deviceRoutes({
          devices: devices.service,
          webhooks: { check: () => undefined, set: async () => ({}) },
        }),
      ],
    })
    const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
      const response = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) })
      return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
    }
    return { devices, call, app }
  }

  const account = aFakeAccount('628111', 'Ani')

  it('adds a slot with all its members, and refuses the same id again', async () => {
    const { call } = await aGateway()
    expect(await call('POST', '/devices', { device_id: 'shop' })).toEqual({
      status: 200,
      body: {
        code: 'SUCCESS',
        message: 'Device added',
        status: 200,
        results: {
          id: 'shop',
          display_name: '',
          jid: '',
          state: 'disconnected',
          connection: { phase: 'idle' },
          created_at: '2026-01-01T00:00:00.000Z',
        },
      },
    })
    expect(await call('POST', '/devices', { device_id: 'shop' })).toEqual({
      status: 400,
      body: { code: 'DEVICE_ALREADY_EXISTS', message: 'device shop already exists' },
    })
  })

  it('gives a slot a name for people, changes it and takes it away; the id stays', async () => {
    const { call, devices } = await aGateway()
    await devices.addLinked('shop', account)
    const named = await call('PATCH', '/devices/shop', { name: '  Front desk 📞 ' })
    expect(named).toMatchObject({
      status: 200,
      body: {
        message: 'Device renamed',
        results: { id: 'shop', name: 'Front desk 📞', display_name: 'Ani' },
      },
    })
    expect(await call('GET', '/devices/shop')).toMatchObject({ body: { results: { name: 'Front desk 📞' } } })
    // What is unlinked keeps it.
    expect(await call('POST', '/devices/shop/logout')).toMatchObject({ status: 200 })
    expect(await call('GET', '/devices')).toMatchObject({ body: { results: [{ name: 'Front desk 📞' }] } })
    expect((await call('PATCH', '/devices/shop', { name: '' })).body['results']).not.toHaveProperty('name')
    expect((await call('GET', '/devices/shop')).body['results']).not.toHaveProperty('name')
  })

  it('refuses a name that is none, and a device that is none', async () => {
    const { call, devices } = await aGateway()
    await devices.add('shop')
    for (const name of ['x'.repeat(101), 7, undefined])
      expect(await call('PATCH', '/devices/shop', { name }), String(name)).toMatchObject({ status: 400 })
    expect(await call('PATCH', '/devices/nobody', { name: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'DEVICE_NOT_FOUND' },
    })
  })

  it('makes a UUID when no id is given, with or without a body', async () => {
    const { call } = await aGateway()
    for (const body of [{}, { device_id: '' }, undefined]) {
      const { body: answer } = await call('POST', '/devices', body)
      expect(answer).toMatchObject({ results: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown } })
    }
  })

  it.each(['   ', 'a/b', '..', 'a\u0000b', 'x'.repeat(129)])('refuses the id %j', async (id) => {
    const { call } = await aGateway()
    expect(await call('POST', '/devices', { device_id: id })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    })
  })

  it('refuses a body of another type', async () => {
    const { call } = await aGateway()
    expect(await call('POST', '/devices', { device_id: 7 })).toMatchObject({ status: 400 })
    expect(await call('POST', '/devices', [])).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  })

  it('lists slots in the order of their creation, and an empty list when there are none', async () => {
    const { call, devices } = await aGateway()
    expect((await call('GET', '/devices')).body).toEqual({
      code: 'SUCCESS',
      message: 'List devices',
      status: 200,
      results: [],
    })
    expect((await call('GET', '/app/devices')).body).toMatchObject({ results: [] })
    await devices.add('plain')
    await devices.addLinked('linked', account)
    expect((await call('GET', '/devices')).body).toMatchObject({
      results: [
        { id: 'plain', state: 'disconnected', created_at: '2026-01-01T00:00:00.000Z' },
        {
          id: 'linked',
          phone_number: '628111',
          display_name: 'Ani',
          state: 'logged_in',
          jid: '628111@s.whatsapp.net',
          created_at: '2026-01-01T00:00:00.001Z',
        },
      ],
    })
    expect((await call('GET', '/app/devices')).body).toEqual({
      code: 'SUCCESS',
      message: 'Fetch device success',
      results: [
        { name: '', device: 'plain' },
        { name: 'Ani', device: 'linked', jid: '628111@s.whatsapp.net' },
      ],
    })
  })

  it('shows a slot and what its connection is doing, with its id percent-encoded or not', async () => {
    const { call, devices } = await aGateway()
    await devices.add('my shop@home')
    for (const id of ['my%20shop@home', 'my%20shop%40home']) {
      expect((await call('GET', `/devices/${id}`)).body).toMatchObject({
        message: 'Device info',
        status: 200,
        results: { id: 'my shop@home', state: 'disconnected' },
      })
    }
    await devices.sessions.login(asDeviceId('my shop@home'))
    expect((await call('GET', '/devices/my%20shop@home')).body).toMatchObject({
      results: { state: 'connected' },
    })
    expect((await call('GET', '/devices/my%20shop@home/status')).body).toEqual({
      code: 'SUCCESS',
      message: 'Device status',
      status: 200,
      results: { device_id: 'my shop@home', is_connected: true, is_logged_in: false },
    })
  })

  it('answers 404 for unknown ids', async () => {
    const { call } = await aGateway()
    const calls = [
      ['GET', '/devices/none'],
      ['DELETE', '/devices/none'],
      ['POST', '/devices/none/logout'],
      ['POST', '/devices/none/reconnect'],
      ['GET', '/devices/none/status'],
    ] as const
    for (const [method, url] of calls) {
      expect(await call(method, url)).toEqual({
        status: 404,
        body: { code: 'DEVICE_NOT_FOUND', message: 'device none not found', results: { device_id: 'none' } },
      })
    }
  })

  it('unlinks, keeping slot and history', async () => {
    const { call, devices } = await aGateway()
    const session = await devices.addLinked('one', account)
    expect((await call('POST', '/devices/one/logout')).body).toEqual({
      code: 'SUCCESS',
      message: 'Logout requested',
    })
    expect(session.isClosed).toBe(true)
    expect((await call('GET', '/devices/one')).body).toMatchObject({
      results: { state: 'disconnected', jid: '628111@s.whatsapp.net' },
    })
    expect(await call('POST', '/devices/one/logout')).toEqual({
      status: 401,
      body: { code: 'AUTHENTICATION_ERROR', message: 'you are not logged in' },
    })
  })

  it('reconnects a linked device, and refuses one that is not', async () => {
    const { call, devices } = await aGateway()
    await devices.addLinked('one', account)
    expect((await call('POST', '/devices/one/reconnect')).body).toEqual({
      code: 'SUCCESS',
      message: 'Reconnect requested',
    })
    expect(devices.engine.opened(asDeviceId('one'))).toBe(3)
    await devices.add('two')
    expect(await call('POST', '/devices/two/reconnect')).toMatchObject({ status: 401 })
  })

  it('forgets a device without unlinking it, and lets its id be used again', async () => {
    const { call, devices } = await aGateway()
    const session = await devices.addLinked('one', account)
    await devices.until(async () =>
      expect(await devices.eventKinds('one')).toEqual(['device.qr', 'device.connected']),
    )
    expect((await call('DELETE', '/devices/one')).body).toEqual({
      code: 'SUCCESS',
      message: 'Device removed',
    })
    expect(session.isClosed).toBe(true)
    expect(devices.changes.filter((change) => change.type === 'logged-out')).toEqual([])
    expect(await devices.eventKinds('one')).toEqual([])
    expect(await call('GET', '/devices/one')).toMatchObject({ status: 404 })
    expect(await call('POST', '/devices', { device_id: 'one' })).toMatchObject({ status: 200 })
    expect((await call('GET', '/devices/one')).body).not.toHaveProperty('results.jid')
  })

  it('serves the device-scoped forms of the reference', async () => {
    const { call, devices } = await aGateway()
    expect(await call('GET', '/app/status')).toMatchObject({
      status: 400,
      body: { code: 'DEVICE_ID_REQUIRED' },
    })
    await devices.addLinked('one', account)
    expect((await call('GET', '/app/status')).body).toEqual({
      code: 'SUCCESS',
      message: 'Connection status retrieved',
      status: 200,
      results: {
        device_id: 'one',
        is_connected: true,
        is_logged_in: true,
        jid: '628111@s.whatsapp.net',
      },
    })
    expect((await call('GET', '/app/reconnect?device_id=628111@s.whatsapp.net')).body).toEqual({
      code: 'SUCCESS',
      message: 'Reconnect success',
      results: 'one',
    })
    expect((await call('GET', '/app/logout')).body).toEqual({
      code: 'SUCCESS',
      message: 'Success logout',
      results: 'one',
    })
  })
})
