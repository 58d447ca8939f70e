import {
  type AuthenticationCreds,
  type BaileysEventMap,
  initAuthCreds,
  makeWASocket,
  type SignalDataSet,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  WA_CERT_DETAILS,
  type WAMessage,
  type WASocket,
} from 'baileys'
import { pino } from 'pino'
import { waitFor } from '../api/wait-for.ts'
import { Changes } from '../state/changes.ts'

/** Status code of a closed connection, or undefined while it is not closed. */
type CloseCode = number | undefined

/**
 * A plain Baileys client with its keys in memory, as an application would write it: it reconnects after 515 and
 * after nothing else. Contract scenarios of the simulator run with it, without any code of the gateway.
 */
export class PlainClient {
  readonly creds: AuthenticationCreds = initAuthCreds()
  readonly changes = new Changes()
  readonly messages: WAMessage[] = []
  /** Every event of the current and earlier sockets, by name. */
  readonly events: { name: keyof BaileysEventMap; data: unknown }[] = []
  /** Attributes of every ack of a message, in the order they came. */
  readonly acks: Record<string, string>[] = []
  /** Attributes of every receipt, over all sockets; Baileys may fold them into the message's own event. */
  readonly receipts: Record<string, string>[] = []
  /** Attributes of every message stanza, over all sockets: what reached the wire, whatever Baileys did with it. */
  readonly stanzas: Record<string, string>[] = []
  /** QR codes of the current socket, newest last. */
  readonly qrCodes: string[] = []
  socket: WASocket
  state: 'connecting' | 'open' | 'close' = 'connecting'
  closeCode: CloseCode
  /** True once the offline queue of the current socket has been handled. */
  caughtUp = false
  /** How many sockets there have been. */
  connects = 0
  readonly #keys = new Map<string, unknown>()
  readonly #server: { chatUrl: string; noiseRootKeyHex: string }
  readonly #config: Partial<UserFacingSocketConfig>

  constructor(
    server: { chatUrl: string; noiseRootKeyHex: string },
    config: Partial<UserFacingSocketConfig> = {},
  ) {
    this.#server = server
    this.#config = config
    this.socket = this.#open()
  }

  /** Connects again with the same keys. */
  reconnect(): void {
    this.socket = this.#open()
  }

