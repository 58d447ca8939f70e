import { type AddressInfo, connect } from 'node:net'
import type { Group, Person } from '@gatewa/simulator'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDialects } from '../src/db/test-database.ts'
import type { HttpApp } from '../src/http/http-app.ts'
import { type DatabaseView, openDatabaseView } from './database-view.ts'
import { type ApiDocument, arbitraryBytes, arbitraryCall, type Call } from './fuzz-requests.ts'
import { type Gateway, TestWorld } from './harness.ts'
import { messageIdOf } from './scenario.ts'

/**
 * How many requests: on SQLite as many as asked for, on PostgreSQL a tenth. The same ones at every run, unless `FUZZ_RUNS`
 * asks for another number.
 */
const asked = process.env['FUZZ_RUNS']
const runsOn = { sqlite: Number(asked ?? 20_000), postgres: Math.ceil(Number(asked ?? 20_000) / 10) }
const seed = asked === undefined ? { seed: 1 } : {}

describe.each(testDialects())('requests nobody thought of (%s)', (dialect) => {
  const runs = runsOn[dialect]
  const patience = { timeout: 120_000 + runs * 50 }
  let world: TestWorld
  let gateway: Gateway
  let app: HttpApp
  let view: DatabaseView
  let ada: Person
  let bo: Person
  let group: Group
  let sentId: string
  let receivedId: string

  beforeAll(async () => {
    world = await TestWorld.open(dialect, { settings: { WHATSAPP_WEBHOOK: '' } })
    gateway = await world.startGateway()
    if (gateway.app.http === undefined) throw new Error('the gateway runs in this process')
    app = gateway.app.http
    ada = world.simulator.addPerson({ name: 'Ada' })
    bo = world.simulator.addPerson({ name: 'Bo' })
    group = world.simulator.addGroup({ subject: 'Lunch', owner: ada, members: [bo] })
    await gateway.link(ada, 'main')
    await gateway.addSlot('spare')
    view = await openDatabaseView(dialect, world.settings['DB_URI'] ?? '')
    sentId = messageIdOf(await gateway.sendText('main', bo.phone, 'hello'))
    receivedId = (await bo.sendText(ada, 'hello yourself')).id
    await gateway.message('main', bo.jid, ({ id }) => id === receivedId)
  }, 60_000)
  afterAll(async () => {
    await view.close()
    await world.close()
  })

  /** Values that exist, by field; absurd ones come from the generator. */
  function known(): Record<string, readonly string[]> {
    const chats = [bo.jid, bo.phone, bo.lid, group.jid]
    return {
      device_id: ['main', 'main', 'main', 'spare', 'new', 'nobody'],
      chat_jid: [...chats, '62811'],
      phone: [...chats, '62811', `+${bo.jid}`, '0812', 'status@broadcast'],
      group_id: [group.jid, '120363000000000000@g.us'],
      participants: [bo.phone, '62811'],
      message_id: [sentId, receivedId, '3EB0'],
      message: ['hello', `@${bo.phone} hello`],
      mentions: [bo.phone, '@everyone'],
      reply_message_id: [receivedId, '3EB0'],
      idempotency_key: ['order-1', 'order-2'],
      emoji: ['👍', ''],
      contact_name: ['Bo'],
      contact_phone: [bo.phone],
      latitude: ['-6.2', '91'],
      longitude: ['106.8', '-181'],
      question: ['Lunch?'],
      options: ['yes', 'no'],
      link: ['http://127.0.0.1:1/', 'no link'],
      type: ['available', 'unavailable'],
      action: ['start', 'stop'],
      title: ['A group', 'x'.repeat(26)],
      name: ['A name'],
      limit: ['1', '100', '101', '0'],
      offset: ['0', '5'],
      start_time: ['2024-01-15T10:30:00Z'],
      search: ['hello', '%', '_', '\\'],
    }
  }

  /** A linked and an unlinked device, and the group, whatever the requests so far have done to them. */
  async function restored(): Promise<void> {
    const slot = await app.inject({ url: '/devices/main' })
    const state = slot.json<{ results?: { state?: string } }>().results?.state
    if (state !== 'logged_in') {
      if (slot.statusCode === 200) await app.inject({ method: 'DELETE', url: '/devices/main' })
      await ada.unlink()
      await gateway.link(ada, 'main')
    }
    if ((await app.inject({ url: '/devices/spare' })).statusCode === 404) await gateway.addSlot('spare')
    if (!group.state.members.has(ada.account)) {
      group = world.simulator.addGroup({ subject: 'Lunch', owner: ada, members: [bo] })
    }
  }

  /** What requests can change, here and at WhatsApp; what only ever follows later (receipts) is left out. */
  async function state(): Promise<string> {
    const { subject, description, members, inviteCode, isLocked, isAnnouncement } = group.state
    return JSON.stringify([
      await view.rows('select id, jid, is_linked from devices order by id'),
      await view.rows('select count(*) as n from chats'),
      await view.rows(
        "select count(*) as n, sum(length(content)) as size from messages where status <> 'failed'",
      ),
      // A final refusal is kept under its key to be repeated; a key that stays running would be a defect.
      await view.rows("select count(*) as n from idempotency_keys where state = 'running'"),
      [subject, description?.id, inviteCode, isLocked, isAnnouncement, [...members.values()]],
      [ada.account.pushName, ada.account.about, ada.account.pictureId, ada.account.linkedDevices.length],
    ])
  }

  it('are answered without a defect; what is refused changes nothing', patience, async () => {
    const document = app.swagger() as unknown as ApiDocument // the generators read only part of it
    const counts = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(arbitraryCall(document, known()), async (call) => {
        const before = await state()
        const answer = await app.inject(call)
        counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1)
        const shown = `${call.method} ${call.url} ${answer.statusCode} ${answer.body.slice(0, 300)}`
        expectNoDefect(call, answer.statusCode, shown)
        expectEnvelope(answer.headers['content-type'], answer.body, shown)
        if (answer.statusCode >= 400) expect(await state(), shown).toBe(before)
        if (call.method !== 'GET' || call.url.includes('log')) await restored()
      }),
      { numRuns: runs, ...seed, endOnFailure: true },
    )
    process.stdout.write(`${runs} requests (${dialect}): ${JSON.stringify([...counts].sort())}\n`)
    expect(counts.get(200) ?? 0, 'many requests are right').toBeGreaterThan(runs / 50)
  })

  /** WhatsApp may be out of reach for a moment while a device is linked anew; anything else above 500 is a defect. */
  function expectNoDefect(call: Call, status: number, shown: string): void {
    const mayBeOutOfReach = call.url.includes('log') || call.url.includes('reconnect')
    expect(status === 501 || (status === 503 && mayBeOutOfReach) ? 200 : status, shown).toBeLessThan(500)
  }

  function expectEnvelope(type: unknown, body: string, shown: string): void {
    if (body === '' || type === 'image/png' || type === 'image/jpeg') return
    if (String(type).startsWith('text/')) return
    if (String(type).startsWith('application/x-ndjson')) {
      for (const line of body.trim().split('\n')) {
        expect(JSON.parse(line), shown).toMatchObject({ table: expect.any(String) as string })
      }
      return
    }
    expect(type, shown).toBe('application/json')
    const answer = JSON.parse(body) as Record<string, unknown> // every JSON answer is an object
    if ('checks' in answer || 'openapi' in answer || 'asyncapi' in answer) return
    expect(answer, shown).toMatchObject({
      code: expect.any(String) as string,
      message: expect.any(String) as string,
    })
  }

  const deep = '['.repeat(200_000)
  const deepObject = `{"phone":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)},"message":"x"}`
  it.each([
    [
      'a body that is too large',
      '/send/message',
      'application/json',
      JSON.stringify({ message: 'x'.repeat(2_000_000) }),
      413,
    ],
    ['lists in lists without end', '/send/message', 'application/json', deep, 400],
    ['objects in objects where a text belongs', '/send/message', 'application/json', deepObject, 400],
    [
      'two thousand fields',
      '/send/poll',
      'application/x-www-form-urlencoded',
      'options=a&'.repeat(2_000),
      400,
    ],
    [
      'a form without an end',
      '/send/image',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n',
      400,
    ],
    ['a path that climbs', '/statics/media/..%2f..%2f..%2fetc%2fpasswd', 'application/json', '{}', 404],
    ['a path with a NUL', '/message/%00/star', 'application/json', JSON.stringify({ phone: '62811' }), 400],
  ])('are refused when they are absurd: %s', async (_what, url, type, payload, status) => {
    const before = await state()
    const method = url.startsWith('/statics') ? 'GET' : 'POST'
    const answer = await app.inject({
      method,
      url,
      headers: { host: 'localhost', 'x-device-id': 'main', 'content-type': type },
      ...(method === 'GET' ? {} : { payload }),
    })
    expect(answer.statusCode, answer.body.slice(0, 200)).toBe(status)
    expect(await state()).toBe(before)
  })

  it('leave the server standing when they are no HTTP', patience, async () => {
    const { port } = app.server.address() as AddressInfo // a TCP server has one
    await fc.assert(
      fc.asyncProperty(arbitraryBytes(), async (bytes) => {
        const answer = await answerTo(port, bytes)
        expect(answer, Buffer.from(bytes).toString('latin1')).not.toMatch(/^HTTP\/1\.1 5/)
      }),
      { numRuns: Math.ceil(runs / 20), ...seed },
    )
    expect(await (await fetch(`${gateway.url}/livez`)).text()).toBe('OK')
  })

  /** Sends bytes, says that no more will come, and resolves with all that comes back. */
  async function answerTo(port: number, bytes: Uint8Array): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    const end = Promise.withResolvers<undefined>()
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      // A WebSocket stays open; being let in is all there is to see.
      if (answer.startsWith('HTTP/1.1 101')) socket.destroy()
    })
    // The server hanging up at once is an answer too.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => end.resolve(undefined))
    socket.end(bytes)
    await end.promise
    return answer
  }
})
