import { vi } from 'vitest'
import { type Person, type Simulator, startSimulator } from '../simulator/index.ts'
import { type Clock, systemClock } from '../src/core/clock.ts'
import { asDeviceId, type DeviceId, type MessageId, newMessageId } from '../src/core/ids.ts'
import { type Logger, silentLogger } from '../src/core/logger.ts'
import type { OpenDatabase } from '../src/db/open-database.ts'
import { BaileysEngine } from '../src/whatsapp/baileys/baileys-engine.ts'
import type { EngineConfig } from '../src/whatsapp/baileys/engine-config.ts'
import { KeyMaterial } from '../src/whatsapp/baileys/key-material.ts'
import type { KeySource } from '../src/whatsapp/baileys/key-source.ts'
import { StanzaJournalStore } from '../src/whatsapp/baileys/stanza-journal-store.ts'
import { WebVersionStore } from '../src/whatsapp/baileys/web-version-store.ts'
import { type Jid, parseJid } from '../src/whatsapp/jid.ts'
import type { OutgoingMessage } from '../src/whatsapp/outgoing-message.ts'
import { RecordingListener } from '../src/whatsapp/session-contract.ts'
import type { WhatsAppEvent } from '../src/whatsapp/whatsapp-event.ts'
import type { Sent, SessionChange, WhatsAppSession } from '../src/whatsapp/whatsapp-session.ts'
import { trustMediaHost } from './trust.ts'

/** How long a fact may take before the test says what it saw instead. */
const deadlineMs = 10_000

/** A listener whose commits the test can hold back or let fail. */
export class TestListener extends RecordingListener {
  #held: Promise<void> | null = null
  failure: Error | null = null

  /** Commits wait until the returned function is called. */
  hold(): () => void {
    let release: () => void = () => undefined
    this.#held = new Promise((resolve) => {
      release = resolve
    })
    return release
  }

  override async onEvents(events: readonly WhatsAppEvent[]): Promise<void> {
    await this.#held
    if (this.failure !== null) throw this.failure
    await super.onEvents(events)
  }

  /** Resolves with the `count`th change of `type`. */
  async heardAgain<T extends SessionChange['type']>(
    type: T,
    count: number,
  ): Promise<Extract<SessionChange, { type: T }>> {
    return vi.waitFor(
      () => {
        const change = this.changes.filter((candidate) => candidate.type === type)[count - 1]
        if (change === undefined)
          throw new Error(`heard only ${this.changes.map((heard) => heard.type).join(', ')}`)
        return change as Extract<SessionChange, { type: T }> // filtered by its type
      },
      { timeout: deadlineMs, interval: 5 },
    )
  }

  /** Events of one type that were committed so far. */
  all<T extends WhatsAppEvent['type']>(type: T): Extract<WhatsAppEvent, { type: T }>[] {
    // Filtered by their type.
    return this.events.filter((event) => event.type === type) as Extract<WhatsAppEvent, { type: T }>[]
  }

  /** Resolves with the first committed event of `type` that `test` takes. */
  async committed<T extends WhatsAppEvent['type']>(
    type: T,
    test: (event: Extract<WhatsAppEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<WhatsAppEvent, { type: T }>> {
    return vi.waitFor(
      () => {
        const event = this.all(type).find(test)
        if (event === undefined) throw new Error(`no such ${type} among ${JSON.stringify(this.#seen())}`)
        return event
      },
      { timeout: deadlineMs, interval: 5 },
    )
  }

  /** Texts of the messages received so far, in order. */
  texts(): string[] {
    return this.all('message.received').map((event) => event.message.text)
  }

  #seen(): string[] {
    return this.events.map((event) => (event.type === 'unhandled' ? `unhandled ${event.kind}` : event.type))
  }
}

export interface WorldOptions {
  readonly config?: Partial<EngineConfig>
  readonly clock?: Clock
  readonly logger?: Logger
}

/** A clock on which `factor` times less has to be waited. */
export function hastyClock(factor: number): Clock {
  return { now: () => systemClock.now(), after: (ms, callback) => systemClock.after(ms / factor, callback) }
}

/** The engine on a database and a simulator, with one device and the person it belongs to. */
export class EngineWorld {
  readonly simulator: Simulator
  readonly database: OpenDatabase
  readonly deviceId: DeviceId = asDeviceId('main')
  readonly owner: Person
  readonly contact: Person
  engine: BaileysEngine
  /** What "the store" knows of sent messages: filled by `send`. */
  readonly sent = new Map<string, Uint8Array>()
  readonly #config: Partial<EngineConfig>
  readonly #clock: Clock
  readonly #logger: Logger

