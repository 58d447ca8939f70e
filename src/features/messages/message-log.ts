import type { Clock } from '../../core/clock.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { NewEvent } from '../../core/event-envelope.ts'
import type { MessageId } from '../../core/ids.ts'
import type { TraceParent, Tracing } from '../../core/tracing.ts'
import type { Tx } from '../../db/database.ts'
import { lockDevice } from '../../db/lock-device.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { MediaInfo, MessageStatus } from '../../whatsapp/message.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import { mediaFileName } from './media-file-name.ts'
import { type EventPerson, toStatusEvent } from './message-events.ts'
import { MessageRawStore } from './message-raw-store.ts'
import type { MessageStore } from './message-store.ts'
import { noReceiptTrace, type ReceiptTrace } from './receipt-trace.ts'
import type { SentChangeLog } from './sent-change-log.ts'
import type { StoredMessage } from './stored-message.ts'

/** A message that is about to be sent through this API. */
export interface OutgoingRecord {
  readonly id: MessageId
  /** Whom it goes to, as the caller addressed it. */
  readonly chat: Jid
  readonly content: string
  readonly contentType: string
  readonly at: Date
  readonly repliedTo: MessageId | null
}

/** What `reserve` found: `isNew` when the id was free and now belongs to this message. */
export interface Reservation {
  readonly isNew: boolean
  readonly message: StoredMessage
}

type Accepted = Extract<WhatsAppEvent, { type: 'message.accepted' }>

/** What is known of a sign of how far messages have come. */
interface Evidence {
  readonly failure?: ErrorCode | null
  readonly at?: Date | null
  readonly trace?: ReceiptTrace
}

const expiryBatch = 200

/** WhatsApp's refusals that have a name of their own. */
const refusals: Readonly<Record<number, ErrorCode>> = {
  463: 'reachout_timelocked',
  479: 'recipient_devices_stale',
  429: 'whatsapp_rate_limited',
}

/** The life of messages sent through this API, written inside transactions it is given. */
export class MessageLog {
  readonly #messages: MessageStore
  readonly #raws = new MessageRawStore()
  readonly #chats: ChatLog
  readonly #sentChanges: Pick<SentChangeLog, 'applyConfirmed' | 'applyRefused'>
  readonly #outbox: Pick<Outbox, 'append'>
  readonly #clock: Clock
  readonly #tracing: Pick<Tracing, 'current'> | null

  constructor(deps: {
    readonly messages: MessageStore
    readonly chats: ChatLog
    readonly sentChanges: Pick<SentChangeLog, 'applyConfirmed' | 'applyRefused'>
    readonly outbox: Pick<Outbox, 'append'>
    readonly clock: Clock
    readonly tracing?: Pick<Tracing, 'current'> | null
  }) {
    this.#messages = deps.messages
    this.#chats = deps.chats
    this.#sentChanges = deps.sentChanges
    this.#outbox = deps.outbox
    this.#clock = deps.clock
    this.#tracing = deps.tracing ?? null
  }

