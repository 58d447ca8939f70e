import type { AddressInfo } from 'node:net'
import websocket from '@fastify/websocket'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { HttpApp, HttpRoutes } from './http-app.ts'
import { aServer, basic, someDevices } from './test-server.ts'

const echo: HttpRoutes = async (app) => {
  await app.register(websocket)
  app.get(
    '/ws',
    { websocket: true, config: { device: 'scoped', credentials: 'header-or-query' } },
    (socket, request) => socket.send(request.deviceId),
  )
}

let app: HttpApp

afterEach(() => app.close())

async function listening(overrides: Parameters<typeof aServer>[0] = {}): Promise<number> {
  app = await aServer({ routes: [echo], devices: someDevices({ main: '' }), ...overrides })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port // a TCP server has an address of this form
}

/** The first message, or the status that the upgrade was refused with. */
async function knock(url: string, headers: Record<string, string> = {}): Promise<string | number> {
  const socket = new WebSocket(url, { headers })
  const outcome = Promise.withResolvers<string | number>()
  socket.on('message', (data: Buffer) => outcome.resolve(data.toString()))
  socket.on('unexpected-response', (_request, response) => outcome.resolve(response.statusCode ?? 0))
  socket.on('error', (error) => outcome.reject(error))
  try {
    return await outcome.promise
  } finally {
    socket.terminate()
  }
}

describe('a WebSocket upgrade', () => {
  it('passes an open gateway only from its own pages and under a loopback name', async () => {
    const port = await listening()
    const url = `ws://127.0.0.1:${port}/ws`
    expect(await knock(url)).toBe('main')
    expect(await knock(url, { origin: `http://127.0.0.1:${port}` })).toBe('main')
    expect(await knock(url, { origin: 'https://evil.example' })).toBe(403)
    expect(await knock(url, { origin: 'http://127.0.0.1:1' })).toBe(403)
    expect(await knock(url, { host: `evil.example:${port}` })).toBe(403)
    expect(await knock(url, { 'sec-fetch-site': 'cross-site' })).toBe(403)
  })

  it('needs credentials, in the header or the query', async () => {
    const port = await listening({ config: { basicAuth: [{ user: 'u', password: 'p' }] } })
    const url = `ws://127.0.0.1:${port}/ws`
    const token = Buffer.from('u:p').toString('base64')
    expect(await knock(url)).toBe(401)
    expect(await knock(url, { ...basic('u', 'p'), origin: 'https://dash.example' })).toBe('main')
    expect(await knock(`${url}?authorization=${encodeURIComponent(token)}`)).toBe('main')
    expect(await knock(`${url}?authorization=nonsense`)).toBe(401)
  })

  it('needs a device', async () => {
    const port = await listening({ devices: someDevices({ a: '', b: '' }) })
    expect(await knock(`ws://127.0.0.1:${port}/ws`)).toBe(400)
    expect(await knock(`ws://127.0.0.1:${port}/ws?device_id=c`)).toBe(404)
    expect(await knock(`ws://127.0.0.1:${port}/ws?device_id=b`)).toBe('b')
  })
})
