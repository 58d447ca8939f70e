import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { asDeviceId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { deviceRoutes } from '../features/devices/device-routes.ts'
import { TestDevices } from '../features/devices/test-devices.ts'
import { aServer, basic } from '../http/test-server.ts'
import { aFakeAccount } from '../whatsapp/fake-session.ts'
import { WebSocketHub } from './websocket-hub.ts'
import { websocketRoutes } from './websocket-routes.ts'

const one = asDeviceId('one')

describeEachDialect('websocket', (open) => {
  const ends: (() => Promise<void>)[] = []

  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })

  async function aGateway(options: { maxUnreadBytes?: number } = {}) {
    const devices = new TestDevices(await open())
    const hub = new WebSocketHub({
      devices: devices.reader,
      clock: devices.clock,
      logger: silentLogger,
      ...options,
    })
    devices.sessions.subscribe((change) => hub.onDeviceChange(change))
    const app = await aServer({
      devices: devices.reader,
      routes: [
        deviceRoutes({
          devices: devices.service,
          webhooks: { check: () => undefined, set: async () => ({}) },
        }),
        websocketRoutes({ hub, logger: silentLogger }),
      ],
      config: { basePath: '/gate', basicAuth: [{ user: 'u', password: 'p' }] },
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    ends.push(() => app.close())
    const { port } = app.server.address() as AddressInfo // a TCP server has an address of this form
    return { devices, hub, app, port, connect: (query = '') => new Client(port, query).opened() }
  }

  it('tells a device’s clients of its login, once readers see it, and nobody else’s', async () => {
    const { devices, connect } = await aGateway()
    await devices.add('one')
    await devices.add('two')
    const mine = await connect('device_id=one')
    const other = await connect('device_id=two')
    await devices.sessions.login(one)
    devices.engine.session(one).scan(aFakeAccount('628111', 'Ani'))
    expect(await mine.next()).toEqual({
      code: 'LOGIN_SUCCESS',
      message: 'Successfully pair with 628111:12@s.whatsapp.net',
      result: null,
    })
    expect(await devices.reader.find(one)).toMatchObject({ jid: '628111@s.whatsapp.net', isLinked: true })
    // Asked after the login, answered next: so nothing of the other device came in between.
    other.say('{"code":"FETCH_DEVICES"}')
    expect(await other.next()).toMatchObject({ code: 'LIST_DEVICES' })
  })

  it('lists the devices to the asker only', async () => {
    const { devices, connect } = await aGateway()
    await devices.addLinked('one', aFakeAccount('628111', 'Ani'))
    const asker = await connect()
    const bystander = await connect('device_id=628111@s.whatsapp.net')
    asker.say('{"code":"FETCH_DEVICES","message":"List device"}')
    expect(await asker.next()).toEqual({
      code: 'LIST_DEVICES',
      message: 'Device found',
      result: [{ name: 'Ani', device: 'one', jid: '628111@s.whatsapp.net' }],
    })
    await devices.sessions.logout(one)
    expect(await bystander.next()).toMatchObject({ code: 'DEVICE_LOGGED_OUT' })
  })

  it('tells of a logout, by request or on the phone', async () => {
    const { devices, connect } = await aGateway()
    await devices.addLinked('one', aFakeAccount('628111', 'Ani'))
    const client = await connect()
    await devices.sessions.logout(one)
    expect(await client.next()).toEqual({
      code: 'DEVICE_LOGGED_OUT',
      message: 'Device one logged out (slot kept)',
      result: {
        device_id: 'one',
        devices: [{ name: 'Ani', device: 'one', jid: '628111@s.whatsapp.net' }],
      },
    })
    await devices.sessions.login(one)
    devices.engine.session(one).scan()
    expect(await client.next()).toMatchObject({ code: 'LOGIN_SUCCESS' })
    ;(await devices.open('one')).unlink()
    expect(await client.next()).toEqual({
      code: 'DEVICE_LOGGED_OUT',
      message: 'Device logged out (slot kept)',
      result: { device_id: 'one' },
    })
  })

  it('ignores other codes and binary frames, and closes on what is no request', async () => {
    const { devices, connect } = await aGateway()
    await devices.add('one')
    const client = await connect()
    client.say('{"code":"DANCE"}')
    client.say('{}')
    client.say('{"code":null,"message":null,"result":[]}')
    client.say(Buffer.from('not json'))
    client.say('{"code":"FETCH_DEVICES"}')
    expect(await client.next()).toMatchObject({ code: 'LIST_DEVICES' })
    for (const text of ['hello', '[]', '"FETCH_DEVICES"', 'null', '{"code":7}']) {
      const clumsy = await connect()
      clumsy.say(text)
      expect(await clumsy.closed()).toBe(1007)
    }
  })

  it('refuses before the upgrade: 401, 400, 404, and 426 for plain requests', async () => {
    const { devices, port, app } = await aGateway()
    await devices.add('one')
    await devices.add('two')
    expect(await new Client(port, '', {}).refused()).toBe(401)
    expect(await new Client(port, '').refused()).toBe(400)
    expect(await new Client(port, 'device_id=none').refused()).toBe(404)
    const plain = await app.inject({ url: '/gate/ws?device_id=one', headers: basic('u', 'p') })
    expect([plain.statusCode, plain.body]).toEqual([426, 'Upgrade Required'])
    const token = Buffer.from('u:p').toString('base64')
    const byQuery = await new Client(port, `device_id=one&authorization=${token}`, {}).opened()
    byQuery.say('{"code":"FETCH_DEVICES"}')
    expect(await byQuery.next()).toMatchObject({ code: 'LIST_DEVICES' })
  })

  it('answers clients that offer HTTP/2 in plain HTTP, body and all', async () => {
    const { devices, port } = await aGateway()
    const answer = Promise.withResolvers<number>()
    const post = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/gate/devices',
      headers: {
        ...basic('u', 'p'),
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
        'content-type': 'application/json',
      },
    })
    post.on('response', (response) => answer.resolve(response.statusCode ?? 0)).on('error', answer.reject)
    post.end('{"device_id":"from-java"}')
    expect(await answer.promise).toBe(200)
    expect(await devices.reader.ids()).toEqual(['from-java'])
  })

  it('cuts off a client that does not read, without holding up another', async () => {
    const { devices, hub, connect } = await aGateway({ maxUnreadBytes: 200_000 })
    await devices.add('one')
    const slow = await connect()
    const quick = await connect()
    slow.pause()
    const pushName = 'x'.repeat(500_000)
    for (let n = 0; hub.size > 1; n += 1) {
      if (n > 200) throw new Error('the slow client was never cut off')
      const jidWithDevice = `${n}-${pushName}`
      hub.onDeviceChange({ type: 'paired', deviceId: one, account: { ...aFakeAccount(), jidWithDevice } })
      expect((await quick.next()).message).toContain(`${n}-x`)
    }
    quick.say('{"code":"FETCH_DEVICES"}')
    expect(await quick.next()).toMatchObject({ code: 'LIST_DEVICES' })
  })

  it('asks a client once in thirty seconds whether it is there, however many came and went before it', async () => {
    const { devices, hub, connect } = await aGateway()
    await devices.add('one')
    for (let n = 0; n < 3; n += 1) {
      ;(await connect()).leave()
      await devices.until(() => expect(hub.size).toBe(0))
    }
    const client = await connect()
    devices.clock.advance(30_000)
    client.say('{"code":"FETCH_DEVICES"}')
    expect(await client.next()).toMatchObject({ code: 'LIST_DEVICES' })
  })

  it('finds out peers that vanished, closes with its device, and closes all when it stops', async () => {
    const { devices, hub, connect } = await aGateway()
    await devices.add('one')
    await devices.add('two')
    const dead = await connect('device_id=one')
    dead.pause()
    devices.clock.advance(30_000)
    devices.clock.advance(30_000)
    await devices.until(() => expect(hub.size).toBe(0))
    const ofRemoved = await connect('device_id=one')
    const ofOther = await connect('device_id=two')
    await devices.service.remove(one)
    expect(await ofRemoved.closed()).toBe(1000)
    await hub.stop()
    expect(await ofOther.closed()).toBe(1001)
    expect(hub.size).toBe(0)
  })
})

