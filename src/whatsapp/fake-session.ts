import { AppError } from '../core/app-error.ts'
import { asMessageId, type DeviceId } from '../core/ids.ts'
import { type Jid, makeJid } from './jid.ts'
import type { WhatsAppMessage } from './message.ts'
import type { Outgoing } from './outgoing-change.ts'
import { refusingActions } from './refusing-actions.ts'
import type { WhatsAppEvent } from './whatsapp-event.ts'
import type {
  Account,
  CloseReason,
  SendOptions,
  Sent,
  SessionChange,
  SessionHealth,
  SessionListener,
  WhatsAppSession,
} from './whatsapp-session.ts'

/** What a fake session was asked to send, in the order of asking. */
export interface FakeSend {
  readonly to: Jid
  readonly content: Outgoing
  readonly id: string
}

/** What the sessions of one FakeEngine share; a test changes it through the engine's verbs. */
export interface FakeWorld {
  readonly accounts: Map<DeviceId, Account>
  readonly notOnWhatsApp: Set<Jid>
  readonly now: () => Date
  pairingFailure: AppError | null
  acksHeld: boolean
  sendFailure: AppError | null
}

type Closed = Omit<Extract<SessionChange, { type: 'closed' }>, 'type' | 'reason'>

interface HeldAck {
  readonly settle: (sent: Date) => void
  readonly fail: (error: AppError) => void
}

const statusCodes: Record<CloseReason, number | null> = {
  'restart-required': 515,
  'connection-lost': 428,
  'qr-expired': 408,
  replaced: 440,
  'logged-out': 401,
  banned: 403,
  'temporarily-banned': 402,
  outdated: 405,
  unusable: 411,
  refused: 400,
  'untrusted-server': null,
  'closed-by-us': null,
}

/** A connection that lives in memory: the test plays the phone and the server. Made by `FakeEngine.open`. */
export class FakeSession implements WhatsAppSession {
  // Actions have no second self in memory: what uses them is tested against the simulator (ADR 0011).
  readonly #actions = refusingActions()
  readonly calls = this.#actions.calls
  readonly chats = this.#actions.chats
  readonly groups = this.#actions.groups
  readonly groupMembers = this.#actions.groupMembers
  readonly media = this.#actions.media
  readonly messages = this.#actions.messages
  readonly newsletters = this.#actions.newsletters
  readonly people = this.#actions.people
  readonly presence = this.#actions.presence
  readonly profile = this.#actions.profile
  readonly statuses = this.#actions.statuses
  readonly deviceId: DeviceId
  /** Messages that left, acknowledged or not. */
  readonly sends: FakeSend[] = []
  /** Phone numbers that a pairing code was asked for. */
  readonly pairingRequests: string[] = []
  /** Set by a test: the socket is open and nothing is answered. */
  isDeaf = false
  /** How often the gateway asked whether it is heard. */
  probes = 0
  readonly #listener: SessionListener
  readonly #world: FakeWorld
  readonly #heldAcks: HeldAck[] = []
  #state: 'connecting' | 'pairing' | 'open' | 'closed' = 'connecting'
  #codes = 0
  #lastFrameAt: Date | null = null
  #lastStanzaAt: Date | null = null
  #lastAckAt: Date | null = null

  constructor(deviceId: DeviceId, listener: SessionListener, world: FakeWorld) {
    this.deviceId = deviceId
    this.#listener = listener
    this.#world = world
  }

