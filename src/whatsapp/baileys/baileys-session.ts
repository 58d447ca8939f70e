import type { BaileysEventMap, BinaryNode, ConnectionState, WASocket } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Jid } from '../jid.ts'
import type { Outgoing } from '../outgoing-change.ts'
import type { WhatsAppEvent } from '../whatsapp-event.ts'
import type {
  SendOptions,
  Sent,
  SessionHealth,
  SessionListener,
  WhatsAppActions,
  WhatsAppSession,
} from '../whatsapp-session.ts'
import { accountOf, meOf } from './account.ts'
import { makeActions } from './actions/session-actions.ts'
import { SocketAccess } from './actions/socket-access.ts'
import { AppStateSync, markSynced } from './app-state-sync.ts'
import { isConnectionError } from './baileys-errors.ts'
import { makeBaileysLogger } from './baileys-logger.ts'
import { connect, type SentMessageSource } from './connect.ts'
import { ConnectionLife } from './connection-life.ts'
import type { DeviceKeys } from './device-keys.ts'
import { EarlyDecryption } from './early-decryption.ts'
import type { EngineConfig } from './engine-config.ts'
import { EventQueue } from './event-queue.ts'
import { ensureMayWrite, ensureMember } from './group-lookup.ts'
import { GroupSubjects, type NamedChats } from './group-subjects.ts'
import { HistoryParts, historyDownload } from './history-parts.ts'
import { InboundFacts } from './inbound-facts.ts'
import { addsUs, changedGroup } from './incoming/group.ts'
import { tellSyncAction } from './incoming/sync-action.ts'
import { wireJid } from './incoming/wire-jid.ts'
import { Linking } from './linking.ts'
import { makeMediaRoom } from './media/media-room.ts'
import { knownPairs, MemberLearning } from './member-learning.ts'
import { addMemberNumbers } from './member-numbers.ts'
import { MessageJourneys } from './message-journeys.ts'
import { MessageSender } from './message-sender.ts'
import type { Network } from './network.ts'
import { findOnWhatsApp } from './number-lookup.ts'
import { OwnGroupKeys } from './own-group-keys.ts'
import { PeopleWatch } from './people-watch.ts'
import { Pulse } from './pulse.ts'
import type { DeviceCaches } from './shared-caches.ts'
import { type SocketFrame, tameSocket } from './socket-frame.ts'
import { StanzaGate } from './stanza-gate.ts'
import type { StanzaJournal } from './stanza-journal.ts'
import { within } from './time-limit.ts'
import { intentionalLogout, unlink, unlinkLimitMs } from './unlink.ts'
import type { WebVersion } from './web-version.ts'

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
  /** Whether facts tell when their messages came. */
  readonly timesMessages: boolean
  /** WhatsApp refused the announced version: true when another one is worth a new connection. Never rejects. */
  readonly renewVersion: () => Promise<boolean>
}

/** Prekeys uploaded when the server runs low; Baileys adds five, which a busy account uses up in no time. */
const prekeysPerUpload = 100

/** How long the end of a connection waits for facts on their way to the database. */
const lastCommitLimitMs = 1_500

/** How long WhatsApp may take to answer a probe. */
const probeLimitMs = 20_000

/** One connection of one device through Baileys. One-shot, as Baileys' sockets are. */
export class BaileysSession implements WhatsAppSession {
  readonly calls: WhatsAppActions['calls']
  readonly chats: WhatsAppActions['chats']
  readonly groups: WhatsAppActions['groups']
  readonly groupMembers: WhatsAppActions['groupMembers']
  readonly media: WhatsAppActions['media']
  readonly messages: WhatsAppActions['messages']
  readonly newsletters: WhatsAppActions['newsletters']
  readonly people: WhatsAppActions['people']
  readonly presence: WhatsAppActions['presence']
  readonly profile: WhatsAppActions['profile']
  readonly statuses: WhatsAppActions['statuses']
  readonly #access: SocketAccess
  readonly #deps: BaileysSessionDeps
  readonly #socket: WASocket
  readonly #frame: SocketFrame
  readonly #life: ConnectionLife
  readonly #gate: StanzaGate
  readonly #queue: EventQueue
  readonly #facts: InboundFacts
  readonly #learning: MemberLearning
  readonly #sender: MessageSender
  readonly #subjects: GroupSubjects
  readonly #appState: AppStateSync
  readonly #history: HistoryParts
  readonly #linking: Linking
  readonly #people: PeopleWatch
  readonly #pulse: Pulse
  readonly #wasLinked: boolean
  #isOpen = false