interface Frame {
  readonly code: string
  readonly message: string
  readonly result: unknown
}

/** A WebSocket client that waits for facts. */
class Client {
  readonly #socket: WebSocket
  readonly #frames: Frame[] = []
  readonly #outcome = Promise.withResolvers<number>()
  readonly #opened = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<number>()
  #isClosed = false
  #wake: () => void = () => undefined

  constructor(port: number, query: string, headers: Record<string, string> = basic('u', 'p')) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/gate/ws${query === '' ? '' : `?${query}`}`, {
      headers,
    })
    this.#socket.on('open', () => this.#opened.resolve())
    this.#socket.on('close', (code: number) => {
      this.#closed.resolve(code)
      this.#isClosed = true
      this.#wake()
    })
    this.#socket.on('unexpected-response', (_request, response) => {
      this.#outcome.resolve(response.statusCode ?? 0)
    })
    this.#socket.on('error', (error) => this.#opened.reject(error))
    this.#socket.on('message', (data: Buffer) => {
      this.#frames.push(JSON.parse(data.toString()) as Frame) // the test checks what it is
      this.#wake()
    })
  }

  async opened(): Promise<this> {
    await this.#opened.promise
    return this
  }

  /** The status that the upgrade was refused with. */
  async refused(): Promise<number> {
    return this.#outcome.promise
  }

  async closed(): Promise<number> {
    return this.#closed.promise
  }

  say(data: string | Buffer): void {
    this.#socket.send(data)
  }

  leave(): void {
    this.#socket.close()
  }

  /** Stops reading, as a client that hangs. */
  pause(): void {
    this.#socket.pause()
  }

  /** The next frame, in the order of their arrival; fails when the socket closes first. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame !== undefined) return frame
      if (this.#isClosed) throw new Error(`the socket closed (${await this.closed()}) before another frame`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
