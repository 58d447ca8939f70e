import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, type Gateway, TestWorld } from '../harness.ts'
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

  it('finds without credentials all it needs on an open gateway that names it', {
    timeout: 120_000,
  }, async ({ skip }) => {
    const chromium = await findChromium()
    if (chromium === null) return skip(notInstalled)
    const start = async (origin: string) => {
      gateway = await world.startGateway({ settings: { APP_CORS_ALLOWED_ORIGINS: origin } })
      return gateway.url
    }
    const found = await inPage(
      chromium,
      `
        // The page's own server starts the gateway, once it knows where the page comes from.
        const url = await fetch('/ask', { method: 'PUT', body: location.origin }).then((a) => a.text())
        const headers = { 'content-type': 'application/json', 'x-device-id': encodeURIComponent('my phone') }
        const made = await fetch(url + '/devices', { method: 'POST', headers, body: '{"device_id":"my phone"}' })
        const login = await fetch(url + '/devices/my%20phone/login', { headers }).then((a) => a.json())
        const picture = await new Promise((resolve) => {
          const image = new Image()
          image.onload = () => resolve(image.naturalWidth)
          image.onerror = () => resolve('no picture')
          image.src = login.results.qr_link
        })
        const socket = await new Promise((resolve) => {
          const ws = new WebSocket(url.replace('http', 'ws') + '/ws?device_id=my+phone')
          ws.onopen = () => ws.send('{"code":"FETCH_DEVICES"}')
          ws.onmessage = (event) => resolve(JSON.parse(event.data).result[0].device)
          ws.onerror = () => resolve('no socket')
        })
        const removed = await fetch(url + '/devices/my%20phone', { method: 'DELETE', headers })
        return JSON.stringify([made.status, picture, socket, removed.status])
      `,
      start,
    )
    expect(JSON.parse(found)).toEqual([200, 512, 'my phone', 200])
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

  it('finds there all that the reference’s own dashboard does, from linking to logging out', {
    timeout: 120_000,
  }, async ({ skip }) => {
    const chromium = await findChromium()
    if (chromium === null) return skip(notInstalled)
    gateway = await world.startGateway({
      settings: { APP_BASIC_AUTH: 'ana:secret', APP_BASE_PATH: '/wa', WHATSAPP_WEBHOOK: '' },
    })
    gateway.headers = { authorization: `Basic ${btoa('ana:secret')}` }
    const [ada, bo] = [
      world.simulator.addPerson({ name: 'Ada', phone: '15550100001' }),
      world.simulator.addPerson({ name: 'Bo', phone: '15550100002' }),
    ]
    const telling = inPage(chromium, referenceDashboard(`${gateway.url}/wa`, bo.phone))
    // The phone scans what the page shows; asking again joins the login that is open.
    const scanning = eventually('a login of the page', async () => {
      const { json } = await gateway.call('GET', '/wa/devices/main')
      const { connection } = (json.results ?? {}) as { connection?: { phase: string } }
      if (connection?.phase !== 'pairing') return undefined
      const login = await gateway.call('GET', '/wa/devices/main/login')
      return (login.json.results as { qr_code?: string } | undefined)?.qr_code
    })
    const linking = scanning.then((code) => ada.scanQr(code))
    const told = JSON.parse(await Promise.race([telling, linking.then(() => telling)])) as Record<
      string,
      unknown
    > // what the script below returned
    expect(told).toEqual({
      withoutCredentials: 401,
      info: '/wa',
      none: [],
      made: 'main',
      picture: 512,
      success: 'Successfully pair with 15550100001:1@s.whatsapp.net',
      listed: [['string', 'main']],
      status: [true, true],
      sent: 'SUCCESS',
      photo: 'SUCCESS',
      chat: '15550100002@s.whatsapp.net',
      contents: ['from a page', '🖼️ by a form'],
      seen: 40,
      person: [bo.phone, 's.whatsapp.net'],
      webhook: ['https://example.com/hook', '********', 'message'],
      told: { device_id: 'main', webhook_url: 'https://example.com/hook' },
      unlinked: [401, 'AUTHENTICATION_ERROR'],
      removed: 200,
      refused: [400, 'DEVICE_ID_REQUIRED'],
      end: 'DEVICE_LOGGED_OUT',
    })
    await bo.receives('from a page')
    await bo.receives('by a form')
  })
})

/**
 * What the reference's standalone dashboard (gowa-ui 1.6) does, as seen when it was run against this gateway: requests as axios
 * makes them, with credentials and device in headers, pictures by their links, frames of the WebSocket with credentials in its
 * address, and of each answer what it reads.
 */
