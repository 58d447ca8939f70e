// Owns: a whole small world per test — simulator, gateway, webhook receiver — and verbs that wait for facts.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Person, type Simulator, type SimulatorOptions, startSimulator } from '@gatewa/simulator'
import { WebSocket } from 'ws'
import { type App, createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load-config.ts'
import type { Clock } from '../src/core/clock.ts'
import { type Logger, silentLogger } from '../src/core/logger.ts'
import type { Dialect } from '../src/db/migration.ts'
import { createTestDatabase, type TestDatabase } from '../src/db/test-database.ts'
import { WebhookReceiver } from '../src/features/webhooks/webhook-receiver.ts'
import type { EngineConfig } from '../src/whatsapp/baileys/engine-config.ts'
import { trustMediaHost } from './trust.ts'

const deadlineMs = 20_000
export const webhookSecret = 'a secret of the tests'

/** What an operation answered. `json` is undefined for a body that is none. */
export interface Answer {
  readonly status: number
  readonly json: { readonly code?: string; readonly message?: string; readonly results?: never }
  readonly text: string
}

/** A webhook body, as far as scenarios look at it. */
export interface WebhookEvent {
  readonly event: string
  readonly device_id?: string
  readonly session_id?: string
  readonly payload: {
    readonly [name: string]: unknown
    readonly id?: string
    readonly body?: string
    readonly ids?: readonly string[]
  }
}

/** A frame of the WebSocket. */
export interface Frame {
  readonly code: string
  readonly message: string
  readonly result: unknown
}

/** Waits until `look` returns something; rejects after `withinMs` (twenty seconds) with what `describe` says was there instead. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  describe?: () => unknown,
  withinMs = deadlineMs,
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > until)
      throw new Error(`${what} did not happen; instead: ${JSON.stringify(describe?.())}`)
    await pause(10)
  }
}

export interface WorldOptions extends SimulatorOptions {
  /** Further settings of every gateway in this world, by environment name. */
  readonly settings?: Readonly<Record<string, string>>
  /** In place of one on the run's own server. */
  readonly database?: TestDatabase
}

/** How a gateway differs from the others of its world. */
export interface GatewayOptions {
  /** By environment name. */
  readonly settings?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly logger?: Logger
  /** Of the engine, beyond what can be set from outside. */
  readonly engine?: Pick<EngineConfig, 'qrLifetimeMs' | 'keepAliveMs'>
}

/** A simulator, a webhook receiver, and a database that gateways of this world are started on, one after another. */
export class TestWorld {
  readonly simulator: Simulator
  readonly webhooks: WebhookReceiver
  readonly settings: Readonly<Record<string, string>>
  readonly #database: TestDatabase
  readonly #dataDir: string
  readonly #gateways = new Set<Gateway>()
  /** By event id. */
  readonly #events = new Map<string, WebhookEvent>()
  #parsed = 0

  private constructor(parts: {
    simulator: Simulator
    webhooks: WebhookReceiver
    settings: Readonly<Record<string, string>>
    database: TestDatabase
    dataDir: string
  }) {
    this.simulator = parts.simulator
    this.webhooks = parts.webhooks
    this.settings = parts.settings
    this.#database = parts.database
    this.#dataDir = parts.dataDir
  }

  static async open(dialect: Dialect, options: WorldOptions = {}): Promise<TestWorld> {
    const { settings, database: given, ...simulation } = options
    const simulator = await startSimulator(simulation)
    trustMediaHost(simulator)
    const webhooks = new WebhookReceiver()
    const webhookUrl = await webhooks.listen()
    const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-test-'))
    const database = given ?? (await createTestDatabase(dialect))
    return new TestWorld({
      simulator,
      webhooks,
      database,
      dataDir,
      settings: {
        APP_PORT: '0',
        // Where ffmpeg is looked for.
        PATH: process.env['PATH'] ?? '',
        APP_DATA_DIR: dataDir,
        // The file survives a gateway's end, which `:memory:` would not.
        DB_URI: dialect === 'sqlite' ? `file:${join(dataDir, 'gatewa.db')}` : database.uri,
        WHATSAPP_WEBSOCKET_URL: simulator.chatUrl,
        WHATSAPP_NOISE_ROOT_KEY: simulator.noiseRootKeyHex,
        WHATSAPP_MEDIA_HOST: simulator.media.host,
        WHATSAPP_WEB_VERSION_URL: simulator.webVersionUrl,
        WHATSAPP_WEBHOOK: `${webhookUrl}/hook`,
        WHATSAPP_WEBHOOK_SECRET: webhookSecret,
        ...settings,
      },
    })
  }

