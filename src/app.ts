// The composition root: the only file that knows everybody. It chooses implementations and decides nothing else.
import { join } from 'node:path'
import { takeRestoreNote } from './backup/restore-store.ts'
import { Behaviours } from './behaviours/behaviours.ts'
import type { Config } from './config/config.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { Logger } from './core/logger.ts'
import { TraceScope } from './core/trace-scope.ts'
import { KeyRing } from './db/encryption/key-ring.ts'
import { type OpenDatabase, openDatabase } from './db/open-database.ts'
import { AuditLog } from './features/audit/audit-log.ts'
import { auditRoutes } from './features/audit/audit-routes.ts'
import { AuditStore } from './features/audit/audit-store.ts'
import { callRoutes } from './features/calls/call-routes.ts'
import { chatRoutes } from './features/chats/chat-routes.ts'
import { chatSettingRoutes } from './features/chats/chat-setting-routes.ts'
import { labelRoutes } from './features/chats/label-routes.ts'
import { DeviceLog } from './features/devices/device-log.ts'
import { DeviceReader } from './features/devices/device-reader.ts'
import { deviceRoutes } from './features/devices/device-routes.ts'
import { DeviceService } from './features/devices/device-service.ts'
import { DeviceStore } from './features/devices/device-store.ts'
import { createDownloads, createDownloadWishes } from './features/downloads/create-downloads.ts'
import { downloadRoutes } from './features/downloads/download-routes.ts'
import { EventReader } from './features/events/event-reader.ts'
import { eventRoutes } from './features/events/event-routes.ts'
import { EventStream } from './features/events/event-stream.ts'
import { createGroups } from './features/groups/create-groups.ts'
import { groupMemberRoutes } from './features/groups/group-member-routes.ts'
import { groupPhotoRoutes } from './features/groups/group-photo-routes.ts'
import { groupRoutes } from './features/groups/group-routes.ts'
import { ApiKeyService } from './features/keys/api-key-service.ts'
import { ApiKeyStore } from './features/keys/api-key-store.ts'
import { keyRoutes } from './features/keys/key-routes.ts'
import { loginRoutes } from './features/login/login-routes.ts'
import { LoginService } from './features/login/login-service.ts'
import { passkeyRoutes } from './features/login/passkey-routes.ts'
import { QrPictures } from './features/login/qr-pictures.ts'
import { createMedia } from './features/media/create-media.ts'
import { mediaRoutes } from './features/media/media-routes.ts'
import { createMessageChanges } from './features/messages/create-message-changes.ts'
import { messageChangeRoutes } from './features/messages/message-change-routes.ts'
import { MessageRetention } from './features/messages/message-retention.ts'
import { type MessageRoutesDeps, messageRoutes } from './features/messages/message-routes.ts'
import { messageSearchRoutes } from './features/messages/message-search-routes.ts'
import { newsletterRoutes } from './features/newsletters/newsletter-routes.ts'
import { PeopleData } from './features/privacy/people-data.ts'
import { PersonStore } from './features/privacy/person-store.ts'
import { privacyRoutes } from './features/privacy/privacy-routes.ts'
import { createSending } from './features/send/create-sending.ts'
import { forwardRoutes } from './features/send/forward-routes.ts'
import { presenceRoutes } from './features/send/presence-routes.ts'
import { sendMediaRoutes } from './features/send/send-media-routes.ts'
import { sendRoutes } from './features/send/send-routes.ts'
import { createUsers } from './features/users/create-users.ts'
import { profileRoutes } from './features/users/profile-routes.ts'
import { userRoutes } from './features/users/user-routes.ts'
import { createWebhooks } from './features/webhooks/create-webhooks.ts'
import { deliveryRoutes } from './features/webhooks/delivery-routes.ts'
import { webhookRoutes } from './features/webhooks/webhook-routes.ts'
import { hourlyChores } from './hourly-chores.ts'
import { Housekeeping } from './housekeeping.ts'
import type { HttpApp, HttpRoutes } from './http/http-app.ts'
import { createServer } from './http/server.ts'
import { createHistory } from './inbox/create-history.ts'
import { mcpRoutes } from './mcp/mcp-routes.ts'
import { createMeasuring } from './metrics/create-measuring.ts'
import { OutboxRetention } from './outbox/outbox-retention.ts'
import { Sessions } from './sessions/sessions.ts'
import { createTraces, type Traces } from './tracing/create-traces.ts'
import { WebSocketHub } from './websocket/websocket-hub.ts'
import { websocketRoutes } from './websocket/websocket-routes.ts'
import { BaileysEngine } from './whatsapp/baileys/baileys-engine.ts'
import { messageSecrets } from './whatsapp/baileys/incoming/message-secrets.ts'
import { withoutPerson } from './whatsapp/baileys/incoming/without-person.ts'
import { KeyMaterial } from './whatsapp/baileys/key-material.ts'
import { describeMedia } from './whatsapp/baileys/media/media-facts.ts'
import { readForward } from './whatsapp/baileys/outgoing/forward.ts'
import { StanzaJournalStore } from './whatsapp/baileys/stanza-journal-store.ts'
import { WebVersionStore } from './whatsapp/baileys/web-version-store.ts'

