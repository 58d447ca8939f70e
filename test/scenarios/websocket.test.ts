import { get } from 'node:http'
import { describe, expect } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../harness.ts'
import { scenario } from '../scenario.ts'

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

describe('the WebSocket', () => {
  scenario('tells of its own device and of no other', async (stage) => {
    const { gateway } = stage
    const [ada, cy] = stage.people('Ada', 'Cy')
    await gateway.addSlot('ada')
    await gateway.addSlot('cy')
    const [ofAda, ofCy] = [await gateway.socket('ada'), await gateway.socket('cy')]
    await ada.scanQr(await gateway.qrCode('ada'))
    await gateway.loggedIn('ada')
    await cy.scanQr(await gateway.qrCode('cy'))
    await gateway.loggedIn('cy')
    await cy.unlink()
    await eventually('both frames', () => ofCy.frames.length === 2 || undefined)
    // What was asked for after all that is answered behind all that.
    ofAda.socket.send(JSON.stringify({ code: 'FETCH_DEVICES' }))
    await eventually('a list', () => ofAda.frames.find(({ code }) => code === 'LIST_DEVICES'))
    expect(ofAda.frames.map(({ code }) => code)).toEqual(['LOGIN_SUCCESS', 'LIST_DEVICES'])
    expect(ofCy.frames.map(({ code }) => code)).toEqual(['LOGIN_SUCCESS', 'DEVICE_LOGGED_OUT'])
    const [device] = ada.linkedDevices
    expect(ofAda.frames[0]).toMatchObject({ message: `Successfully pair with ${device?.pn}`, result: null })
    expect(ofAda.frames[1]?.result).toMatchObject([
      { name: 'Ada', device: 'ada', jid: ada.jid },
      { device: 'cy', jid: cy.jid },
    ])
  })

  scenario(
    'takes credentials in the header or the authorization query, and refuses all others',
    async ({ gateway }) => {
      const authorization = basic('bot:two')
      const headers = { authorization }
      const created = await gateway.call('POST', '/devices', { body: { device_id: 'main' }, headers })
      expect(created.status).toBe(200)
      const address = `${gateway.url.replace('http', 'ws')}/ws?device_id=main`
      const inQuery = (value: string) => `${address}&authorization=${encodeURIComponent(value)}`
      const token = authorization.replace('Basic ', '')
      expect({
        header: await statusOf(address, headers),
        query: await statusOf(inQuery(authorization)),
        bare: await statusOf(inQuery(token)),
        none: await statusOf(address),
        wrong: await statusOf(address, { authorization: basic('bot:three') }),
        wrongQuery: await statusOf(inQuery(basic('bot:three'))),
        noDevice: await statusOf(address.replace('main', 'nobody'), headers),
      }).toEqual({
        header: 101,
        query: 101,
        bare: 101,
        none: 401,
        wrong: 401,
        wrongQuery: 401,
        noDevice: 404,
      })
    },
    { settings: { APP_BASIC_AUTH: 'admin:one,bot:two' } },
  )
})

describe('an open gateway', () => {
  scenario(
    'refuses pages of other origins and other host names, over HTTP and WebSocket',
    async ({ gateway }) => {
      await gateway.addSlot('main')
      const { port } = new URL(gateway.url)
      const address = `ws://127.0.0.1:${port}/ws?device_id=main`
      const foreign: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { host: `rebound.example:${port}` },
      ]
      for (const headers of foreign) {
        const name = JSON.stringify(headers)
        expect(await httpStatusOf(`${gateway.url}/devices`, headers), name).toBe(403)
        expect(await statusOf(address, headers), name).toBe(403)
      }
      const own: Record<string, string>[] = [
        {},
        { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' },
        { host: `localhost:${port}` },
      ]
      for (const headers of own) {
        const name = JSON.stringify(headers)
        expect(await httpStatusOf(`${gateway.url}/devices`, headers), name).toBe(200)
        expect(await statusOf(address, headers), name).toBe(101)
      }
    },
  )
})

/** What an upgrade is answered with; 101 is an open WebSocket. */
function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers })
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (request, response) => {
      response.resume()
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', reject)
  })
}

function httpStatusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.once('error', reject)
  })
}
