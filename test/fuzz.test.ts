import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenDatabase } from '../src/db/open-database.ts'
import { describeEachDialect } from '../src/db/test-database.ts'
import type { HttpApp } from '../src/http/http-app.ts'
import { TestGateway } from '../src/http/test-gateway.ts'
import { makeJid } from '../src/whatsapp/jid.ts'
import { type ApiDocument, arbitraryBytes, arbitraryCall } from './fuzz-requests.ts'

const known = {
  device_id: ['main', 'main', 'main', 'spare', 'new', 'nobody'],
  chat_jid: ['62811@s.whatsapp.net', '62811', '120363000000000000@g.us'],
  phone: ['62811', '62800', '+62811@s.whatsapp.net', '120363000000000000@g.us', '0812'],
  message: ['hello', '@62811 hello'],
  mentions: ['62811', '@everyone'],
  reply_message_id: ['3EB0'],
  idempotency_key: ['order-1', 'order-2'],
  limit: ['1', '100', '101', '0'],
  offset: ['0', '5'],
  start_time: ['2024-01-15T10:30:00Z'],
  search: ['hello', '%', '_', '\\'],
}

/** The same requests at every run; `FUZZ_RUNS` asks for so many others. */
const asked = process.env['FUZZ_RUNS']
const runs = Number(asked ?? 1_500)
const patience = { timeout: 60_000 + runs * 50 }
const seed = asked === undefined ? { seed: 1 } : {}

describeEachDialect('requests nobody thought of', (open) => {
  let folder: string
  let database: OpenDatabase
  let gateway: TestGateway
  let app: HttpApp

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewa-fuzz-'))
    database = await open()
    gateway = new TestGateway(database, { qrCodeDir: join(folder, 'qrcode') })
    app = await gateway.app()
    gateway.devices.engine.hide(makeJid('62800', 's.whatsapp.net'))
    await devicesThere()
  })
  afterAll(async () => {
    await app.close()
    await gateway.devices.sessions.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** A linked and an unlinked device, whatever the requests so far have done to them. */
  async function devicesThere(): Promise<void> {
    const devices = await gateway.devices.service.list()
    const main = devices.find((device) => device.id === 'main')
    if (main?.isLoggedIn !== true) {
      if (main !== undefined) await gateway.devices.service.remove(main.id)
      await gateway.devices.addLinked('main')
    }
    if (!devices.some((device) => device.id === 'spare')) await gateway.devices.add('spare')
  }

  /** Everything that requests can change. */
  async function state(): Promise<string> {
    const { db } = database
    return JSON.stringify([
      await db.selectFrom('devices').select(['id', 'jid', 'is_linked']).orderBy('id').execute(),
      await db.selectFrom('chats').select(['device_id', 'jid', 'message_count']).orderBy('id').execute(),
      await db.selectFrom('messages').select(['id', 'content']).orderBy('id').execute(),
      // A final refusal is kept under its key to be repeated; a key that stays running would be a defect.
      await db.selectFrom('idempotency_keys').select('key').where('state', '=', 'running').execute(),
    ])
  }

  it(
    'are answered with an envelope and never with a defect; what is refused changes nothing',
    patience,
    async () => {
      const document = app.swagger() as unknown as ApiDocument // the generators read only part of it
      let before = await state()
      let sends = 0
      await fc.assert(
        fc.asyncProperty(arbitraryCall(document, known), async (call) => {
          const answer = await app.inject(call)
          const shown = `${call.method} ${call.url} ${answer.statusCode} ${answer.body.slice(0, 200)}`
          expect(answer.statusCode, shown).toBeLessThan(500)
          expectEnvelope(answer.headers['content-type'], answer.body, shown)
          const after = await state()
          if (answer.statusCode >= 400) expect(after, shown).toBe(before)
          if (answer.body.includes('"Message sent to ')) sends += 1
          await devicesThere()
          before = await state()
        }),
        { numRuns: runs, ...seed },
      )
      expect(sends, 'some requests are right').toBeGreaterThan(0)
    },
  )

  function expectEnvelope(type: unknown, body: string, shown: string): void {
    if (body === '' || type === 'image/png') return
    if (type === 'text/plain; charset=utf-8') return expect(body, shown).toMatch(/^[\w ]+$/)
    expect(type, shown).toBe('application/json')
    const answer = JSON.parse(body) as Record<string, unknown> // every JSON answer is an object
    if ('checks' in answer) return
    expect(answer, shown).toMatchObject({
      code: expect.any(String) as string,
      message: expect.any(String) as string,
    })
  }

  it('leave the server standing when they are no HTTP', patience, async () => {
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo // a TCP server has one
    await fc.assert(
      fc.asyncProperty(arbitraryBytes(), async (bytes) => {
        const answer = await answerTo(port, bytes)
        expect(answer, Buffer.from(bytes).toString('latin1')).not.toMatch(/^HTTP\/1\.1 5/)
      }),
      { numRuns: Math.ceil(runs / 4), ...seed },
    )
    expect(await (await fetch(`${address}/livez`)).text()).toBe('OK')
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
