import { type Logger, pino } from 'pino'
import { type ControlServer, startControlServer } from './api/control/control-server.ts'
import { Faults } from './api/faults.ts'
import type { Group } from './api/group.ts'
import type { Newsletter } from './api/newsletter.ts'
import type { Person } from './api/person.ts'
import {
  type GroupOptions,
  type NewsletterOptions,
  type PersonOptions,
  Population,
} from './api/population.ts'
import { MediaHost } from './media/media-host.ts'
import { AppStateServer } from './protocol/app-state/app-state-server.ts'
import { GroupActions } from './protocol/groups/group-actions.ts'
import { type WebVersion, webVersionPage } from './protocol/handshake/web-version.ts'
import { shareAfterLinking } from './protocol/history/first-login.ts'
import { HistoryBook } from './protocol/history/history-book.ts'
import { type Hooks, noHooks } from './protocol/hooks.ts'
import { groupIq } from './protocol/iq/group-iq.ts'
import { IqRegistry } from './protocol/iq/iq-registry.ts'
import { keyIq } from './protocol/iq/key-iq.ts'
import { mdIq } from './protocol/iq/md-iq.ts'
import { mediaConn } from './protocol/iq/media-conn.ts'
import { plainIqs } from './protocol/iq/plain-iqs.ts'
import { profileIqs } from './protocol/iq/profile-iqs.ts'
import { ProfilePictures } from './protocol/iq/profile-picture.ts'
import { usyncIq } from './protocol/iq/usync-iq.ts'
import { NewsletterActions } from './protocol/newsletters/newsletter-actions.ts'
import { NewsletterDirectory } from './protocol/newsletters/newsletter-directory.ts'
import { newsletterIq } from './protocol/newsletters/newsletter-iq.ts'
import { PairingDesk } from './protocol/pairing/pairing-desk.ts'
import { CallBoard } from './protocol/push/calls.ts'
import { PresenceBoard } from './protocol/push/presence.ts'
import { Router } from './protocol/push/router.ts'
import { Session } from './protocol/session.ts'
import { sendGroupMessagesWithoutGaps } from './protocol/signal/gapless-group-messages.ts'
import { silenceLibsignal } from './protocol/signal/quiet-libsignal.ts'
import { steadySessions } from './protocol/signal/steady-sessions.ts'
import { FaultPlan } from './state/fault-plan.ts'
import { World } from './state/world.ts'
import { ChatServer } from './transport/chat-server.ts'
import type { ClientConnection } from './transport/client-connection.ts'
import { ClientGate } from './transport/client-gate.ts'

/** How to start a simulator. */
export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string
  /** Port of the chat server; 0, the default, takes a free one. */
  port?: number
  /** Port of the HTTP control API, 0 for a free one; without it there is none. */
  controlPort?: number
  /** Port of the media host; 0, the default, takes a free one. */
  mediaPort?: number
  /** Where the media host's certificate is written; a new temporary folder by default. */
  directory?: string
  /** Default: nothing is logged. */
  logger?: Logger
  /** How long simulated people wait before a receipt, in milliseconds. Default 0. */
  receiptDelayMs?: number
}

/** A WhatsApp server in this process. */
export interface Simulator {
  /** Where clients connect: `ws://127.0.0.1:PORT/ws/chat`. */
  readonly chatUrl: string
  /** Public root key of the Noise certificates, 32 bytes in hex: what clients must trust. */
  readonly noiseRootKeyHex: string
  /** Page from which the current web version can be read, like WhatsApp Web's `sw.js`. */
  readonly webVersionUrl: string
  /** Where the HTTP control API is served, when it was asked for. */
  readonly controlUrl: string | undefined
  /** The media host: `host` is `localhost:PORT`, `caFile` what clients must trust. */
  readonly media: MediaHost
  /** What the phones' settings (app state) are, and changes to them. */
  readonly appState: AppStateServer
  /** What the phones share with a newly linked device. */
  readonly history: HistoryBook
  readonly pictures: ProfilePictures
  readonly world: World
  readonly faults: Faults
  /** Where rooms add answers to IQs. */
  readonly iqs: IqRegistry
  readonly router: Router
  /** Where rooms add what happens at a login. */
  readonly hooks: Hooks
  readonly desk: PairingDesk
  readonly calls: CallBoard
  /** Everybody, in the order they were added. */
  readonly people: readonly Person[]
  /** All groups, also those that clients have created. */
  readonly groups: readonly Group[]
  /** All newsletters, also those that clients have created. */
  readonly newsletters: readonly Newsletter[]
  /** What newsletters there are, as clients ask for them. */
  readonly newsletterDirectory: NewsletterDirectory
  /** Adds somebody with a phone and, where asked, further simulated devices. */
  addPerson(options?: PersonOptions): Person
  /** Adds a group; nobody is told, it has always been there. */
  addGroup(options: GroupOptions): Group
  /** Adds a newsletter; nobody is told, it has always been there. */
  addNewsletter(options: NewsletterOptions): Newsletter
  /** The person who owns an account. */
  personOf(account: { pn: string }): Person | undefined
  /** Refuses clients older than this version with 405, and serves it as the current one; undefined admits all. */
  requireWebVersion(version: WebVersion | undefined): void
  /** Sockets of clients that are connected now. */
  connections(): ClientConnection[]
  /** How many sockets of clients there have ever been. */
  readonly acceptedConnections: number
  /** Cuts clients' sockets, without any goodbye. */
  dropConnections(filter?: (connection: ClientConnection) => boolean): void
  /** Cuts all sockets and stops listening, as a network that goes away. */
  cutNetwork(): Promise<void>
  /** Listens again, on the same port. */
  restoreNetwork(): Promise<void>
  /** Cuts the network and brings it back at once. */
  restartChatServer(): Promise<void>
  /** Stops everything. */
  close(): Promise<void>
}

