import type { BaileysEventMap, BinaryNode, ConnectionState, WASocket } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Jid } from '../jid.ts'
import type { OutgoingMessage } from '../outgoing-message.ts'
import type { WhatsAppEvent } from '../whatsapp-event.ts'
import type {
  SendOptions,
  Sent,
  SessionChange,
  SessionHealth,
  SessionListener,
  WhatsAppActions,
  WhatsAppSession,
} from '../whatsapp-session.ts'
import { accountOf, meOf } from './account.ts'
import { makeActions } from './actions/session-actions.ts'
import { SocketAccess } from './actions/socket-access.ts'
import { isConnectionError } from './baileys-errors.ts'
import { makeBaileysLogger } from './baileys-logger.ts'
import { connect, type SentMessageSource } from './connect.ts'
import type { DeviceKeys } from './device-keys.ts'
import { closed, toClosed } from './disconnect-reason.ts'
import { EarlyDecryption } from './early-decryption.ts'
import type { EngineConfig } from './engine-config.ts'
import { EventQueue } from './event-queue.ts'
import { ensureMember } from './group-lookup.ts'
import { GroupSubjects, type NamedChats } from './group-subjects.ts'

import { InboundFacts } from './inbound-facts.ts'
import { addsUs, changedGroup } from './incoming/group.ts'
import { wireJid } from './incoming/wire-jid.ts'
import { makeMediaRoom } from './media/media-room.ts'
import { MessageSender } from './message-sender.ts'
import type { Network } from './network.ts'
import { findOnWhatsApp } from './number-lookup.ts'
import { requestPairingCode } from './pairing-code.ts'
import { QrCodes } from './qr-codes.ts'
import { renewSecret } from './renew-secret.ts'
import type { DeviceCaches } from './shared-caches.ts'
import { type SocketFrame, tameSocket } from './socket-frame.ts'
import { StanzaGate } from './stanza-gate.ts'
import type { StanzaJournal } from './stanza-journal.ts'
import { within } from './time-limit.ts'
import { intentionalLogout, unlink, unlinkLimitMs } from './unlink.ts'
import type { WebVersion } from './web-version.ts'

type Closed = Extract<SessionChange, { type: 'closed' }>

export interface BaileysSessionDeps {
  readonly deviceId: DeviceId
  readonly config: EngineConfig
  /** Whole or absent credentials: half-paired ones were reset before. */
  readonly keys: DeviceKeys
  readonly version: WebVersion
  readonly journal: StanzaJournal
  readonly sentMessages: SentMessageSource
  readonly namedChats: NamedChats
  readonly network: Network
  readonly caches: DeviceCaches
  readonly clock: Clock
  readonly logger: Logger
  readonly listener: SessionListener
  /** WhatsApp refused the announced version: true when another one is worth a new connection. Never rejects. */
  readonly renewVersion: () => Promise<boolean>
}

/** Prekeys uploaded when the server runs low; Baileys adds five, which a busy account uses up in no time. */
const prekeysPerUpload = 100

/** How long the end of a connection waits for facts on their way to the database. */
const lastCommitLimitMs = 1_500

/** How long WhatsApp may take to begin linking before a pairing code can be asked for. */
const linkingLimitMs = 20_000

/** One connection of one device through Baileys. One-shot, as Baileys' sockets are. */
export class BaileysSession implements WhatsAppSession {
  readonly calls: WhatsAppActions['calls']
  readonly chats: WhatsAppActions['chats']
  readonly groups: WhatsAppActions['groups']
  readonly groupMembers: WhatsAppActions['groupMembers']
  readonly media: WhatsAppActions['media']
  readonly messages: WhatsAppActions['messages']
  readonly newsletters: WhatsAppActions['newsletters']
  readonly presence: WhatsAppActions['presence']
  readonly profile: WhatsAppActions['profile']
  readonly statuses: WhatsAppActions['statuses']
  readonly #access: SocketAccess
  readonly #deps: BaileysSessionDeps
  readonly #socket: WASocket
  readonly #frame: SocketFrame
  readonly #gate: StanzaGate
  readonly #queue: EventQueue
  readonly #facts: InboundFacts
  readonly #sender: MessageSender
  readonly #subjects: GroupSubjects
  readonly #codes: QrCodes
  readonly #wasLinked: boolean
  /** Resolves with the last report. */
  readonly #ended: Promise<Closed>
  #reportEnd: (change: Closed) => void = () => undefined
  #isOpen = false
  #isEnding = false
  #isClosed = false
  #isClosingByUs = false
  #recycleCause: Closed | null = null
  #saving: Promise<void> = Promise.resolve()
  #pushName: string
  #onFirstCode: (() => void)[] = []
  #lastFrameAt: Date | null = null
  #lastAckAt: Date | null = null