/** What tests and tools put in place of the defaults. */
export interface AppOverrides {
  readonly logger: Logger
  readonly clock?: Clock
  /** What only a sandbox answers; `/app/info` then says that it is one. */
  readonly sandbox?: HttpRoutes
  /** Shared with a logger whose lines name their trace. */
  readonly traceScope?: TraceScope
}

/** A gateway, built and not yet serving. */
export interface App {
  /** The HTTP side; tests may `inject` into it. */
  readonly http: HttpApp
  /** `http://<host>:<port>` once started. */
  readonly address: string
  /** Listens, delivers what is due and connects linked devices. Rejects when the address cannot be had. */
  start(): Promise<void>
  /** Takes nothing new, lets what is under way end, closes connections without logging out. Under 10 s. Idempotent. */
  stop(): Promise<void>
}

/** How long sends in flight may still wait for WhatsApp when the gateway stops. */
const graceMs = 4_000
/** How long answers may take to be read once everything behind them has ended. */
const lastWordsMs = 500

/** Builds the gateway: opens the database (migrating it), and wires everything together. */
export async function createApp(config: Config, overrides: AppOverrides): Promise<App> {
  const { logger, clock = systemClock, sandbox, traceScope: scope = new TraceScope() } = overrides
  const traces = await createTraces(config.tracing, { scope, version: config.version, clock, logger })
  const database = await openDatabase(
    {
      uri: config.database.uri,
      keys: KeyRing.of(config.database.encryptionKeys),
      dataDir: config.dataDir,
      version: config.version,
    },
    logger,
  )
  try {
    return await compose(config, database, traces, { logger, clock, sandbox })
  } catch (error) {
    await database.close()
    throw error
  }
}

