import { type Clock, ManualClock } from '../core/clock.ts'
import { asDeviceId, asMessageId, type MessageId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import type { Tracing } from '../core/tracing.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import type { AccountScope } from '../features/account-scope.ts'
import type { DownloadLog } from '../features/downloads/download-log.ts'
import { SqlOutbox } from '../outbox/outbox-store.ts'
import { messageSecrets } from '../whatsapp/baileys/incoming/message-secrets.ts'
import { parseJid } from '../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../whatsapp/message.ts'
import type { Receipt, WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import { createHistory, type History } from './create-history.ts'

// Builders for tests of the history: one device whose account knows Ana, Ben and a group of theirs.

export const scope: AccountScope = {
  deviceId: asDeviceId('main'),
  account: parseJid('628110000001@s.whatsapp.net'),
}
export const ownLid = parseJid('110000000000001@lid')
export const ana = parseJid('628120000002@s.whatsapp.net')
export const anasLid = parseJid('220000000000002@lid')
export const ben = parseJid('628130000003@s.whatsapp.net')
export const bensLid = parseJid('330000000000003@lid')
export const group = parseJid('120363000000000001@g.us')
export const startedAt = new Date('2026-01-05T10:00:00Z')

/** A moment some seconds after `startedAt`. */
export function at(seconds: number): Date {
  return new Date(startedAt.getTime() + seconds * 1000)
}

/** A message id that tells in a failing test which one it is. */
export function anId(name: string): MessageId {
  return asMessageId(`3EB0${name}`)
}

/** A text from Ana over her phone number. */
export function aMessage(overrides: Partial<WhatsAppMessage> = {}): WhatsAppMessage {
  return {
    id: anId('FROMANA'),
    chat: ana,
    chatAlt: null,
    sender: ana,
    senderAlt: null,
    isFromMe: false,
    sentAt: at(1),
    pushName: 'Ana',
    text: 'Hello',
    media: null,
    contentType: 'conversation',
    repliedTo: null,
    isForwarded: false,
    isViewOnce: false,
    expirationSeconds: 0,
    raw: new Uint8Array([1, 2, 3]),
    ...overrides,
  }
}

/** The fact that a message arrived. */
export function received(overrides: Partial<WhatsAppMessage> = {}): WhatsAppEvent {
  return { type: 'message.received', message: aMessage(overrides), isOffline: false }
}

/** A receipt of Ana's phone. */
export function aReceipt(overrides: Partial<Receipt> = {}): WhatsAppEvent {
  return {
    type: 'receipt.updated',
    receipt: {
      chat: ana,
      messageIds: [anId('MINE')],
      from: ana,
      fromDevice: 0,
      participant: null,
      receiptType: 'delivered',
      at: at(3),
      ...overrides,
    },
  }
}

/** An event as committed, as far as tests look at it. */
export interface CommittedEvent {
  readonly kind: string
  readonly lane: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A history on a real database, with the verbs that tests need. */
export interface HistoryFixture extends History {
  readonly database: OpenDatabase
  readonly clock: ManualClock
  readonly outbox: SqlOutbox
  apply(...events: readonly WhatsAppEvent[]): Promise<void>
  /** Reserves an own message to Ana under `anId('MINE')` or the id given. */
  reserve(id?: MessageId): Promise<void>
  /** Every event committed so far, but for how far own messages have come. */
  events(): Promise<CommittedEvent[]>
  /** How far own messages have come, as it was told. */
  ladder(): Promise<CommittedEvent[]>
  /** The status of an own message; 'none' when it is not there. */
  statusOf(id?: MessageId): Promise<string>
}

/** Opens a history with one linked device; traced by `tracing` and noting media in `downloadsBy` where they are given. */
export async function openHistory(
  database: OpenDatabase,
  tracing: Tracing | null = null,
  downloadsBy: ((clock: Clock) => DownloadLog) | null = null,
): Promise<HistoryFixture> {
  const { db, scanDb, inTransaction } = database
  const clock = new ManualClock(startedAt)
  const device = { id: scope.deviceId, display_name: '', jid: scope.account, lid: ownLid, is_linked: 1 }
  const rest = { last_close_reason: '', event_seq: 0, epoch: 0, created_at: 0, updated_at: 0 }
  await inTransaction((tx) =>
    tx
      .insertInto('devices')
      .values({ ...device, ...rest })
      .execute(),
  )
  const endpoints = { wanting: () => [] }
  const outbox = new SqlOutbox({ endpoints, clock, tracing, onWake: () => undefined })
  const history = createHistory({
    db,
    scanDb,
    inTransaction,
    outbox,
    clock,
    logger: silentLogger,
    secrets: messageSecrets,
    tracing,
    ...(downloadsBy !== null && { downloads: downloadsBy(clock) }),
  })
  const committed = async () => {
    const rows = await db.selectFrom('events').selectAll().orderBy('seq').execute()
    return rows.map((row) => {
      const body = JSON.parse(row.body) as { payload: Record<string, unknown> } // message events all have one
      return { kind: row.kind, lane: row.lane, payload: body.payload }
    })
  }
  return {
    ...history,
    database,
    clock,
    outbox,
    apply: (...events) => history.inbox.apply(scope.deviceId, scope.account, events),
    async reserve(id = anId('MINE')) {
      const facts = { chat: ana, content: 'Hi Ana', contentType: 'extendedTextMessage', repliedTo: null }
      await inTransaction((tx) => history.messageLog.reserve(tx, scope, { id, at: clock.now(), ...facts }))
    },
    events: async () => (await committed()).filter(({ kind }) => kind !== 'message.status'),
    ladder: async () => (await committed()).filter(({ kind }) => kind === 'message.status'),
    async statusOf(id = anId('MINE')) {
      return (await history.messages.get(scope, id))?.status ?? 'none'
    },
  }
}