  /** Waits for the newest QR code. */
  qr(): Promise<string> {
    return waitFor('a QR code', this.changes, () => this.qrCodes.at(-1), this.#describe())
  }

  /** Waits until the connection is open and the offline queue is done. */
  async opened(): Promise<void> {
    await waitFor(
      'an open connection',
      this.changes,
      () => (this.state === 'open' && this.caughtUp) || undefined,
      this.#describe(),
    )
  }

  /** Waits until the first history and app state were taken in; until then Baileys holds events back. */
  async synced(): Promise<void> {
    await waitFor(
      'the initial sync',
      this.changes,
      () => this.creds.accountSyncCounter > 0 || undefined,
      this.#describe(),
    )
  }

  /** Waits until the connection is closed; resolves with the status code. */
  closed(): Promise<number> {
    return waitFor('a closed connection', this.changes, () => this.closeCode, this.#describe())
  }

  /** Waits for a message that fits. */
  receives(test: (message: WAMessage) => boolean): Promise<WAMessage> {
    return waitFor('a message', this.changes, () => this.messages.find(test), {
      describe: () => JSON.stringify(this.messages.map(({ key, message }) => ({ key, message }))),
    })
  }

  /** Waits for a text message. */
  receivesText(text: string): Promise<WAMessage> {
    return this.receives(({ message }) => textOf(message) === text)
  }

  /** Waits for the ack of a message. */
  ack(id: string | null | undefined): Promise<Record<string, string>> {
    return waitFor(`an ack for ${id}`, this.changes, () => this.acks.find((attrs) => attrs['id'] === id), {
      describe: () => JSON.stringify(this.acks),
    })
  }

  /** Waits for a receipt on the wire. */
  getsReceipt(test: (attrs: Record<string, string>) => boolean): Promise<Record<string, string>> {
    return waitFor('a receipt', this.changes, () => this.receipts.find(test), {
      describe: () => JSON.stringify(this.receipts),
    })
  }

  /** Waits for an event whose data fits. */
  event<T extends keyof BaileysEventMap>(
    name: T,
    test: (data: BaileysEventMap[T]) => boolean,
  ): Promise<BaileysEventMap[T]> {
    return waitFor(
      `an event ${name}`,
      this.changes,
      () => {
        // Events are recorded under the name they were emitted with.
        const data = this.events.map((each) =>
          each.name === name ? (each.data as BaileysEventMap[T]) : undefined,
        )
        return data.find((each) => each !== undefined && test(each))
      },
      { describe: () => JSON.stringify(this.events.filter((each) => each.name === name)).slice(0, 2_000) },
    )
  }

  /** Closes the socket without logging out. */
  async close(): Promise<void> {
    this.socket.ev.removeAllListeners('connection.update')
    await this.socket.end(undefined)
  }

  #describe() {
    return {
      describe: () => JSON.stringify({ state: this.state, code: this.closeCode, qr: this.qrCodes.length }),
    }
  }

  #open(): WASocket {
    this.connects++
    // Baileys knows one root for the whole process; the certificate is checked against it at every handshake.
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(this.#server.noiseRootKeyHex, 'hex')
    this.state = 'connecting'
    this.closeCode = undefined
    this.caughtUp = false
    this.qrCodes.length = 0
    const socket = makeWASocket({
      waWebSocketUrl: this.#server.chatUrl,
      auth: { creds: this.creds, keys: this.#store() },
      logger: pino({ level: process.env['BAILEYS_LOG'] ?? 'silent' }),
      defaultQueryTimeoutMs: 5_000,
      retryRequestDelayMs: 10,
      ...this.#config,
    })
    socket.ev.process((batch) => {
      for (const [name, data] of Object.entries(batch)) {
        // Keys of a batch are event names.
        this.events.push({ name: name as keyof BaileysEventMap, data })
      }
      if (batch['creds.update']) Object.assign(this.creds, batch['creds.update'])
      if (batch['messages.upsert']) this.messages.push(...batch['messages.upsert'].messages)
      const update = batch['connection.update']
      if (update && this.socket === socket) this.#updated(update)
      this.changes.notify()
    })
    socket.ws.on('CB:ack,class:message', ({ attrs }: { attrs: Record<string, string> }) => {
      this.acks.push(attrs)
      this.changes.notify()
    })
    socket.ws.on('CB:receipt', ({ attrs }: { attrs: Record<string, string> }) => {
      this.receipts.push(attrs)
      this.changes.notify()
    })
    socket.ws.on('CB:message', ({ attrs }: { attrs: Record<string, string> }) => this.stanzas.push(attrs))
    // The first events come after this function has returned.
    this.socket = socket
    return socket
  }

  #updated(update: BaileysEventMap['connection.update']): void {
    if (update.qr) this.qrCodes.push(update.qr)
    if (update.receivedPendingNotifications) this.caughtUp = true
    if (update.connection) this.state = update.connection
    if (update.connection !== 'close') return
    // Baileys closes with a Boom, whose status code is the reason.
    const error = update.lastDisconnect?.error as { output?: { statusCode?: number } } | undefined
    this.closeCode = error?.output?.statusCode ?? 0
    if (this.closeCode === 515) this.reconnect()
  }

  #store() {
    const known = this.#keys
    return {
      get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const found: { [id: string]: SignalDataTypeMap[T] } = {}
        for (const id of ids) {
          const value = known.get(`${type}/${id}`)
          // Values are read under the type they were stored under.
          if (value !== undefined) found[id] = value as SignalDataTypeMap[T]
        }
        return Promise.resolve(found)
      },
      set: (data: SignalDataSet) => {
        for (const [type, entries] of Object.entries(data)) {
          for (const [id, value] of Object.entries(entries)) {
            if (value === null) known.delete(`${type}/${id}`)
            else known.set(`${type}/${id}`, value)
          }
        }
        return Promise.resolve()
      },
    }
  }
}

/** The text of a message Baileys delivered. */
export function textOf(message: WAMessage['message']): string | undefined {
  return message?.conversation || message?.extendedTextMessage?.text || undefined
}