  // === Verbs of the test: the server's and the phone's side

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** The server answers the handshake: `open` when the device is linked, else the first QR code. */
  answer(): void {
    if (this.#state !== 'connecting') return
    const account = this.#world.accounts.get(this.deviceId)
    if (account === undefined) this.showCode()
    else {
      this.#state = 'open'
      this.#tell({ type: 'open', account })
    }
  }

  /** Shows the next QR code and returns its text. The first lives 60 s, later ones 20 s, as WhatsApp's do. */
  showCode(): string {
    this.#state = 'pairing'
    this.#codes += 1
    const text = `https://wa.me/settings/linked_devices#ref-${this.#codes},${this.deviceId}`
    this.#tell({ type: 'qr', text, lifetimeMs: this.#codes === 1 ? 60_000 : 20_000 })
    return text
  }

  /** The phone accepts the link (QR or code). The restart that WhatsApp asks for follows, unless `restart` is false. */
  scan(account: Account = aFakeAccount(), options: { restart: boolean } = { restart: true }): void {
    this.#world.accounts.set(this.deviceId, account)
    this.#tell({ type: 'paired', account })
    if (options.restart) this.end('restart-required')
  }

  /** The codes run out before anybody scanned one. */
  expireCodes(): void {
    this.end('qr-expired', { detail: 'QR refs attempts ended' })
  }

  /** The network fails. */
  drop(): void {
    this.end('connection-lost', { detail: 'connection lost' })
  }

  /** The user removes the device on the phone. */
  unlink(): void {
    this.end('logged-out', { detail: 'device_removed' })
  }

  /** The connection ends for `reason`; in-flight sends reject as uncertain. */
  end(reason: CloseReason, facts: Partial<Closed> = {}): void {
    if (this.#state === 'closed') return
    const change: SessionChange = {
      type: 'closed',
      reason,
      statusCode: facts.statusCode === undefined ? statusCodes[reason] : facts.statusCode,
      detail: facts.detail ?? reason,
      retryAfterMs: facts.retryAfterMs ?? null,
    }
    this.#tell(change)
    this.#state = 'closed'
    for (const held of this.#heldAcks.splice(0)) held.fail(uncertain())
  }

  /** The account's own name changes on the phone. */
  rename(pushName: string): void {
    const account = this.#world.accounts.get(this.deviceId)
    if (account === undefined) throw new Error(`${this.deviceId} is not linked`)
    const renamed = { ...account, pushName }
    this.#world.accounts.set(this.deviceId, renamed)
    this.#tell({ type: 'renamed', account: renamed })
  }

  /** A sign of life, and nothing more. */
  ping(): void {
    this.#lastFrameAt = this.#world.now()
  }

  /** The server lets the linked device in, and leaves the questions of its login unanswered. */
  letIn(): void {
    this.#lastFrameAt = this.#world.now()
    this.#lastStanzaAt = this.#lastFrameAt
  }

  /** Facts arrive; resolves or rejects as the listener's commit does. */
  async receive(...events: WhatsAppEvent[]): Promise<void> {
    if (this.#state !== 'open') throw new Error(`the session of ${this.deviceId} is not open`)
    this.#lastFrameAt = this.#world.now()
    this.#lastStanzaAt = this.#lastFrameAt
    await this.#listener.onEvents(events)
  }

  /** Acknowledges every message whose ack was held back (`FakeEngine.holdAcks`). */
  releaseAcks(at: Date = this.#world.now()): void {
    for (const held of this.#heldAcks.splice(0)) held.settle(at)
  }

  // === The port

  async requestPairingCode(phone: string): Promise<string> {
    if (this.#state !== 'pairing') throw new AppError('device_not_connected')
    this.pairingRequests.push(phone)
    if (this.#world.pairingFailure !== null) throw this.#world.pairingFailure
    return 'ABCD1234'
  }

  async logout(): Promise<void> {
    this.#world.accounts.delete(this.deviceId)
    this.end('logged-out', { detail: 'logout' })
  }

  async close(): Promise<void> {
    this.end('closed-by-us')
  }

  health(): SessionHealth {
    return {
      lastFrameAt: this.#lastFrameAt,
      lastStanzaAt: this.#lastStanzaAt,
      lastAckAt: this.#lastAckAt,
      decryptFailures: 0,
      unsettledStanzas: 0,
    }
  }

  async probe(): Promise<void> {
    if (this.#state !== 'open') throw new AppError('device_not_connected')
    this.probes += 1
    if (this.isDeaf) throw new AppError('whatsapp_timeout')
    this.#lastStanzaAt = this.#world.now()
  }

  async sendMessage(to: Jid, content: Outgoing, options: SendOptions): Promise<Sent> {
    if (this.#state !== 'open') throw new AppError('device_not_connected')
    const raw = new TextEncoder().encode(JSON.stringify(content))
    await options.beforeSend(raw, null)
    // Typed anew: the connection may have ended while the caller committed.
    if (this.isClosed) throw new AppError('device_not_connected')
    this.sends.push({ to, content, id: options.id })
    const at = await this.#ack()
    this.#lastAckAt = at
    return { id: options.id, at, raw }
  }

  async ensureMember(): Promise<void> {
    if (this.#state !== 'open') throw new AppError('device_not_connected')
  }

  async ensureMayWrite(): Promise<void> {
    if (this.#state !== 'open') throw new AppError('device_not_connected')
  }

  async findOnWhatsApp(phone: Jid): Promise<Jid | null> {
    if (this.#state !== 'open') throw new AppError('device_not_connected')
    return this.#world.notOnWhatsApp.has(phone) ? null : phone
  }

  #ack(): Promise<Date> {
    if (this.#world.sendFailure !== null) return Promise.reject(this.#world.sendFailure)
    if (!this.#world.acksHeld) return Promise.resolve(this.#world.now())
    return new Promise((settle, fail) => this.#heldAcks.push({ settle, fail }))
  }

  #tell(change: SessionChange): void {
    if (this.#state === 'closed') return
    this.#lastFrameAt = this.#world.now()
    this.#listener.onChange(change)
  }
}

function uncertain(): AppError {
  return new AppError('send_outcome_unknown', { certain: false })
}

/** An account to link a fake device to; `phone` is digits only. */
export function aFakeAccount(phone = '6281200000001', pushName = 'Ani'): Account {
  return {
    jid: makeJid(phone, 's.whatsapp.net'),
    lid: makeJid(`9${phone}`, 'lid'),
    jidWithDevice: `${phone}:12@s.whatsapp.net`,
    pushName,
  }
}

/** A text message from a contact; give only what the test is about. */
export function aTextMessage(overrides: Partial<WhatsAppMessage> = {}): WhatsAppMessage {
  const sender = makeJid('6281299999999', 's.whatsapp.net')
  return {
    id: asMessageId('3EB0C0FFEE0000000001'),
    chat: sender,
    chatAlt: null,
    sender,
    senderAlt: null,
    isFromMe: false,
    sentAt: new Date('2026-01-01T00:00:00Z'),
    pushName: 'Budi',
    text: 'halo',
    media: null,
    contentType: 'conversation',
    repliedTo: null,
    isForwarded: false,
    isViewOnce: false,
    expirationSeconds: 0,
    raw: new Uint8Array([10, 4, 104, 97, 108, 111]),
    ...overrides,
  }
}