  private constructor(simulator: Simulator, database: OpenDatabase, options: WorldOptions) {
    this.simulator = simulator
    this.database = database
    this.#config = options.config ?? {}
    this.#clock = options.clock ?? systemClock
    this.#logger = options.logger ?? silentLogger
    this.owner = simulator.addPerson({ name: 'Owner' })
    this.contact = simulator.addPerson({ name: 'Ayu' })
    this.engine = this.newEngine()
  }

  static async start(database: OpenDatabase, options: WorldOptions = {}): Promise<EngineWorld> {
    const simulator = await startSimulator()
    trustMediaHost(simulator)
    return new EngineWorld(simulator, database, options)
  }

  get contactJid(): Jid {
    return jidOf(this.contact)
  }

  /** An engine with nothing in memory, as after a restart of the process. */
  newEngine(
    overrides: Partial<EngineConfig> = {},
    wrapKeys = (keys: KeySource): KeySource => keys,
  ): BaileysEngine {
    const { db, inTransaction, cipher } = this.database
    const deps = { db, inTransaction, cipher, clock: this.#clock, logger: this.#logger }
    this.engine = new BaileysEngine({
      config: {
        websocketUrl: this.simulator.chatUrl,
        noiseRootKey: this.simulator.noiseRootKeyHex,
        mediaHost: this.simulator.media.host,
        webVersionUrl: this.simulator.webVersionUrl,
        deviceName: 'Gatewa',
        ...this.#config,
        ...overrides,
      },
      keyMaterial: wrapKeys(new KeyMaterial(deps)),
      journal: new StanzaJournalStore(deps),
      sentMessages: { rawMessage: async (_device, id) => this.sent.get(id) ?? null },
      namedChats: { isNamed: async () => false },
      versionMemory: new WebVersionStore(deps),
      clock: this.#clock,
      logger: this.#logger,
    })
    return this.engine
  }

  /** Opens a connection; its listener is the one given or a new one. */
  async open(listener = new TestListener()): Promise<{ session: WhatsAppSession; listener: TestListener }> {
    return { session: await this.engine.open(this.deviceId, listener), listener }
  }

  /** Links the device to the owner's account by QR code; resolves when the pairing connection has ended. */
  async pair(): Promise<TestListener> {
    const { listener } = await this.open()
    const code = await listener.heard('qr')
    await this.owner.scanQr(code.text)
    await listener.heard('paired')
    await listener.heard('closed')
    return listener
  }

  /** Opens a connection of a linked device and waits until it is open. */
  async connected(): Promise<{ session: WhatsAppSession; listener: TestListener }> {
    const opened = await this.open()
    await opened.listener.heard('open')
    await this.owner.hasClientOnline()
    return opened
  }

  /** Links the device and opens its first connection. */
  async linked(): Promise<{ session: WhatsAppSession; listener: TestListener }> {
    await this.pair()
    return this.connected()
  }

  /** Sends a text as the send service would. */
  async send(session: WhatsAppSession, to: Jid, text: string, id: MessageId = newMessageId()): Promise<Sent> {
    return this.sendAny(session, to, { kind: 'text', text, context: {} }, id)
  }

  /** Sends any message as the send service would. */
  async sendAny(
    session: WhatsAppSession,
    to: Jid,
    message: OutgoingMessage,
    id: MessageId = newMessageId(),
  ): Promise<Sent> {
    return session.sendMessage(to, message, {
      id,
      beforeSend: async (raw) => {
        this.sent.set(id, raw)
      },
    })
  }

  /** Rows of the stanza journal. */
  async journaled(): Promise<string[]> {
    const rows = await this.database.db
      .selectFrom('stanza_journal')
      .select('stanza_key')
      .orderBy('seq')
      .execute()
    return rows.map((row) => row.stanza_key)
  }

  /** Whether the journal still holds the message of that id. */
  async isJournaled(id: string): Promise<boolean> {
    return (await this.journaled()).some((key) => key.startsWith(`message|${id}|`))
  }

  /** Resolves once every stanza is settled. */
  async settled(): Promise<void> {
    await vi.waitFor(
      async () => {
        const left = await this.journaled()
        if (left.length > 0) throw new Error(`not settled: ${left.join(', ')}`)
      },
      { timeout: deadlineMs, interval: 10 },
    )
  }

  async close(): Promise<void> {
    await this.engine.close()
    await this.simulator.close()
  }
}

/** A person's JID as our word. */
export function jidOf(person: Person): Jid {
  return parseJid(person.jid)
}

/** The last report of a connection. */
export type Closed = Extract<SessionChange, { type: 'closed' }>