  /** Takes the id for a message that is about to be sent: its row is `pending`. An id that is taken gives its row back. */
  async reserve(tx: Tx, scope: AccountScope, record: OutgoingRecord): Promise<Reservation> {
    await lockDevice(tx, scope.deviceId)
    const known = await this.#own(tx, scope, record.id)
    if (known !== null) return { isNew: false, message: known }
    // In whole seconds, as WhatsApp will tell it, so that it stands among the others of its second in the order they came.
    const at = new Date(Math.floor(record.at.getTime() / 1000) * 1000)
    const chat = await this.#chats.ensure(tx, scope, record.chat, null, at)
    const message = toPendingMessage(scope, chat.id, { ...record, at }, this.#clock.now())
    await this.#messages.insert(tx, scope, message, null)
    await this.#chats.applyMessage(tx, scope, chat, {
      sentAt: at,
      pushName: '',
      expirationSeconds: 0,
      messagesAdded: 1,
    })
    await this.#announce(tx, scope, message, 'pending', null, at)
    return { isNew: true, message }
  }

  /** Keeps the protobuf of a reserved message before it leaves, so that a retry can be answered, and the file it brings along. */
  async storeRaw(
    tx: Tx,
    scope: AccountScope,
    id: MessageId,
    raw: Uint8Array,
    media: MediaInfo | null = null,
  ): Promise<void> {
    await this.#raws.storeRaw(tx, scope, id, raw, this.#tracing?.current ?? null)
    const message = media === null ? null : await this.#own(tx, scope, id)
    if (media === null || message === null) return
    const fileName = mediaFileName(media, message.sentAt)
    await this.#messages.update(tx, scope, message, { media: { ...media, fileName } }, this.#clock.now())
  }

  /** The phone has put a message's media at another place: from now on it is fetched from there. */
  async applyMediaMoved(
    tx: Tx,
    scope: AccountScope,
    message: Pick<StoredMessage, 'chatId' | 'id'>,
    raw: Uint8Array,
  ): Promise<void> {
    await this.#raws.replaceRaw(tx, scope, message, raw)
  }

  /** WhatsApp accepted the message at `at`, and its sender is being told. A status that is further already stays. */
  async applySent(tx: Tx, scope: AccountScope, id: MessageId, at: Date): Promise<void> {
    await lockDevice(tx, scope.deviceId)
    const now = this.#clock.now()
    const raised = await this.#messages.raiseStatus(tx, scope, [id], 'sent', null, now)
    const message = await this.#own(tx, scope, id)
    if (message !== null && raised.length > 0) await this.#announce(tx, scope, message, 'sent', null, at)
    if (message !== null && message.sentAt.getTime() !== at.getTime()) {
      await this.#messages.update(tx, scope, message, { sentAt: at }, now)
    }
  }

  /** The message certainly did not go out, and its sender is being told why. */
  async markFailed(tx: Tx, scope: AccountScope, id: MessageId, code: ErrorCode): Promise<void> {
    await lockDevice(tx, scope.deviceId)
    const now = this.#clock.now()
    const raised = await this.#messages.raiseStatus(tx, scope, [id], 'failed', code, now)
    const message = raised.length > 0 ? await this.#own(tx, scope, id) : null
    if (message !== null) await this.#announce(tx, scope, message, 'failed', code, now)
  }

  /** Its sender was told that the outcome is unknown: the row stays `pending`, and the outcome becomes an event. */
  async markUncertain(tx: Tx, scope: AccountScope, id: MessageId): Promise<void> {
    await lockDevice(tx, scope.deviceId)
    const message = await this.#own(tx, scope, id)
    if (message?.status !== 'pending') return
    await this.#messages.update(tx, scope, message, { failure: 'send_outcome_unknown' }, this.#clock.now())
  }

  /** WhatsApp's ack of a message, whether or not somebody waits for it. A channel's post is given its `serverId` there. */
  async applyAccepted(
    tx: Tx,
    scope: AccountScope,
    event: Pick<Accepted, 'id' | 'at' | 'serverId'>,
  ): Promise<void> {
    const { id, at, serverId } = event
    const changed = await this.applyEvidence(tx, scope, [id], 'sent', event)
    for (const message of changed) {
      await this.#messages.update(tx, scope, message, { sentAt: at }, this.#clock.now())
    }
    const post = serverId === undefined ? null : await this.#own(tx, scope, id)
    if (serverId !== undefined && post !== null && post.serverId === null)
      await this.#messages.update(tx, scope, post, { serverId }, this.#clock.now())
  }

  /** WhatsApp's refusal of a message, whether or not somebody waits for it. */
  async applyRefused(tx: Tx, scope: AccountScope, id: MessageId, whatsappCode: number): Promise<void> {
    const failure = refusals[whatsappCode] ?? 'whatsapp_refused'
    await this.applyEvidence(tx, scope, [id], 'failed', { failure })
  }

  /**
   * Something shows how far own messages have come, at WhatsApp's time `at` where that is known. Those that get further are
   * resolved with, as they were before, and announced when they were sent through this API. An id may be a change's, too.
   */
  async applyEvidence(
    tx: Tx,
    scope: AccountScope,
    ids: readonly MessageId[],
    status: MessageStatus,
    { failure = null, at = null, trace = noReceiptTrace }: Evidence = {},
  ): Promise<StoredMessage[]> {
    const now = this.#clock.now()
    const found = await this.#messages.findById(tx, scope, ids)
    // What changes a channel's post goes under the id of the post.
    const changes = ids.filter(
      (id) => !found.some(({ id: each, wireChat }) => each === id && jidKind(wireChat) !== 'newsletter'),
    )
    // Before anybody's receipt, and at WhatsApp's own time, whether or not somebody waits for the ack.
    if (changes.length > 0) {
      if (failure === null) await this.#sentChanges.applyConfirmed(tx, scope, changes, at)
      else await this.#sentChanges.applyRefused(tx, scope, changes)
    }
    const before = found.filter((message) => message.isFromMe)
    if (before.length === 0) return []
    const raised = new Set(await this.#messages.raiseStatus(tx, scope, ids, status, failure, now))
    const changed = before.filter((message) => raised.has(message.id))
    for (const message of changed) {
      if (message.isFromApi)
        await trace.of(message.id, () => this.#announce(tx, scope, message, status, failure, now))
    }
    return changed
  }

  /**
   * Gives up on messages that have been pending since before `olderThan`: they become `unknown`, with an event each.
   * Resolves to how many; call again while it is not 0.
   */
  async expirePending(tx: Tx, olderThan: Date): Promise<number> {
    const now = this.#clock.now()
    const expired = await this.#messages.pendingSince(tx, olderThan, expiryBatch)
    // In one order everywhere, so that two nodes that do this at once wait for each other at most.
    for (const deviceId of [...new Set(expired.map(({ scope }) => scope.deviceId))].toSorted()) {
      await lockDevice(tx, deviceId)
    }
    for (const { scope, message } of expired) {
      const raised = await this.#messages.raiseStatus(
        tx,
        scope,
        [message.id],
        'unknown',
        'send_outcome_unknown',
        now,
      )
      if (raised.length > 0) {
        await this.#announce(tx, scope, message, 'unknown', 'send_outcome_unknown', now)
      }
    }
    return expired.length
  }

  async #own(tx: Tx, scope: AccountScope, id: MessageId): Promise<StoredMessage | null> {
    const found = await this.#messages.findById(tx, scope, [id])
    return found.find((message) => message.isFromMe) ?? null
  }

  /** The spans that sent these messages, as far as their sends were traced. */
  traces(tx: Tx, scope: AccountScope, ids: readonly MessageId[]): Promise<Map<MessageId, TraceParent>> {
    return this.#raws.traces(tx, scope, ids)
  }

  /** A member of a group (or of a status' audience) got, read or played messages sent through this API. */
  async announceRecipient(
    tx: Tx,
    scope: AccountScope,
    ids: readonly MessageId[],
    {
      recipient,
      status,
      at,
      trace,
    }: {
      readonly recipient: EventPerson
      readonly status: MessageStatus
      readonly at: Date
      readonly trace: ReceiptTrace
    },
  ): Promise<void> {
    for (const message of await this.#messages.findById(tx, scope, ids)) {
      if (!message.isFromApi) continue
      const chat = await this.#chats.byId(tx, scope, message.chatId)
      if (chat === null || jidKind(chat.jid) === 'phone' || jidKind(chat.jid) === 'lid') continue
      const event = toStatusEvent({ scope, chat, id: message.id, status, failure: null, at, recipient })
      await trace.of(message.id, () => this.#outbox.append(tx, scope.deviceId, event))
    }
  }

  async #announce(
    tx: Tx,
    scope: AccountScope,
    message: StoredMessage,
    status: MessageStatus,
    failure: ErrorCode | null,
    at: Date,
  ): Promise<void> {
    const chat = await this.#chats.byId(tx, scope, message.chatId)
    if (chat === null) return
    const event = toStatusEvent({ scope, chat, id: message.id, status, failure, at })
    const isAlone = this.#tracing !== null && this.#tracing.current === null
    const traced = isAlone ? await this.#inTrace(tx, scope, message.id, event) : event
    await this.#outbox.append(tx, scope.deviceId, traced)
  }

  /** Outside of any span an event goes on with the trace of the message's send. */
  async #inTrace(tx: Tx, scope: AccountScope, id: MessageId, event: NewEvent): Promise<NewEvent> {
    const traceparent = (await this.#raws.traces(tx, scope, [id])).get(id)
    return traceparent === undefined ? event : { ...event, traceparent }
  }
}

function toPendingMessage(
  scope: AccountScope,
  chatId: string,
  record: OutgoingRecord,
  now: Date,
): StoredMessage {
  return {
    id: record.id,
    chatId,
    sender: scope.account,
    wireChat: record.chat,
    wireSender: scope.account,
    isFromMe: true,
    isFromApi: true,
    isFromHistory: false,
    status: 'pending',
    failure: null,
    content: record.content,
    contentType: record.contentType,
    mediaKind: null,
    fileName: '',
    url: '',
    fileLength: 0,
    repliedToId: record.repliedTo,
    serverId: null,
    isRevoked: false,
    isStarred: false,
    editedAt: null,
    sentAt: record.at,
    createdAt: now,
    updatedAt: now,
  }
}