function referenceDashboard(base: string, phone: string): string {
  return `
    const credential = btoa('ana:secret')
    const axios = (method, path, data, headers = { authorization: 'Basic ' + credential, 'x-device-id': 'main' }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open(method, '${base}' + path, true)
        request.setRequestHeader('Accept', 'application/json, text/plain, */*')
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
        const isForm = data instanceof FormData
        if (data !== undefined && !isForm) request.setRequestHeader('Content-Type', 'application/json')
        // What is no JSON stays a text, as with axios.
        const parsed = (text) => (text.startsWith('{') ? JSON.parse(text) : text)
        request.onload = () => resolve({ status: request.status, data: parsed(request.responseText) })
        request.onerror = () => reject(new Error('the browser let nobody read ' + path))
        request.send(data === undefined || isForm ? data : JSON.stringify(data))
      })
    const widthOf = (src) =>
      new Promise((resolve) => {
        const image = new Image()
        image.onload = () => resolve(image.naturalWidth)
        image.onerror = () => resolve('no picture')
        image.src = src
      })
    const out = {}
    out.withoutCredentials = (await axios('GET', '/app/info', undefined, {})).status
    out.info = (await axios('GET', '/app/info')).data.results.base_path
    out.none = (await axios('GET', '/devices')).data.results
    out.made = (await axios('POST', '/devices', { device_id: 'main' })).data.results.id

    const frames = []
    // Told in place of the answer when something does not come.
    setTimeout(() => report(JSON.stringify({ ...out, frames })), 30_000)
    let wake = () => undefined
    const socket = new WebSocket('${base.replace('http', 'ws')}/ws?authorization=' + encodeURIComponent(credential) + '&device_id=main')
    socket.onmessage = ({ data }) => {
      frames.push(JSON.parse(data))
      wake()
    }
    const frame = async (test) => {
      for (;;) {
        const found = frames.find(test)
        if (found !== undefined) return found
        await new Promise((resolve) => (wake = resolve))
      }
    }
    await new Promise((resolve, reject) => {
      socket.onopen = resolve
      socket.onerror = () => reject(new Error('no socket'))
    })
    const { results: login } = (await axios('GET', '/app/login')).data
    out.picture = await widthOf(login.qr_link)
    out.success = (await frame(({ code }) => code === 'LOGIN_SUCCESS')).message
    for (;;) {
      const { results } = (await axios('GET', '/app/status')).data
      out.status = [results.is_connected, results.is_logged_in]
      if (results.is_logged_in) break
    }
    socket.send('{"code":"FETCH_DEVICES"}')
    const list = await frame(({ code }) => code === 'LIST_DEVICES')
    out.listed = list.result.map((each) => [typeof each.name, each.device])
    out.sent = (await axios('POST', '/send/message', { phone: '${phone}', message: 'from a page' })).data.code
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 })
    canvas.getContext('2d').fillRect(0, 0, 40, 30)
    const form = new FormData()
    form.append('phone', '${phone}@s.whatsapp.net')
    form.append('caption', 'by a form')
    form.append('image', await new Promise((resolve) => canvas.toBlob(resolve, 'image/png')), 'a.png')
    out.photo = (await axios('POST', '/send/image', form)).data.code
    out.chat = (await axios('GET', '/chats?limit=25&offset=0')).data.results.data[0].jid
    const { data: messages } = (await axios('GET', '/chat/' + out.chat + '/messages?limit=50&offset=0')).data.results
    out.contents = messages.map(({ content }) => content).sort()
    const { id } = messages.find(({ media_type }) => media_type === 'image')
    const { results: file } = (await axios('GET', '/message/' + id + '/download?phone=' + encodeURIComponent(out.chat))).data
    out.seen = await widthOf('${base}/' + file.file_path)
    const { devices } = (await axios('GET', '/user/info?phone=${phone}')).data.results.data[0]
    out.person = [devices[0].User, devices[0].Server]
    const hook = { webhook_url: 'https://example.com/hook', webhook_secret: 'abc', webhook_events: 'message', webhook_insecure_skip_verify: false }
    await axios('PATCH', '/devices/main/webhook', hook)
    const set = (await axios('GET', '/devices/main/webhook')).data.results
    out.webhook = [set.webhook_url, set.webhook_secret, set.webhook_events]
    out.told = (await frame(({ code }) => code === 'DEVICE_WEBHOOK_UPDATED')).result
    await axios('POST', '/devices', { device_id: 'second' })
    const unlinked = await axios('GET', '/user/my/groups', undefined, { authorization: 'Basic ' + credential, 'x-device-id': 'second' })
    out.unlinked = [unlinked.status, unlinked.data.code]
    const refused = await axios('GET', '/chats', undefined, { authorization: 'Basic ' + credential })
    out.refused = [refused.status, refused.data.code]
    out.removed = (await axios('DELETE', '/devices/second')).status
    await axios('GET', '/app/logout')
    out.end = (await frame(({ code }) => !/LOGIN_SUCCESS|LIST_DEVICES|WEBHOOK/.test(code))).code
    return JSON.stringify(out)
  `
}