  /** Begins the connection. Throws when Baileys cannot even start (an unusable address, unusable credentials). */
  constructor(deps: BaileysSessionDeps) {
    this.#deps = deps
    const { keys, clock, logger, listener, deviceId } = deps
    const account = accountOf(keys.creds)
    this.#wasLinked = account !== null
    this.#pushName = account?.pushName ?? ''
    this.#codes = new QrCodes(deps.config.qrLifetimeMs)
    this.#ended = new Promise((resolve) => {
      this.#reportEnd = resolve
    })
    this.#queue = new EventQueue({
      commit: (events) => listener.onEvents(events),
      onFailure: (error) => this.#recycle(error),
    })
    this.#facts = new InboundFacts({ queue: this.#queue, creds: keys.creds, clock, logger })
    const earlyDecryption = new EarlyDecryption()
    this.#socket = connect({
      ...deps,
      earlyDecryption,
      logger: makeBaileysLogger(logger, (error) => this.#noteError(error)),
      onMappings: (pairs) => this.#facts.takeMappings(pairs),
    })
    this.#frame = tameSocket(this.#socket, {
      clock,
      onEnding: () => this.#beginEnd(),
      hold: { durable: () => keys.durable(), onFailure: (error) => this.#recycle(error) },
    })
    const isOpen = () => this.#isOpen && this.#isAlive()
    this.#access = new SocketAccess({
      socket: this.#socket,
      isOpen,
      whileConnected: (work) => this.#whileConnected(work),
      clock,
    })
    const media = makeMediaRoom({
      access: this.#access,
      dispatcher: deps.network.dispatcher,
      clock,
      logger,
    })
    this.#sender = new MessageSender({
      socket: this.#socket,
      caches: deps.caches,
      uploads: media.uploader,
      isOpen,
      clock,
    })
    const tell = (events: readonly WhatsAppEvent[]) => this.#queue.push(events)
    const actions = makeActions({
      access: this.#access,
      media: media.actions,
      caches: deps.caches,
      tell,
      clock,
    })
    this.#subjects = new GroupSubjects({
      isNamed: async (group) => {
        const account = meOf(keys.creds)?.jid
        return account !== undefined && deps.namedChats.isNamed({ deviceId, account }, group)
      },
      fetch: (group) =>
        deps.caches.groups.get(group, () => this.#access.ask((it) => it.groupMetadata(group))),
      tell,
      committed: () => this.#queue.committed(),
      isAlive: () => this.#isAlive(),
      clock,
      logger,
    })
    this.calls = actions.calls
    this.chats = actions.chats
    this.groups = actions.groups
    this.groupMembers = actions.groupMembers
    this.media = actions.media
    this.messages = actions.messages
    this.newsletters = actions.newsletters
    this.presence = actions.presence
    this.profile = actions.profile
    this.statuses = actions.statuses
    this.#gate = new StanzaGate({
      deviceId,
      emitter: this.#frame.emitter,
      journal: deps.journal,
      holds: this.#wasLinked,
      isAlive: () => this.#isAlive(),
      onFrame: () => {
        this.#lastFrameAt = clock.now()
      },
      onArrival: (node) => earlyDecryption.begin(node),
      onDispatch: (node) => this.#beforeHandling(node),
      onHandled: (node) => this.#afterHandling(node),
      committed: async () => {
        await Promise.all([this.#queue.committed(), keys.durable()])
      },
      storageFailure: () => keys.storageFailure,
      onFailure: (error) => this.#recycle(error),
      clock,
      logger,
    })
    this.#listen()
  }

  // === Connection

  async requestPairingCode(phone: string): Promise<string> {
    await this.#firstCode()
    return this.#whileConnected(
      requestPairingCode(phone, this.#deps.keys.creds, (node, timeoutMs) =>
        this.#socket.query(node, timeoutMs),
      ),
    )
  }

  async logout(): Promise<void> {
    if (!this.#isAlive()) throw notConnected()
    const late = new AppError('whatsapp_timeout')
    await Promise.race([
      // WhatsApp may also close the connection instead of answering.
      this.#ended,
      within(this.#deps.clock, unlinkLimitMs, unlink(this.#socket), late).catch((error: unknown) => {
        this.#deps.logger.warn({ reason: toError(error).message }, 'WhatsApp did not confirm the logout')
      }),
    ])
    await this.#socket.end(intentionalLogout())
    await this.#ended
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosingByUs = true
    this.#beginEnd()
    await this.#socket.end(undefined)
    await this.#ended
  }

  health(): SessionHealth {
    return {
      lastFrameAt: this.#lastFrameAt,
      lastAckAt: this.#lastAckAt,
      decryptFailures: this.#facts.undecryptable,
      unsettledStanzas: this.#gate.unsettledCount,
    }
  }

  // === MessageSender

  sendMessage(to: Jid, content: OutgoingMessage, options: SendOptions): Promise<Sent> {
    return this.#sender.send(to, content, options)
  }

  ensureMember(group: Jid): Promise<void> {
    return this.#access.ask((socket) => ensureMember(socket, this.#deps.caches.groups, group))
  }

  findOnWhatsApp(phone: Jid): Promise<Jid | null> {
    return this.#access.ask((socket) => findOnWhatsApp(socket, phone))
  }

  // === What Baileys tells

  #listen(): void {
    this.#gate.install()
    const { emitter } = this.#frame
    emitter.on('CB:ack,class:message', (node: BinaryNode) => {
      this.#lastAckAt = this.#deps.clock.now()
      this.#facts.takeAck(node, this.#sender.acknowledge(node))
    })
    emitter.on('CB:notification,type:companion_reg_refresh', () => this.#refreshSecret())
    this.#socket.ev.process((batch) => {
      try {
        this.#onBatch(batch)
      } catch (error) {
        this.#recycle(toError(error))
      }
    })
  }

  #onBatch(batch: Partial<BaileysEventMap>): void {
    for (const group of batch['groups.update'] ?? [])
      if (group.id) this.#deps.caches.groups.invalidate(group.id)
    const participants = batch['group-participants.update']
    if (participants) this.#deps.caches.groups.invalidate(participants.id)
    this.#facts.takeBatch(batch)
    for (const { key } of batch['messages.upsert']?.messages ?? []) {
      const chat = wireJid(key.remoteJid)
      if (chat?.endsWith('@g.us')) this.#subjects.onMessage(chat)
    }
    const update = batch['connection.update']
    if (update?.isNewLogin) {
      this.#onPaired()
      return
    }
    if (batch['creds.update']) this.#onCreds()
    if (update) this.#onConnection(update)
  }

  #onConnection(update: Partial<ConnectionState>): void {
    if (update.qr) {
      this.#report({ type: 'qr', ...this.#codes.next(update.qr, this.#deps.keys.creds.advSecretKey) })
      for (const resolve of this.#onFirstCode.splice(0)) resolve()
    }
    if (update.connection === 'open') this.#onOpen()
    if (update.connection === 'close') void this.#end(update.lastDisconnect?.error)
  }

  #onOpen(): void {
    const account = accountOf(this.#deps.keys.creds)
    if (account === null) {
      this.#recycle(new Error('logged in without an account'))
      return
    }
    this.#isOpen = true
    this.#facts.takeOwnIdentity()
    this.#report({ type: 'open', account })
    this.#gate.start().catch((error: unknown) => this.#recycle(toError(error)))
  }

  /** The signature that completes the link leaves only when the credentials it stands for are durable. */
  #onPaired(): void {
    const { keys, journal, deviceId } = this.#deps
    const durable = this.#frame.outbound.during(async () => {
      await Promise.all([keys.saveCreds(), journal.clear(deviceId)])
    })
    this.#saving = durable.then(
      () => {
        const account = accountOf(keys.creds)
        if (account !== null) this.#report({ type: 'paired', account })
      },
      (error: unknown) => this.#recycle(toError(error)),
    )
  }

  #onCreds(): void {
    const { keys } = this.#deps
    this.#saving = Promise.all([
      this.#saving,
      keys.saveCreds().catch((error: unknown) => this.#recycle(toError(error))),
    ]).then(() => undefined)
    const account = accountOf(keys.creds)
    if (account === null) return this.#showNewSecret()
    if (account.pushName === this.#pushName) return
    this.#pushName = account.pushName
    this.#report({ type: 'renamed', account })
  }

  #refreshSecret(): void {
    renewSecret(this.#deps.keys.creds)
    this.#onCreds()
  }

  /** A code with the secret before could no longer be verified. */
  #showNewSecret(): void {
    const code = this.#codes.refreshed(this.#deps.keys.creds.advSecretKey)
    if (code !== null) this.#report({ type: 'qr', ...code })
  }

  #beforeHandling(node: BinaryNode): void {
    if (node.tag === 'receipt') this.#facts.takeReceipt(node)
    const group = changedGroup(node)
    if (group === null) return
    this.#deps.caches.groups.invalidate(group)
    this.#facts.takeGroupNotice(node)
    const me = meOf(this.#deps.keys.creds)
    if (me !== null && addsUs(node, me)) this.#subjects.onJoined(group)
  }

  #afterHandling(node: BinaryNode): void {
    const firstChild = Array.isArray(node.content) ? node.content[0]?.tag : undefined
    if (node.tag !== 'notification' || node.attrs.type !== 'encrypt' || firstChild !== 'count') return
    this.#socket.uploadPreKeys(prekeysPerUpload).catch((error: unknown) => {
      this.#deps.logger.warn({ reason: toError(error).message }, 'prekeys could not be uploaded')
    })
  }

  /** Some handlers only log that their answer could not be sent, and then drop what they were about to tell. */
  #noteError(error: unknown): void {
    const run = this.#gate.currentRun
    if (run !== undefined && isConnectionError(error)) run.lostConnection = true
  }

  // === The end

  #isAlive(): boolean {
    return !this.#isEnding && this.#frame.isOpen()
  }

  /** From here on nothing is handled or settled, and every send under way ends. */
  #beginEnd(): void {
    this.#isEnding = true
    this.#sender.close()
  }

  /** Something could not be committed: this connection is given up, so that the next one brings it again. */
  #recycle(error: Error): void {
    if (this.#recycleCause !== null || this.#isClosed) return
    this.#deps.logger.warn({ reason: error.message }, 'connection is given up and renewed')
    this.#recycleCause = closed('connection-lost', null, error.message)
    this.#beginEnd()
    this.#socket.end(undefined).catch((failure: unknown) => {
      this.#deps.logger.warn({ reason: toError(failure).message }, 'connection did not close cleanly')
    })
  }

  async #end(error: unknown): Promise<void> {
    this.#beginEnd()
    // The next connection starts from what this one leaves: its last writes come first.
    await this.#saving
    const late = new AppError('internal_error', { message: 'the last commit takes too long' })
    await within(this.#deps.clock, lastCommitLimitMs, this.#queue.committed(), late).catch(
      (failure: unknown) => {
        // They are not settled either, so the next connection tells them again.
        this.#deps.logger.warn({ reason: toError(failure).message }, 'the last facts were not committed')
      },
    )
    await this.#gate.flush()
    const change = await this.#lastWord(error)
    this.#frame.emitter.removeAllListeners()
    this.#report(change)
    this.#reportEnd(change)
  }

  async #lastWord(error: unknown): Promise<Closed> {
    if (this.#isClosingByUs) return closed('closed-by-us', null, 'closed by us')
    if (this.#recycleCause !== null) return this.#recycleCause
    const change = toClosed(error)
    if (change.statusCode !== 405) return change
    if (await this.#deps.renewVersion()) {
      return { ...change, reason: 'restart-required', detail: 'the WhatsApp Web version was renewed' }
    }
    return { ...change, detail: `engine_outdated: ${change.detail}` }
  }

  #report(change: SessionChange): void {
    if (this.#isClosed) return
    this.#isClosed = change.type === 'closed'
    this.#deps.listener.onChange(change)
  }

  // === Waiting

  async #firstCode(): Promise<void> {
    if (this.#codes.hasStarted) return
    const first = new Promise<void>((resolve) => this.#onFirstCode.push(resolve))
    const late = new AppError('pairing_code_failed', {
      details: { reason: 'WhatsApp did not begin to link' },
    })
    await this.#whileConnected(within(this.#deps.clock, linkingLimitMs, first, late))
  }

  /** Baileys' queries do not end when the connection does; this one does. */
  async #whileConnected<T>(work: Promise<T>): Promise<T> {
    const lost = this.#ended.then(() => {
      throw notConnected()
    })
    return Promise.race([work, lost])
  }
}

function notConnected(): AppError {
  return new AppError('device_not_connected')
}