/** The version clients are told to be current unless one is required. */
const CURRENT_VERSION: WebVersion = [2, 3000, 1_043_857_760]

/** Starts a simulator; resolves once it listens. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  silenceLibsignal()
  steadySessions()
  sendGroupMessagesWithoutGaps()
  const host = options.host ?? '127.0.0.1'
  const logger = options.logger ?? pino({ level: 'silent' })
  const { mediaPort = 0, directory, receiptDelayMs = 0 } = options
  const media = await MediaHost.start({ host, port: mediaPort, directory, logger })
  const faults = new FaultPlan()
  const world = new World()
  const router = new Router(world, faults, logger)
  const appState = new AppStateServer(router, faults)
  const history = new HistoryBook(media)
  const pictures = new ProfilePictures(world, media)
  const groupActions = new GroupActions(world, router)
  const newsletters = new NewsletterActions(world, router, media)
  const newsletterDirectory = new NewsletterDirectory(world, newsletters)
  const iqs = new IqRegistry(logger)
  iqs.add(...plainIqs(), keyIq(faults), usyncIq, ...profileIqs(), mdIq, groupIq(groupActions))
  iqs.add(mediaConn(media), pictures, pictures.communities(), appState, newsletterDirectory, newsletterIq)
  const services = {
    world,
    media,
    faults,
    router,
    desk: new PairingDesk({ faults, router }, logger),
    iqs,
    presence: new PresenceBoard(world),
    calls: new CallBoard(world, router),
    newsletters,
    appState,
    hooks: noHooks(),
    logger,
    receiptDelayMs,
  }
  const population = new Population(services, groupActions)
  addHooks(services.hooks, population, { world, appState, history, faults })
  services.presence.onChatState((to, seen) => population.personOf(to)?.hears(seen))

  let required: WebVersion | undefined
  const session = new Session({ ...services, requiredVersion: () => required })
  const gate = new ClientGate(session, faults, logger)
  const server = new ChatServer({
    host,
    port: options.port ?? 0,
    versionPage: () => webVersionPage(required ?? CURRENT_VERSION),
    connected: (sockets) => gate.accept(sockets),
    logger,
  })
  await server.listen()

  let control: ControlServer | undefined
  const simulator: Simulator = {
    chatUrl: `ws://${host}:${server.port}/ws/chat`,
    webVersionUrl: `http://${host}:${server.port}/ws-version`,
    noiseRootKeyHex: gate.rootKeyHex,
    get controlUrl() {
      return control?.url
    },
    media,
    appState,
    history,
    pictures,
    world,
    faults: new Faults(faults),
    iqs,
    router,
    hooks: services.hooks,
    desk: services.desk,
    calls: services.calls,
    get people() {
      return population.people
    },
    get groups() {
      return population.groups
    },
    get newsletters() {
      return population.newsletters
    },
    newsletterDirectory,
    addPerson: (person = {}) => population.addPerson(person),
    addGroup: (group) => population.addGroup(group),
    addNewsletter: (newsletter) => population.addNewsletter(newsletter),
    personOf: (account) => population.personOf(account),
    requireWebVersion(version) {
      required = version
    },
    connections: () => gate.connections,
    get acceptedConnections() {
      return gate.accepted
    },
    dropConnections(filter = () => true) {
      for (const connection of gate.connections) if (filter(connection)) connection.terminate()
    },
    cutNetwork: () => server.cut(),
    restoreNetwork: () => server.listen(),
    async restartChatServer() {
      await server.cut()
      await server.listen()
    },
    async close() {
      await control?.close()
      await server.cut()
      await media.close()
      population.close()
    },
  }
  if (options.controlPort !== undefined) {
    control = await startControlServer(simulator, { host, port: options.controlPort })
  }
  return simulator
}

/** What the server does after a login. */
function addHooks(
  hooks: Hooks,
  population: Population,
  rooms: Parameters<typeof shareAfterLinking>[2],
): void {
  hooks.firstLogin.push(async (device) => {
    const person = population.personOf(device.account)
    if (person) await shareAfterLinking(person, device, rooms)
  })
}