  /** Starts a gateway on this world's database; the one before must have been stopped. */
  async startGateway(options: GatewayOptions = {}): Promise<Gateway> {
    const loaded = loadConfig({ environment: { ...this.settings, ...options.settings }, dotenvFolders: [] })
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
    const config = { ...loaded.config, whatsapp: { ...loaded.config.whatsapp, ...options.engine } }
    const app = await createApp(config, {
      logger: options.logger ?? silentLogger,
      ...(options.clock && { clock: options.clock }),
    })
    await app.start()
    const gateway = new Gateway(app, () => this.#gateways.delete(gateway))
    this.#gateways.add(gateway)
    return gateway
  }

  /** Webhook bodies so far, oldest first; a redelivery counts once (by the event's id). */
  events(kind?: string): WebhookEvent[] {
    const { received } = this.webhooks
    for (const { headers, text } of received.slice(this.#parsed)) {
      const id = String(headers['x-gatewa-event-id'])
      if (!this.#events.has(id)) this.#events.set(id, JSON.parse(text) as WebhookEvent) // what our own gateway posted
    }
    this.#parsed = received.length
    const all = [...this.#events.values()]
    return kind === undefined ? all : all.filter(({ event }) => event === kind)
  }

  /** Waits for a webhook event that fits. */
  nextEvent(
    kind: string,
    test: (event: WebhookEvent) => boolean = () => true,
    withinMs = deadlineMs,
  ): Promise<WebhookEvent> {
    return eventually(
      `a webhook ${kind}`,
      () => this.events(kind).find(test),
      () => this.events(),
      withinMs,
    )
  }

  async close(): Promise<void> {
    for (const gateway of [...this.#gateways]) await gateway.stop()
    await this.webhooks.close()
    await this.simulator.close()
    await this.#database.drop()
    await rm(this.#dataDir, { recursive: true, force: true })
  }
}

/** A gateway that runs; one in another process has no server to look at here. */
type RunningApp = Pick<App, 'address' | 'stop'> & Partial<Pick<App, 'http'>>

/** A running gateway, used as its users do: over HTTP and WebSocket. */
export class Gateway {
  readonly app: RunningApp
  /** Sent with every call; a call's own headers win. */
  headers: Readonly<Record<string, string>> = {}
  readonly #onStop: () => void
  readonly #sockets: WebSocket[] = []

  constructor(app: RunningApp, onStop: () => void = () => undefined) {
    this.app = app
    this.#onStop = onStop
  }

  get url(): string {
    return this.app.address
  }

  /** Calls an operation, for a device where one is named. */
  async call(
    method: string,
    path: string,
    options: { device?: string; body?: object; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...this.headers,
        ...(options.device === undefined ? {} : { 'x-device-id': options.device }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false
    return { status: answer.status, text, json: (isJson ? JSON.parse(text) : {}) as Answer['json'] } // scenarios name the fields they expect
  }

  /** Makes a slot and links it to a person's account by QR code; resolves once the device can send. */
  async link(person: Person, device: string): Promise<void> {
    await this.addSlot(device)
    await person.scanQr(await this.qrCode(device))
    await this.loggedIn(device)
  }

  /** Makes an empty slot. */
  async addSlot(device: string): Promise<void> {
    const { status, text } = await this.call('POST', '/devices', { body: { device_id: device } })
    if (status !== 200) throw new Error(`no slot: ${text}`)
  }

  /** JIDs of the chats that the device shows, newest first. */
  async chats(device: string): Promise<string[]> {
    const { json, text } = await this.call('GET', '/chats?limit=100', { device })
    const data = (json.results as { data?: { jid: string }[] } | undefined)?.data
    if (data === undefined) throw new Error(`no chats: ${text}`)
    return data.map(({ jid }) => jid)
  }

  /** The text of a QR code for the device. */
  async qrCode(device: string): Promise<string> {
    const { json, text } = await this.call('GET', `/devices/${device}/login`)
    const code = (json.results as { qr_code?: string } | undefined)?.qr_code
    if (code === undefined) throw new Error(`no QR code: ${text}`)
    return code
  }

  /** Waits until the device is connected and logged in. */
  loggedIn(device: string): Promise<void> {
    return this.inState(device, 'logged_in')
  }

  /** Waits until the device is in a state. */
  async inState(device: string, state: 'disconnected' | 'connected' | 'logged_in'): Promise<void> {
    let last: unknown
    await eventually(
      `device ${device} being ${state}`,
      async () => {
        const { json } = await this.call('GET', `/devices/${device}`)
        last = json
        return (json.results as { state?: string } | undefined)?.state === state || undefined
      },
      () => last,
    )
  }

  /** Sends a text; the answer as it came. */
  sendText(device: string, phone: string, message: string, more: object = {}): Promise<Answer> {
    return this.call('POST', '/send/message', { device, body: { phone, message, ...more } })
  }

  /** The messages of a chat, newest first; empty when there is no such chat. */
  async messages(
    device: string,
    chat: string,
  ): Promise<
    {
      id: string
      content: string
      is_from_me: boolean
      sender_jid: string
      status?: string
      media_state?: string
    }[]
  > {
    const { json } = await this.call('GET', `/chat/${chat}/messages?limit=100`, { device })
    return (json.results as { data?: never } | undefined)?.data ?? []
  }

  /** Waits for a message in a chat. */
  message(
    device: string,
    chat: string,
    test: (message: { id: string; content: string; status?: string }) => boolean,
  ) {
    return eventually(`a message in ${chat}`, async () => (await this.messages(device, chat)).find(test))
  }

  /** Opens a WebSocket for a device; resolves once it is open. `frames` grows as frames come. */
  async socket(
    device: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ frames: Frame[]; socket: WebSocket }> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/ws?device_id=${device}`, { headers })
    this.#sockets.push(socket)
    const frames: Frame[] = []
    socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame)) // our own gateway's frames
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    return { frames, socket }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate()
    await this.app.stop()
    this.#onStop()
  }
}