async function compose(
  config: Config,
  database: OpenDatabase,
  traces: Traces,
  { logger, clock, sandbox }: { logger: Logger; clock: Clock; sandbox: HttpRoutes | undefined },
): Promise<App> {
  const measuring = createMeasuring()
  const { db, cipher } = database
  const { tracing } = traces
  const inTransaction = traces.transactions(measuring.transactions(database.inTransaction))
  const base = { db, inTransaction, cipher, clock, logger }

  const store = new DeviceStore()
  const devices = new DeviceReader({ db, store })
  const events = new EventReader({ db, clock })
  const stream = new EventStream({ reader: events, clock, logger })
  const hub = new WebSocketHub({ devices, clock, logger, events: stream })
  const webhooks = createWebhooks({
    ...base,
    settings: config.webhooks,
    userAgent: `Gatewa/${config.version}`,
    devices,
    onSlotChange: (deviceId, url) => hub.onWebhookChange(deviceId, url),
    onCommit: () => {
      stream.wake()
      downloads.committed()
    },
    tracing,
    decorate: (sink) => traces.sink(measuring.sink(sink)),
  })
  const { outbox } = webhooks
  const triedForMs = config.webhooks.giveUpAfterMs
  const retention = new OutboxRetention(base, { ...config.retention, triedForMs })
  const messageRetention = new MessageRetention({ ...base, days: config.retention.messageDays })
  const wishes = createDownloadWishes({ clock, isOn: config.whatsapp.autoDownloadMedia })
  const history = createHistory({
    ...base,
    scanDb: database.scanDb,
    outbox,
    downloads: wishes.log,
    secrets: messageSecrets,
    rejectsCalls: config.whatsapp.autoRejectCall,
    tracing,
    aroundFact: traces.aroundFact,
  })
  const keyMaterial = new KeyMaterial({
    ...base,
    learnIdentities: async (tx, deviceId, pairs) =>
      history.learnIdentities(tx, deviceId, await store.find(tx, deviceId), pairs),
  })
  const engine = new BaileysEngine({
    config: config.whatsapp,
    keyMaterial,
    journal: new StanzaJournalStore({ db, inTransaction }),
    sentMessages: history.messages,
    namedChats: history.chats,
    versionMemory: new WebVersionStore(base),
    timesMessages: tracing !== null,
    clock,
    logger,
  })
  const registry = new DeviceLog({ ...base, store, outbox })
  const connections = new Sessions({
    engine: measuring.engine(engine),
    registry,
    inbox: traces.inbox(measuring.inbox(history.inbox)),
    clock,
    logger,
  })
  const sessions = traces.sessions(measuring.sessions(connections))

  const qrCodeDir = join(config.dataDir, 'statics', 'qrcode')
  const pictures = new QrPictures({ dir: qrCodeDir, clock, logger })
  const media = createMedia({
    ...base,
    ...config,
    config: config.media,
    onDeleted: (hashes, at) => inTransaction((tx) => wishes.rows.markRemoved(tx, hashes, at)),
  })
  connections.subscribe((change) => hub.onDeviceChange(change))
  const downloads = createDownloads({
    ...base,
    ...history,
    wishes,
    sessions,
    devices,
    outbox,
    store: media.store,
    folder: media.uploads,
    describe: describeMedia,
    pathOf: (file) => media.links.pathTo(file.ref, file),
    limitBytes: config.media.maxDownloadBytes,
  })

  const sending = createSending({
    ...base,
    ...history,
    sessions,
    devices,
    folder: media.uploads,
    previews: media.previews,
    readForward,
    accountValidation: config.whatsapp.accountValidation,
  })
  const editing = createMessageChanges({
    ...base,
    ...history,
    sessions,
    recipients: sending.recipients,
  })
  const behaviours = new Behaviours({
    settings: config.whatsapp,
    sessions: connections,
    sendText: (scope, to, text) => sending.sends.send(scope, to, { kind: 'text', text, context: {} }),
    markRead: (scope, message) => editing.changes.markKeyRead(scope, message),
    callSettled: (scope, call, isRejected) => history.callOutcomes.settle(scope, call, isRejected),
    clock,
    logger,
  })
  history.inbox.onFresh((scope, facts) => {
    measuring.received(facts)
    behaviours.react(scope, facts)
  })
  connections.subscribe((change) => behaviours.onDeviceChange(change))
  const groups = createGroups({
    sessions,
    identities: history.identityReader,
    contacts: history.contacts,
    workshop: media.workshop,
  })
  const users = createUsers({
    sessions,
    identities: history.identityReader,
    contacts: history.contacts,
    workshop: media.workshop,
    fetcher: media.pictureFetcher,
    clock,
  })
  const people = new PeopleData({
    ...base,
    scanDb: database.scanDb,
    store: new PersonStore(),
    devices,
    keys: keyMaterial,
    media: media.store,
    withoutPerson,
    onEndpointsChanged: () => webhooks.forget(),
  })
  const audit = new AuditLog({
    ...base,
    store: new AuditStore(),
    keepDays: config.retention.auditDays,
  })
  const keys = new ApiKeyService({ ...base, store: new ApiKeyStore(), devices })
  const mediaStates: MessageRoutesDeps['mediaStates'] = (scope, ids) => wishes.rows.statesOf(db, scope, ids)
  const http = await createServer({
    keys,
    audit: (fact) => audit.record(fact),
    clock,
    config: config.http,
    version: config.version,
    deviceName: config.whatsapp.deviceName,
    devices,
    checks: { database: () => database.ping() },
    qrCodeDir,
    uploads: media.uploads,
    limits: config.media,
    onAnswer: measuring.answered,
    tracing,
    logger,
    sandbox,
    routes: [
      // Takes down what the routes behind it declare.
      mcpRoutes({ version: config.version, isOn: config.isMcpOn }),
      deviceRoutes({
        devices: new DeviceService({
          ...base,
          store,
          sessions: connections,
          onRemoved: () => webhooks.forget(),
        }),
        webhooks: webhooks.deviceWebhooks,
      }),
      webhookRoutes({ webhooks: webhooks.endpoints }),
      deliveryRoutes({ deliveries: webhooks.deliveries }),
      loginRoutes({ login: new LoginService({ sessions: connections, devices, pictures, clock }) }),
      passkeyRoutes(),
      keyRoutes({ keys, clock }),
      auditRoutes({ audit }),
      privacyRoutes({ people, retention: config.retention, media: config.media }),
      sendRoutes(sending),
      sendMediaRoutes({ ...sending, workshop: media.workshop, limits: config.media }),
      presenceRoutes(sending),
      forwardRoutes(sending),
      chatRoutes({ devices, ...history }),
      labelRoutes({ devices, ...history }),
      groupRoutes({ devices, groups: groups.groups }),
      userRoutes({ devices, people: users.people }),
      profileRoutes({ devices, profile: users.profile }),
      newsletterRoutes({ devices, sessions }),
      groupMemberRoutes({ devices, members: groups.members }),
      groupPhotoRoutes({ devices, photos: groups.photos }),
      messageRoutes({
        devices,
        chats: history.chats,
        messages: history.messages,
        contacts: history.contacts,
        mediaStates,
      }),
      messageSearchRoutes({ devices, ...history, mediaStates }),
      messageChangeRoutes({ devices, changes: editing.changes }),
      chatSettingRoutes({ devices, settings: editing.settings }),
      callRoutes({ devices, sessions }),
      eventRoutes({ reader: events, stream, clock }),
      mediaRoutes(media),
      downloadRoutes(downloads.routes),
      websocketRoutes({ hub, events, logger }),
      measuring.routes(config.metrics, { ...config, connections, webhooks, media, hub, stream, clock }),
    ],
  })
  const housekeeping = new Housekeeping({
    clock,
    logger,
    chores: [
      ...media.chores,
      ...hourlyChores({
        ...{ inTransaction, outbox, clock, audit, messageRetention, keyMaterial, downloads },
        ...{ messageLog: history.messageLog, sentChanges: history.sentChanges },
      }),
    ],
  })

  const tellOfRestore = async () => {
    const note = await takeRestoreNote(db, inTransaction)
    if (note === null) return
    logger.warn(
      note,
      'this data was restored from a backup; if the gateway it is of still runs, WhatsApp ends its connections or ours (replaced)',
    )
  }

  let address = ''
  let stopping: Promise<void> | null = null
  const stop = async () => {
    // From here on no request is taken; those under way (a send waits for its ack) get some time to end by themselves.
    const closing = http.close()
    await Promise.race([closing, new Promise<void>((resolve) => clock.after(graceMs, resolve))])
    messageRetention.stop()
    await Promise.all([connections.stop(), housekeeping.stop(), retention.stop(), pictures.stop()])
    await downloads.stop()
    await Promise.race([closing, new Promise<void>((resolve) => clock.after(lastWordsMs, resolve))])
    // Whoever does not read the answer to its end must not hold up ours.
    http.server.closeAllConnections()
    await closing
    await behaviours.stop()
    await media.stop()
    await engine.close()
    await webhooks.stop()
    await audit.stop()
    await database.close()
    await traces.stop()
  }
  return {
    http,
    get address() {
      return address
    },
    async start() {
      await tellOfRestore()
      await webhooks.load()
      await pictures.start()
      await media.start()
      await connections.load()
      address = await http.listen({ host: config.http.host, port: config.http.port })
      webhooks.start()
      await connections.start()
      downloads.start()
      retention.start()
      housekeeping.start()
    },
    stop: () => (stopping ??= stop()),
  }
}
