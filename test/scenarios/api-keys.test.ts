import { get } from 'node:http'
import { describe, expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { runKeys } from '../../src/cli/keys.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { openDatabaseView } from '../database-view.ts'
import { type Answer, eventually, type Gateway } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

const operator = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }
const settings = { APP_BASIC_AUTH: 'u:p' }

interface MadeKey {
  readonly id: string
  readonly key: string
}

async function makeKey(gateway: Gateway, wishes: object): Promise<MadeKey> {
  const body = { name: 'bot', scopes: ['read', 'send'], ...wishes }
  return resultsOf<MadeKey>(await gateway.call('POST', '/keys', { body, headers: operator }))
}

function shown(gateway: Gateway): Promise<Answer> {
  return gateway.call('GET', '/keys', { headers: operator })
}

/** Follows the event stream; `ended` tells when the gateway has ended it. */
async function follow(url: string, headers: Record<string, string>) {
  const stream = { status: 0, text: '', isEnded: false }
  await new Promise<void>((resolve, reject) => {
    get(url, { headers: { accept: 'text/event-stream', ...headers } }, (response) => {
      stream.status = response.statusCode ?? 0
      response.on('data', (chunk: Buffer) => {
        stream.text += chunk.toString()
      })
      response.on('end', () => {
        stream.isEnded = true
      })
      resolve()
    }).on('error', reject)
  })
  return stream
}

/** Tries a WebSocket; resolves to the status of the answer, 101 when it was opened. */
async function upgrade(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const status = await new Promise<number>((resolve, reject) => {
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', reject)
  })
  return { status, socket, closed }
}

