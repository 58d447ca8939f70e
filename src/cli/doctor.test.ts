import { createHmac } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { openDatabase } from '../db/open-database.ts'
import { WebhookSecretStore } from '../features/webhooks/webhook-secret-store.ts'
import { runDoctor } from './doctor.ts'
import { dataDirFinding } from './doctor-machine.ts'
import { clockFinding, hostFindings } from './doctor-network.ts'
import { runEncryption } from './encryption.ts'
import { RecordingTerminal } from './recording-terminal.ts'

describe('the doctor', () => {
  let folder: string
  let server: Server
  let answer: { status: number; date?: string }
  let received: { signature: string | undefined; key: string | undefined; body: string }[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewa-doctor-'))
    answer = { status: 200 }
    received = []
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const signature = request.headers['x-hub-signature-256']
        const key = request.headers['x-key']?.toString()
        received.push({ signature: String(signature), key, body: Buffer.concat(chunks).toString() })
        response.writeHead(answer.status, answer.date === undefined ? {} : { date: answer.date }).end()
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  })

  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
    await rm(folder, { recursive: true, force: true })
  })

  const port = () => (server.address() as AddressInfo).port // it listens on TCP

  async function examine(flags: Record<string, string> = {}): Promise<{ code: number; report: string }> {
    const terminal = new RecordingTerminal()
    const websocketUrl = `ws://127.0.0.1:${port()}/ws/chat`
    const all = { dataDir: folder, websocketUrl, port: '2', ...flags }
    const code = await runDoctor(all, { checkWebhooks: 'webhookUrls' in flags }, terminal)
    return { code, report: terminal.printed.join('\n') }
  }

  it('finds nothing wrong where nothing is, before the first start too', async () => {
    await chmod(folder, 0o700)
    const { code, report } = await examine()
    expect(report).not.toContain('FAIL')
    expect(report).toContain('does not exist yet')
    expect(code).toBe(0)
  })

  it('says that WhatsApp cannot be reached, and what to look at, and exits with 1', async () => {
    const { code, report } = await examine({ websocketUrl: 'ws://127.0.0.1:9/ws/chat' })
    expect(code).toBe(1)
    expect(report).toMatch(/FAIL {2}whatsapp .*cannot be reached directly/)
    expect(report).toContain('WHATSAPP_PROXY')
  })

  it('goes through the proxy that is set', async () => {
    const [finding] = await hostFindings({
      websocketUrl: `ws://127.0.0.1:${port()}/`,
      proxy: 'http://127.0.0.1:9',
    })
    expect(finding).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('through the proxy') as string,
    })
    expect(received).toEqual([])
  })

  it("compares the clock with the host's", async () => {
    answer.date = new Date(Date.now() - 3_600_000).toUTCString()
    expect((await examine()).report).toMatch(/FAIL {2}clock .*(3599|3600|3601) s ahead of WhatsApp's/)
    const at = new Date('2026-01-01T00:00:00Z')
    expect(clockFinding(new Date('2026-01-01T00:00:20Z'), at).state).toBe('ok')
    expect(clockFinding(new Date('2026-01-01T00:01:00Z'), at)).toMatchObject({
      state: 'warn',
      detail: "60 s behind WhatsApp's",
    })
    expect(clockFinding(null, at).state).toBe('warn')
  })

  it('warns of a data folder that others may read', async () => {
    await chmod(folder, 0o755)
    expect(await dataDirFinding(folder)).toMatchObject({ state: 'warn', remedy: `chmod 700 ${folder}` })
    await mkdir(join(folder, 'private'), { mode: 0o700 })
    expect((await dataDirFinding(join(folder, 'private'))).state).toBe('ok')
  })

  it('says that a SQLite file is none', async () => {
    const { code, report } = await examine({ databaseUri: `file:${join(import.meta.dirname, 'doctor.ts')}` })
    expect(code).toBe(1)
    expect(report).toMatch(/FAIL {2}database .*cannot be read/)
  })

  it('says what the keys are encrypted with, and what is missing', async () => {
    const databaseUri = `file:${join(folder, 'gatewa.db')}`
    const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const [first = '', second = ''] = keys.map((key) => key.toString('base64'))
    const [firstId, secondId] = keys.map((key) => KeyRing.of([key])?.presentId)
    const open = async (flags: Record<string, string>, action: string) => {
      const terminal = new RecordingTerminal()
      await runEncryption(
        { flags: { dataDir: folder, databaseUri, logLevel: 'error', ...flags }, action },
        terminal,
      )
      return terminal.printed.join('\n')
    }
    const finding = async (flags: Record<string, string> = {}) =>
      (await examine({ databaseUri, ...flags })).report
        .split('\n')
        .filter((line) => /encrypt/i.test(line))
        .join('\n')
    expect(await finding()).toMatch(/^ok {4}encryption .*not encrypted \(APP_ENCRYPTION_KEY is not set\)$/)
    expect(await open({ encryptionKey: first }, 'rotate')).toBe(
      `the keys in the database are encrypted with the key ${firstId}`,
    )
    expect(await finding({ encryptionKey: first })).toMatch(
      new RegExp(`^ok .*encrypted with the key ${firstId}$`),
    )
    expect(await finding()).toMatch(/^FAIL {2}encryption .*none is set\n.*-> set APP_ENCRYPTION_KEY/)
    expect(await finding({ encryptionKey: second })).toMatch(
      /^FAIL {2}encryption .*\n.*APP_ENCRYPTION_OLD_KEYS/,
    )
    const both = { encryptionKey: second, encryptionOldKeys: first }
    expect(await finding(both)).toContain(`the next start encrypts them with ${secondId}`)
    await expect(open({}, 'rotate')).rejects.toThrow('set APP_ENCRYPTION_KEY')
    await expect(open({ encryptionKey: second }, 'rotate')).rejects.toThrow('APP_ENCRYPTION_OLD_KEYS')
    expect(await open(both, 'rotate')).toContain(`with the key ${secondId}`)
    expect(await open({}, 'status')).toContain(`with the key ${secondId}`)
    await expect(open({}, 'off')).rejects.toThrow('set APP_ENCRYPTION_KEY')
    expect(await open({ encryptionKey: second }, 'off')).toBe('the keys in the database are not encrypted')
    expect(await open({}, 'status')).toBe('the keys in the database are not encrypted')
    await expect(open({}, 'webhook-secret')).rejects.toThrow('no secret was made')
    await expect(open({}, 'on')).rejects.toThrow('there are status, rotate, off')
  })

  it('signs with the secret that the gateway made, encrypted or not', async () => {
    const databaseUri = `file:${join(folder, 'gatewa.db')}`
    const key = Buffer.alloc(32, 1)
    const database = await openDatabase(
      { uri: databaseUri, dataDir: folder, version: 'test', keys: KeyRing.of([key]) },
      silentLogger,
    )
    const { secret } = await database.inTransaction((tx) =>
      new WebhookSecretStore(database.cipher).ensure(tx, new Date()),
    )
    await database.close()
    const flags = {
      databaseUri,
      encryptionKey: key.toString('hex'),
      webhookUrls: `http://127.0.0.1:${port()}/hook`,
    }
    expect((await examine(flags)).report).toMatch(/^ok {4}webhook /m)
    const ping = received.find(({ body }) => body.includes('ping'))
    const signature = createHmac('sha256', secret)
      .update(ping?.body ?? '')
      .digest('hex')
    expect(ping?.signature).toBe(`sha256=${signature}`)
    const terminal = new RecordingTerminal()
    await runEncryption({ flags: { ...flags, dataDir: folder }, action: 'webhook-secret' }, terminal)
    expect(terminal.printed).toEqual([secret])
  })

  it('sends webhooks a signed ping only when asked to, and judges the answer', async () => {
    const webhook = `http://127.0.0.1:${port()}/hook?token=hunter2`
    const flags = { webhookUrls: webhook, webhookSecret: 'sesame', webhookHeaders: 'X-Key=k3y' }
    const { code, report } = await examine(flags)
    expect(report).toMatch(/^ok {4}webhook .*\/hook answers 200$/m)
    expect(report).not.toContain('hunter2')
    expect(code).toBe(0)
    const ping = received.find(({ body }) => body.includes('ping'))
    const signature = createHmac('sha256', 'sesame')
      .update(ping?.body ?? '')
      .digest('hex')
    expect(ping?.signature).toBe(`sha256=${signature}`)
    expect(ping?.key).toBe('k3y')
    answer.status = 403
    expect((await examine(flags)).report).toMatch(/FAIL {2}webhook .*answers 403\n.*compare its secret/)
    const { webhookUrls: _, ...withoutCheck } = flags
    received = []
    await examine(withoutCheck)
    expect(received.every(({ body }) => !body.includes('ping'))).toBe(true)
  })
})
