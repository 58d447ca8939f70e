import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, TestWorld } from '../harness.ts'
import { findChromium, inPage } from './chromium.ts'

const notInstalled = 'Chromium is not installed'

describe('a web page of another origin, in a real browser', () => {
  let world: TestWorld
  let gateway: Gateway

  beforeEach(async () => {
    world = await TestWorld.open('sqlite')
  })
  afterEach(() => world.close())

  it('can neither read from an open gateway nor change anything on it', { timeout: 120_000 }, async ({
    skip,
  }) => {
    const chromium = await findChromium()
    if (chromium === null) return skip(notInstalled)
    gateway = await world.startGateway()
    const port = new URL(gateway.url).port
    const found = await inPage(
      chromium,
      `
        const urls = ['${gateway.url}', 'http://localhost:${port}']
        const out = []
        for (const url of urls) {
          out.push(await fetch(url + '/devices').then((a) => a.status, () => 'refused'))
          out.push(await fetch(url + '/devices', { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{"device_id":"evil"}' }).then((a) => a.type, () => 'refused'))
          const form = new FormData()
          form.set('device_id', 'evil')
          out.push(await fetch(url + '/devices', { method: 'POST', mode: 'no-cors', body: form }).then((a) => a.type, () => 'refused'))
          out.push(await new Promise((resolve) => {
            const socket = new WebSocket(url.replace('http', 'ws') + '/ws?device_id=main')
            socket.onopen = () => resolve('open')
            socket.onerror = () => resolve('no socket')
          }))
        }
        return JSON.stringify(out)
      `,
    )
    const answers = JSON.parse(found) as unknown[] // what the page above returned
    expect(answers.filter((answer) => answer === 'open' || answer === 200)).toEqual([])
    const { json } = await gateway.call('GET', '/devices')
    expect(json.results).toEqual([])
  })

  it('works as a dashboard with credentials on a gateway that has some', { timeout: 120_000 }, async ({
    skip,
  }) => {
    const chromium = await findChromium()
    if (chromium === null) return skip(notInstalled)
    gateway = await world.startGateway({ settings: { APP_BASIC_AUTH: 'ana:secret' } })
    const found = await inPage(
      chromium,
      `
        const headers = { authorization: 'Basic ' + btoa('ana:secret'), 'content-type': 'application/json' }
        const made = await fetch('${gateway.url}/devices', { method: 'POST', headers, body: '{"device_id":"main"}' })
        const login = await fetch('${gateway.url}/devices/main/login', { headers: { ...headers, 'x-device-id': 'main' } }).then((a) => a.json())
        const picture = await new Promise((resolve) => {
          const image = new Image()
          image.onload = () => resolve(image.naturalWidth)
          image.onerror = () => resolve('no picture')
          image.src = login.results.qr_link
        })
        const socket = await new Promise((resolve) => {
          const ws = new WebSocket('${gateway.url.replace('http', 'ws')}/ws?device_id=main&authorization=' + encodeURIComponent(btoa('ana:secret')))
          ws.onopen = () => ws.send('{"code":"FETCH_DEVICES"}')
          ws.onmessage = (event) => resolve(JSON.parse(event.data).code)
          ws.onerror = () => resolve('no socket')
        })
        return JSON.stringify([made.status, picture, socket])
      `,
    )
    expect(JSON.parse(found)).toEqual([200, 512, 'LIST_DEVICES'])
  })
})