describe('API keys', () => {
  scenario(
    'are shown once, kept as hashes, and let their holder do what they were made for',
    async ({ gateway, world, dialect }) => {
      const { id, key } = await makeKey(gateway, {})
      for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }]) {
        const me = await gateway.call('GET', '/auth/me', { headers })
        expect(resultsOf(me)).toEqual({ name: `key:${id}`, scopes: ['read', 'send'] })
      }
      const list = await shown(gateway)
      expect(resultsOf(list)).toMatchObject([
        { id, name: 'bot', state: 'active', created_by: 'u', last_used_at: expect.any(String) as unknown },
      ])
      const secret = key.split('_').slice(2).join('_')
      expect(list.text).not.toContain(secret)
      const view = await openDatabaseView(dialect, world.settings['DB_URI'] ?? '')
      const rows = await view.rows('select * from api_keys')
      await view.close()
      expect(rows).toHaveLength(1)
      expect(JSON.stringify(rows)).not.toContain(secret)
    },
    { settings },
  )

  scenario(
    'for some devices show nothing of the others, and need no device to be named when there is one',
    async (stage) => {
      const { gateway } = stage
      gateway.headers = operator
      const [ada, cy, bo] = stage.people('Ada', 'Cy', 'Bo')
      await gateway.link(ada, 'ada')
      await gateway.link(cy, 'cy')
      const { key } = await makeKey(gateway, { devices: ['ada'] })
      const headers = { authorization: `Bearer ${key}` }
      const body = { phone: bo.phone, message: 'from a bot' }
      const sent = await gateway.call('POST', '/send/message', { body, headers })
      expect(sent.status, sent.text).toBe(200)
      await bo.receives('from a bot')
      await bo.sendText(cy, 'for Cy alone')
      await stage.world.nextEvent('message', ({ payload }) => payload.body === 'for Cy alone')
      for (const path of ['/devices', '/app/devices', '/events?limit=1000', '/events?device_id=cy']) {
        const answer = await gateway.call('GET', path, { headers })
        expect(answer.status, answer.text).toBe(200)
        expect(answer.text, path).not.toMatch(/"cy"|for Cy alone/)
      }
      const { socket, status } = await upgrade(`${gateway.url}/ws`, headers)
      expect(status).toBe(101)
      const list = new Promise<string>((resolve) => {
        socket.on('message', (data: Buffer) => resolve(data.toString()))
      })
      socket.send(JSON.stringify({ code: 'FETCH_DEVICES' }))
      expect(await list).toMatch(/"device":"ada"/)
      expect(await list).not.toMatch(/"cy"/)
      socket.terminate()
    },
    { settings },
  )

  scenario(
    'end at once when they are revoked, in the middle of a WebSocket and of a stream too',
    async ({ gateway }) => {
      gateway.headers = operator
      await gateway.addSlot('main')
      const [one, other] = [await makeKey(gateway, {}), await makeKey(gateway, {})]
      const headersOf = ({ key }: MadeKey) => ({ 'x-api-key': key })
      const socket = await upgrade(`${gateway.url}/ws`, headersOf(one))
      const stream = await follow(`${gateway.url}/events`, headersOf(one))
      const spared = await follow(`${gateway.url}/events`, headersOf(other))
      expect([socket.status, stream.status, spared.status]).toEqual([101, 200, 200])

      const revoked = await gateway.call('DELETE', `/keys/${one.id}`)
      expect(resultsOf(revoked)).toMatchObject({ id: one.id, state: 'revoked' })
      expect(await socket.closed).toBe(1008)
      await eventually('the end of the stream', () => stream.isEnded || undefined)
      gateway.headers = {}
      expect((await gateway.call('GET', '/devices', { headers: headersOf(one) })).status).toBe(401)
      expect((await gateway.call('GET', '/devices', { headers: headersOf(other) })).status).toBe(200)
      expect(spared.isEnded).toBe(false)
      const unknown = await gateway.call('DELETE', '/keys/nothing', { headers: operator })
      expect([unknown.status, unknown.json.code]).toEqual([404, 'KEY_NOT_FOUND'])
    },
    { settings },
  )

  scenario(
    'end at their time, and so do their streams',
    async ({ gateway, clock }) => {
      gateway.headers = operator
      await gateway.addSlot('main')
      const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString()
      const { key } = await makeKey(gateway, { expires_at: inAnHour })
      const headers = { 'x-api-key': key }
      gateway.headers = {}
      const stream = await follow(`${gateway.url}/events`, headers)
      expect(stream.status).toBe(200)
      clock.putForward(3_600_001)
      expect((await gateway.call('GET', '/devices', { headers })).status).toBe(401)
      await eventually('the end of the stream', () => stream.isEnded || undefined)
      const past = await gateway.call('POST', '/keys', {
        body: { name: 'late', scopes: ['read'], expires_at: inAnHour },
        headers: operator,
      })
      expect([past.status, past.json.message]).toEqual([400, 'expires_at: must be in the future.'])
    },
    { settings },
  )

  scenario(
    'are not needed in an address: a ticket opens one stream, once and soon',
    async ({ gateway, clock }) => {
      gateway.headers = operator
      await gateway.addSlot('main')
      const { key, id } = await makeKey(gateway, { scopes: ['read'] })
      gateway.headers = {}
      const ticketOf = async (headers: Record<string, string>) => {
        const answer = await gateway.call('POST', '/auth/ticket', { headers })
        return resultsOf<{ ticket: string }>(answer).ticket
      }
      const ticket = await ticketOf({ 'x-api-key': key })
      const first = await upgrade(`${gateway.url}/ws?device_id=main&ticket=${ticket}`)
      expect(first.status).toBe(101)
      expect((await upgrade(`${gateway.url}/ws?device_id=main&ticket=${ticket}`)).status).toBe(401)
      const stream = await follow(`${gateway.url}/events?ticket=${await ticketOf(operator)}`, {})
      expect(stream.status).toBe(200)

      const old = await ticketOf({ 'x-api-key': key })
      clock.putForward(31_000)
      expect((await follow(`${gateway.url}/events?ticket=${old}`, {})).status).toBe(401)
      // It is as good as the key that it was made with, and good for streams only.
      const elsewhere = await gateway.call('GET', `/devices?ticket=${await ticketOf(operator)}`)
      expect(elsewhere.status).toBe(401)
      await gateway.call('DELETE', `/keys/${id}`, { headers: operator })
      expect(await first.closed).toBe(1008)
    },
    { settings },
  )

  scenario(
    'with a limit are told what is left, and when they may go on',
    async ({ gateway }) => {
      const { key } = await makeKey(gateway, { requests_per_minute: 2 })
      const headers = { 'x-api-key': key }
      const ask = () => fetch(`${gateway.url}/auth/me`, { headers })
      const answers = [await ask(), await ask(), await ask()]
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
      expect(answers.map((answer) => answer.headers.get('ratelimit-remaining'))).toEqual(['1', '0', '0'])
      expect(answers[2]?.headers.get('retry-after')).toMatch(/^(30|29|28)$/)
      expect(await answers[2]?.json()).toMatchObject({ code: 'RATE_LIMITED' })
      expect((await gateway.call('GET', '/auth/me', { headers: operator })).status).toBe(200)
    },
    { settings },
  )

  scenario('are held to on a gateway without credentials too', async ({ gateway }) => {
    const made = await gateway.call('POST', '/keys', { body: { name: 'reader', scopes: ['read'] } })
    const headers = { 'x-api-key': resultsOf<MadeKey>(made).key }
    const refused = await gateway.call('POST', '/devices', { body: { device_id: 'x' }, headers })
    expect([refused.status, refused.json.code]).toEqual([403, 'SCOPE_MISSING'])
    const wrong = { 'x-api-key': `gwk_${'0'.repeat(16)}_${'a'.repeat(43)}` }
    expect((await gateway.call('GET', '/devices', { headers: wrong })).status).toBe(401)
    const foreign = { authorization: 'Bearer of-something-else' }
    expect((await gateway.call('GET', '/devices', { headers: foreign })).status).toBe(200)
  })

  scenario(
    'are refused when they are asked for wrongly, and none is made',
    async ({ gateway }) => {
      gateway.headers = operator
      const wrong = [
        { name: '', scopes: ['read'] },
        { name: 'x', scopes: [] },
        { name: 'x', scopes: ['everything'] },
        { name: 'x', scopes: ['read'], devices: [] },
        { name: 'x', scopes: ['read'], devices: ['nobody'] },
        { name: 'x', scopes: ['read'], requests_per_minute: 0 },
        { name: 'x', scopes: ['read'], expires_at: 'tomorrow' },
      ]
      for (const body of wrong) {
        const answer = await gateway.call('POST', '/keys', { body })
        expect(answer.status, `${JSON.stringify(body)}: ${answer.text}`).toBe(400)
      }
      expect(resultsOf(await shown(gateway))).toEqual([])
    },
    { settings },
  )

  scenario(
    'are made, listed and revoked on the command line',
    async ({ gateway }) => {
      const terminal = new RecordingTerminal()
      const flags = { gatewayUrl: gateway.url, basicAuth: 'u:p' }
      const keys = (action: string, options: object = {}) =>
        runKeys({ flags, action, options: { ...options } }, terminal)
      await keys('create', { name: 'my bot', scopes: 'send, read', perMinute: '60' })
      const [key = ''] = terminal.printed
      expect(terminal.printed).toHaveLength(1)
      const me = await gateway.call('GET', '/auth/me', { headers: { 'x-api-key': key } })
      const { name } = resultsOf<{ name: string }>(me)
      const id = name.replace('key:', '')
      await keys('list')
      expect(terminal.printed.at(-1)).toMatch(new RegExp(`^${id} +my bot +active +read,send +all +never `))
      await keys('revoke', { id })
      expect((await gateway.call('GET', '/auth/me', { headers: { 'x-api-key': key } })).status).toBe(401)
      await expect(keys('create', { name: 'x', scopes: 'all' })).rejects.toThrow('the gateway says: scopes')
      await expect(keys('revoke')).rejects.toThrow('give --id')
      await expect(keys('burn')).rejects.toThrow('try list, create or revoke')
    },
    { settings },
  )

  scenario(
    'and all others are held to a limit that a device has',
    async (stage) => {
      const gateway = await stage.start({ APP_DEVICE_SENDS_PER_MINUTE: '2' })
      const { bo } = await stage.linkedPair()
      await gateway.addSlot('other')
      const statuses: number[] = []
      for (const text of ['one', 'two', 'three']) {
        statuses.push((await gateway.sendText('main', bo.phone, text)).status)
      }
      expect(statuses).toEqual([200, 200, 429])
      await bo.receives('two')
      expect(bo.inbox.map(({ text }) => text)).toEqual(['one', 'two'])
      const last = await gateway.sendText('main', bo.phone, 'four')
      expect(last.json).toMatchObject({ code: 'RATE_LIMITED' })
      expect(last.json.message).toMatch(
        /^device main may be asked for 2 requests a minute; try again in \d+ s$/,
      )
      expect((await gateway.call('GET', '/chats', { device: 'main' })).status).toBe(200)
      expect((await gateway.sendText('other', bo.phone, 'x')).status).toBe(401)
    },
    { startsGateway: false },
  )

  scenario('see the code that links a device only with the scope that links one', async (stage) => {
    const { gateway } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    const readers = await Promise.all(
      [['read'], ['read', 'manage'], ['admin']].map(async (scopes) => {
        const { key } = await makeKey(gateway, { scopes })
        const headers = { authorization: `Bearer ${key}` }
        const stream = await follow(`${gateway.url}/events?after=0`, headers)
        const { socket, status } = await upgrade(`${gateway.url}/ws?device_id=main&events=&after=0`, headers)
        expect([stream.status, status]).toEqual([200, 101])
        const frames: string[] = []
        socket.on('message', (data: Buffer) => frames.push(data.toString()))
        onTestFinished(() => socket.terminate())
        return async () => {
          const all = await gateway.call('GET', '/events', { headers })
          const named = await gateway.call('GET', '/events?events=device.qr,device.connected', { headers })
          return [stream.text, frames.join(), all.text, named.text]
        }
      }),
    )
    const code = await gateway.qrCode('main')
    await ada.scanQr(code)
    await gateway.loggedIn('main')
    for (const [index, read] of readers.entries()) {
      const seen = await eventually('what came behind the code', async () => {
        const texts = await read()
        return texts.every((text) => text.includes('device.connected')) ? texts : undefined
      })
      expect(seen.map((text) => text.includes(code))).toEqual(Array(4).fill(index > 0))
    }
  })
})
