import type { MessageId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { callRoutes } from '../features/calls/call-routes.ts'
import { chatRoutes } from '../features/chats/chat-routes.ts'
import { chatSettingRoutes } from '../features/chats/chat-setting-routes.ts'
import { labelRoutes } from '../features/chats/label-routes.ts'
import { deviceRoutes } from '../features/devices/device-routes.ts'
import { TestDevices } from '../features/devices/test-devices.ts'
import { createGroups } from '../features/groups/create-groups.ts'
import { groupMemberRoutes } from '../features/groups/group-member-routes.ts'
import { groupPhotoRoutes } from '../features/groups/group-photo-routes.ts'
import { groupRoutes } from '../features/groups/group-routes.ts'
import { loginRoutes } from '../features/login/login-routes.ts'
import { LoginService } from '../features/login/login-service.ts'
import { passkeyRoutes } from '../features/login/passkey-routes.ts'
import { QrPictures } from '../features/login/qr-pictures.ts'
import { createMessageChanges } from '../features/messages/create-message-changes.ts'
import { messageChangeRoutes } from '../features/messages/message-change-routes.ts'
import { messageRoutes } from '../features/messages/message-routes.ts'
import { messageSearchRoutes } from '../features/messages/message-search-routes.ts'
import type { MediaState } from '../features/messages/stored-message.ts'
import { createSending } from '../features/send/create-sending.ts'
import { forwardRoutes } from '../features/send/forward-routes.ts'
import { presenceRoutes } from '../features/send/presence-routes.ts'
import { sendRoutes } from '../features/send/send-routes.ts'
import { createWebhooks, type Webhooks } from '../features/webhooks/create-webhooks.ts'
import { deliveryRoutes } from '../features/webhooks/delivery-routes.ts'
import { webhookRoutes } from '../features/webhooks/webhook-routes.ts'
import { TempFolder } from '../files/temp-folder.ts'
import { createHistory, type History } from '../inbox/create-history.ts'
import { messageSecrets } from '../whatsapp/baileys/incoming/message-secrets.ts'
import type { HttpApp } from './http-app.ts'
import { aServer } from './test-server.ts'

/** A call's answer as tests look at it. */
export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** All routes on a real database, with WhatsApp in memory and a clock to move. */
export class TestGateway {
  readonly devices: TestDevices
  readonly history: History
  readonly webhooks: Webhooks
  readonly database: OpenDatabase
  readonly #app: Promise<HttpApp>

  constructor(
    database: OpenDatabase,
    options: {
      qrCodeDir?: string
      server?: Parameters<typeof aServer>[0]
      /** WHATSAPP_WEBHOOK. */
      webhookUrls?: readonly string[]
    } = {},
  ) {
    const { db, inTransaction, cipher } = database
    this.database = database
    this.devices = new TestDevices(database, {
      apply: ({ deviceId, account, events }) => this.history.inbox.apply(deviceId, account, events),
      onRemoved: () => this.webhooks.forget(),
    })
    const { clock, sessions, reader, service } = this.devices
    this.webhooks = createWebhooks({
      db,
      inTransaction,
      cipher,
      clock,
      logger: silentLogger,
      settings: {
        urls: options.webhookUrls ?? [],
        secret: 'a secret of the tests',
        insecureSkipVerify: false,
        events: [],
        ignoreJids: [],
        includeOutgoing: true,
        headers: {},
        format: 'plain',
        whenGone: 'retry',
        giveUpAfterMs: 86_400_000,
        longestDelayMs: 600_000,
        timeoutMs: 10_000,
      },
      userAgent: 'Gatewa',
      devices: reader,
      onSlotChange: () => undefined,
      onCommit: () => undefined,
    })
    const { outbox } = this.webhooks
    this.history = createHistory({
      db,
      inTransaction,
      outbox,
      clock,
      logger: silentLogger,
      secrets: messageSecrets,
    })
    const { chats, contacts, messages } = this.history
    const mediaStates = async () => new Map<MessageId, MediaState>()
    const qrCodeDir = options.qrCodeDir ?? '/nowhere'
    const pictures = new QrPictures({ dir: qrCodeDir, clock, logger: silentLogger })
    const sending = createSending({
      ...this.history,
      sessions,
      devices: reader,
      inTransaction,
      clock,
      logger: silentLogger,
      folder: new TempFolder('/nowhere'),
      previews: { fetch: async () => null },
      // In memory a protobuf is whatever was to be sent.
      readForward: () => ({ isViewOnce: false, media: null }),
      accountValidation: true,
    })
    const groups = createGroups({
      sessions,
      identities: this.history.identityReader,
      contacts,
      // Actions on groups are refused before a picture is looked at.
      workshop: { prepareAvatar: () => Promise.reject(new Error('there is no workshop here')) },
    })
    const editing = createMessageChanges({
      ...this.history,
      sessions,
      recipients: sending.recipients,
      inTransaction,
      clock,
    })
    this.#app = aServer({
      devices: reader,
      qrCodeDir,
      ...options.server,
      routes: [
        deviceRoutes({ devices: service, webhooks: this.webhooks.deviceWebhooks }),
        webhookRoutes({ webhooks: this.webhooks.endpoints }),
        deliveryRoutes({ deliveries: this.webhooks.deliveries }),
        loginRoutes({ login: new LoginService({ sessions, devices: reader, pictures, clock }) }),
        passkeyRoutes(),
        sendRoutes(sending),
        presenceRoutes(sending),
        forwardRoutes(sending),
        chatRoutes({ devices: reader, ...this.history }),
        labelRoutes({ devices: reader, ...this.history }),
        groupRoutes({ devices: reader, groups: groups.groups }),
        groupMemberRoutes({ devices: reader, members: groups.members }),
        groupPhotoRoutes({ devices: reader, photos: groups.photos }),
        messageChangeRoutes({ devices: reader, changes: editing.changes }),
        chatSettingRoutes({ devices: reader, settings: editing.settings }),
        callRoutes({ devices: reader, sessions }),
        messageRoutes({ devices: reader, chats, messages, contacts, mediaStates }),
        messageSearchRoutes({ devices: reader, chats, messages, contacts, mediaStates }),
      ],
    })
  }

  /** The server itself. */
  app(): Promise<HttpApp> {
    return this.#app
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    const app = await this.#app
    const response = await app.inject({ url, headers })
    return { status: response.statusCode, body: response.json() }
  }

  post(url: string, payload?: object, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', url, payload, headers)
  }

  async call(
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const app = await this.#app
    const response = await app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: response.statusCode, body: response.json() }
  }
}