  /** Begins the connection. Throws when Baileys cannot even start (an unusable address, unusable credentials). */
  constructor(deps: BaileysSessionDeps) {
    this.#deps = deps
    const { keys, clock, logger, listener, deviceId } = deps
    this.#wasLinked = accountOf(keys.creds) !== null
    this.#pulse = new Pulse(clock)
    const giveUp = (error: Error) => this.#life.giveUp(error)
    this.#queue = new EventQueue({
      commit: (events) => listener.onEvents(events),
      onFailure: giveUp,
    })
    const journeys = deps.timesMessages ? new MessageJourneys() : null
    this.#facts = new InboundFacts({ queue: this.#queue, creds: keys.creds, journeys, clock, logger })
    this.#learning = new MemberLearning({ commit: (events) => listener.onEvents(events), logger })
    const earlyDecryption = new EarlyDecryption(journeys)
    markSynced(keys.creds)
    this.#socket = connect({
      ...deps,
      earlyDecryption,
      logger: makeBaileysLogger(logger, {
        onError: (error) => this.#noteError(error),
        onSyncAction: (fields) => tellSyncAction(this.#socket.ev, fields),
      }),
      onMappings: (pairs) => this.#facts.takeMappings(pairs),
      onMembers: (pairs) => this.#learning.learn(pairs),
    })
    this.#frame = tameSocket(this.#socket, {
      clock,
      onEnding: () => this.#life.beginEnd(),
      hold: { durable: () => keys.durable(), onFailure: giveUp },
    })
    this.#life = new ConnectionLife({
      ...deps,
      isWritable: () => this.#frame.isOpen(),
      onEnding: () => this.#sender.close(),
      close: () => this.#socket.end(undefined),
    })
    this.#linking = new Linking({
      ...deps,
      socket: this.#socket,
      outbound: this.#frame.outbound,
      qrLifetimeMs: deps.config.qrLifetimeMs,
      report: (change) => this.#life.report(change),
      onFailure: giveUp,
      whileConnected: (work, limit) => this.#life.whileConnected(work, limit),
    })
    const isOpen = () => this.#isOpen && this.#life.isAlive
    this.#access = new SocketAccess({
      socket: this.#socket,
      isOpen,
      whileConnected: (work) => this.#life.whileConnected(work),
      clock,
    })
    const isAlive = () => this.#life.isAlive
    this.#appState = new AppStateSync({ ...deps, socket: this.#socket, isAlive })
    const download = historyDownload(deps.network)
    this.#history = new HistoryParts({ ...deps, socket: this.#socket, isAlive, download })
    this.#people = new PeopleWatch({
      caches: deps.caches,
      lidMapping: this.#socket.signalRepository.lidMapping,
      logger,
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
      ownGroupKeys: new OwnGroupKeys({
        socket: this.#socket,
        keys,
        groupOf: (group) => deps.caches.groups.get(group, () => this.#socket.groupMetadata(group)),
      }),
      isOpen,
      clock,
    })
    const tell = (events: readonly WhatsAppEvent[]) => this.#queue.push(events)
    const committed = () => this.#queue.committed()
    const actions = makeActions({
      access: this.#access,
      media: media.actions,
      caches: deps.caches,
      tell,
      learn: (people) => this.#learning.learn(knownPairs(people)),
      committed,
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
      committed,
      isAlive,
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
    this.people = actions.people
    this.presence = actions.presence
    this.profile = actions.profile
    this.statuses = actions.statuses
    this.#gate = new StanzaGate({
      deviceId,
      emitter: this.#frame.emitter,
      journal: deps.journal,
      holds: this.#wasLinked,
      isAlive,
      onFrame: () => this.#pulse.frame(),
      onArrival: (node) => earlyDecryption.begin(node),
      onDispatch: (node) => {
        earlyDecryption.handling(node)
        return this.#beforeHandling(node)
      },
      onHandled: (node) => this.#afterHandling(node),
      committed: async (node) => {
        await Promise.all([this.#history.announcedBy(node), this.#appState.announcedBy(node)])
        await Promise.all([this.#queue.committed(), keys.durable()])
      },
      storageFailure: () => keys.storageFailure,
      onFailure: giveUp,
      clock,
      logger,
    })
    this.#listen()
  }

  // === Connection

  requestPairingCode(phone: string): Promise<string> {
    return this.#linking.requestPairingCode(phone)
  }

  async logout(): Promise<void> {
    if (!this.#life.isAlive) throw new AppError('device_not_connected')
    const late = new AppError('whatsapp_timeout')
    await Promise.race([
      // WhatsApp may also close the connection instead of answering.
      this.#life.ended(),
      within(this.#deps.clock, unlinkLimitMs, unlink(this.#socket), late).catch((error: unknown) => {
        this.#deps.logger.warn({ reason: toError(error).message }, 'WhatsApp did not confirm the logout')
      }),
    ])
    await this.#socket.end(intentionalLogout())
    await this.#life.ended()
  }

  async close(): Promise<void> {
    await this.#life.close()
  }

  health(): SessionHealth {
    return {
      ...this.#pulse.times,
      decryptFailures: this.#facts.undecryptable,
      unsettledStanzas: this.#gate.unsettledCount,
    }
  }

  async probe(): Promise<void> {
    await this.#access.ask((socket) => socket.fetchPrivacySettings(true), probeLimitMs)
    this.#pulse.stanza()
  }

  // === MessageSender

  sendMessage(to: Jid, content: Outgoing, options: SendOptions): Promise<Sent> {
    return this.#sender.send(to, content, options)
  }

  ensureMember(group: Jid): Promise<void> {
    return this.#access.ask((socket) => ensureMember(socket, this.#deps.caches.groups, group))
  }

  ensureMayWrite(group: Jid): Promise<void> {
    return this.#access.ask((socket) => ensureMayWrite(socket, this.#deps.caches.groups, group))
  }

  findOnWhatsApp(phone: Jid): Promise<Jid | null> {
    return this.#access.ask((socket) => findOnWhatsApp(socket, phone))
  }

  // === What Baileys tells

  #listen(): void {
    this.#gate.install()
    const { emitter } = this.#frame
    emitter.on('CB:ack,class:message', (node: BinaryNode) => {
      this.#pulse.ack()
      this.#facts.takeAck(node, this.#sender.acknowledge(node))
    })
    emitter.on('CB:success', () => this.#pulse.stanza())
    emitter.on('CB:chatstate', (node: BinaryNode) => this.#facts.takeChatState(node))
    emitter.on('CB:notification,type:companion_reg_refresh', () => this.#linking.refreshSecret())
    this.#socket.ev.process((batch) => {
      try {
        this.#onBatch(batch)
      } catch (error) {
        this.#life.giveUp(toError(error))
      }
    })
  }

  #onBatch(batch: Partial<BaileysEventMap>): void {
    this.#people.takeBatch(batch)
    this.#facts.takeBatch(batch)
    this.#history.takeBatch(batch)
    for (const { key } of batch['messages.upsert']?.messages ?? []) {
      const chat = wireJid(key.remoteJid)
      if (chat?.endsWith('@g.us')) this.#subjects.onMessage(chat)
    }
    const update = batch['connection.update']
    if (update?.isNewLogin) {
      this.#linking.takePaired()
      return
    }
    if (batch['creds.update']) this.#linking.takeCreds()
    if (batch['creds.update']?.myAppStateKeyId) void this.#appState.begin()
    if (update) this.#onConnection(update)
  }

  #onConnection(update: Partial<ConnectionState>): void {
    if (update.qr) this.#linking.takeCode(update.qr)
    if (update.connection === 'open') this.#onOpen()
    if (update.connection === 'close') void this.#end(update.lastDisconnect?.error)
  }

  #onOpen(): void {
    const account = accountOf(this.#deps.keys.creds)
    if (account === null) {
      this.#life.giveUp(new Error('logged in without an account'))
      return
    }
    this.#isOpen = true
    // Members and devices may have gone while nobody told us.
    this.#deps.caches.forgetPeople()
    this.#facts.takeOwnIdentity()
    this.#life.report({ type: 'open', account })
    void this.#appState.begin()
    this.#gate.start().catch((error: unknown) => this.#life.giveUp(toError(error)))
  }

  #beforeHandling(node: BinaryNode): Promise<void> | undefined {
    this.#pulse.stanza()
    addMemberNumbers(node, this.#deps.caches.groups)
    this.#facts.takeStanza(node)
    const group = changedGroup(node)
    if (group !== null) {
      this.#facts.takeGroupNotice(node)
      const me = meOf(this.#deps.keys.creds)
      if (me !== null && addsUs(node, me)) this.#subjects.onJoined(group)
    }
    return this.#people.takeStanza(node) ?? this.#appState.takeStanza(node)
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

  async #end(error: unknown): Promise<void> {
    this.#life.beginEnd()
    // The next connection starts from what this one leaves: its last writes come first.
    await this.#linking.saved()
    const late = new AppError('internal_error', { message: 'the last commit takes too long' })
    const committed = Promise.all([this.#queue.committed(), this.#learning.close()])
    await within(this.#deps.clock, lastCommitLimitMs, committed, late).catch((failure: unknown) => {
      // They are not settled either, so the next connection tells them again.
      this.#deps.logger.warn({ reason: toError(failure).message }, 'the last facts were not committed')
    })
    await this.#gate.flush()
    this.#frame.emitter.removeAllListeners()
    await this.#life.finish(error)
  }
}
