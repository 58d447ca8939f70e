import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/event-envelope.ts'
import type { MessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { DownloadLog } from '../downloads/download-log.ts'
import { toMessageEvent, toUndecryptableEvent } from './message-events.ts'
import type { MessageLog } from './message-log.ts'
import type { MessageStore } from './message-store.ts'
import type { AnnouncedMessage, MessageSubjects } from './message-subjects.ts'
import type { ReceiptLog } from './receipt-log.ts'
import { toPlaceholder, toStoredMessage } from './received-message.ts'
import { undecryptable } from './stored-message.ts'

/** Writes messages that come from WhatsApp, inside transactions it is given. */
export class ReceivedMessageLog {
  readonly #messages: MessageStore
  readonly #sent: Pick<MessageLog, 'applyEvidence'>
  readonly #subjects: MessageSubjects
  readonly #downloads: DownloadLog
  readonly #receipts: Pick<ReceiptLog, 'wasRead'>
  readonly #clock: Clock
  #lastArrivalAt = 0

  constructor(deps: {
    readonly messages: MessageStore
    readonly sent: Pick<MessageLog, 'applyEvidence'>
    readonly subjects: MessageSubjects
    readonly downloads: DownloadLog
    readonly receipts: Pick<ReceiptLog, 'wasRead'>
    readonly clock: Clock
  }) {
    this.#messages = deps.messages
    this.#sent = deps.sent
    this.#subjects = deps.subjects
    this.#downloads = deps.downloads
    this.#receipts = deps.receipts
    this.#clock = deps.clock
  }

  /**
   * A message arrived. One that is new, or that stood there only as undecryptable or from history, is announced once;
   * the echo of a send settles that send and is not announced; a redelivery changes nothing. Resolves
   * to whether it was announced.
   */
  async applyReceived(
    tx: Tx,
    scope: AccountScope,
    {
      message,
      isOffline,
    }: Pick<Extract<WhatsAppEvent, { type: 'message.received' }>, 'message' | 'isOffline'>,
  ): Promise<boolean> {
    if (message.isFromMe && (await this.#isEcho(tx, scope, message.id))) {
      await this.#sent.applyEvidence(tx, scope, [message.id], 'sent')
      return false
    }
    const { author, chat } = await this.#subjects.of(tx, scope, message)
    const placement = {
      chatId: chat.id,
      sender: author.jid,
      isFromHistory: false,
      now: this.#arrivedAt(),
    }
    const row = toStoredMessage(message, placement)
    const isInserted = await this.#messages.insert(tx, scope, row, message.raw)
    if (!isInserted) {
      const known = await this.#messages.find(tx, scope, chat.id, message.id)
      if (known === null || !(known.contentType === undecryptable || known.isFromHistory)) return false
      await this.#messages.replace(tx, scope, { ...row, createdAt: known.createdAt }, message.raw)
    }
    const isUnread = isInserted && (await this.#isUnread(tx, scope, message, isOffline))
    const contact = await this.#subjects.touch(tx, scope, chat, message, isInserted ? 1 : 0, isUnread)
    await this.#announce(tx, scope, { message, chat, author, contact })
    return true
  }

  /** Announces a message; the event of one whose media is fetched by itself waits a little for it. */
  async #announce(tx: Tx, scope: AccountScope, subject: AnnouncedMessage): Promise<void> {
    const { message } = subject
    if (!this.#downloads.wants(message)) {
      await this.#subjects.announce(tx, scope, subject, toMessageEvent)
      return
    }
    // None for status updates, which are announced to nobody.
    const announced: NewEvent[] = []
    await this.#subjects.announce(tx, scope, subject, (facts) => {
      const event = this.#downloads.awaiting(toMessageEvent({ ...facts, isMediaAwaited: true }))
      announced.push(event)
      return event
    })
    for (const event of announced) await this.#downloads.applyWanted(tx, scope, message, event)
  }

  /** A message arrived that could not be decrypted: a row stands for it until the real one comes under the same id. */
  async applyUndecryptable(
    tx: Tx,
    scope: AccountScope,
    event: Extract<WhatsAppEvent, { type: 'message.undecryptable' }>,
  ): Promise<void> {
    if (event.isFromMe && (await this.#isEcho(tx, scope, event.id))) return
    const message = unreadable(event)
    const { author, chat } = await this.#subjects.of(tx, scope, message)
    const placement = {
      chatId: chat.id,
      sender: author.jid,
      isFromHistory: false,
      now: this.#arrivedAt(),
    }
    const isInserted = await this.#messages.insert(tx, scope, toPlaceholder(event, placement), null)
    if (!isInserted) return
    const isUnread = await this.#isUnread(tx, scope, message, true)
    const contact = await this.#subjects.touch(tx, scope, chat, message, 1, isUnread)
    await this.#subjects.announce(tx, scope, { message, chat, author, contact }, toUndecryptableEvent)
  }

  /** A part of the history: stored, never announced. What is there already stays, unless it could not be decrypted. */
  async applyHistory(tx: Tx, scope: AccountScope, messages: readonly WhatsAppMessage[]): Promise<void> {
    for (const message of messages) {
      if (message.isFromMe && (await this.#isEcho(tx, scope, message.id))) {
        await this.#sent.applyEvidence(tx, scope, [message.id], 'sent')
        continue
      }
      const { author, chat } = await this.#subjects.of(tx, scope, message)
      const row = toStoredMessage(message, {
        chatId: chat.id,
        sender: author.jid,
        isFromHistory: true,
        now: this.#clock.now(),
      })
      const isInserted = await this.#messages.insert(tx, scope, row, message.raw)
      if (isInserted) await this.#subjects.touch(tx, scope, chat, message, 1)
      else await this.#fillPlaceholder(tx, scope, row, message.raw)
    }
  }

  /** Of what waited while we were away, the account's other devices may have told before that they read it. */
  async #isUnread(
    tx: Tx,
    scope: AccountScope,
    { id, chat, isFromMe }: WhatsAppMessage,
    mayBeRead: boolean,
  ): Promise<boolean> {
    if (isFromMe || jidKind(chat) === 'broadcast') return false
    return !(mayBeRead && (await this.#receipts.wasRead(tx, scope, id)))
  }

  /** Later than for the message before, so that messages of one second can be shown in the order they came. */
  #arrivedAt(): Date {
    this.#lastArrivalAt = Math.max(this.#clock.now().getTime(), this.#lastArrivalAt + 1)
    return new Date(this.#lastArrivalAt)
  }

  /** The echo may be addressed otherwise than the send was, so it is known by its id alone. */
  async #isEcho(tx: Tx, scope: AccountScope, id: MessageId): Promise<boolean> {
    const known = await this.#messages.findById(tx, scope, [id])
    return known.some((message) => message.isFromApi)
  }

  async #fillPlaceholder(
    tx: Tx,
    scope: AccountScope,
    row: ReturnType<typeof toStoredMessage>,
    raw: Uint8Array,
  ): Promise<void> {
    const known = await this.#messages.find(tx, scope, row.chatId, row.id)
    if (known?.contentType !== undecryptable) return
    await this.#messages.replace(tx, scope, { ...row, createdAt: known.createdAt }, raw)
  }
}

/** What is known of a message that could not be decrypted. */
function unreadable(event: Extract<WhatsAppEvent, { type: 'message.undecryptable' }>): WhatsAppMessage {
  const { chat, sender, id, isFromMe, sentAt, pushName } = event
  const nothing = { text: '', media: null, contentType: undecryptable, repliedTo: null, expirationSeconds: 0 }
  const flags = { isFromMe, isForwarded: false, isViewOnce: false }
  return {
    id,
    chat,
    chatAlt: null,
    sender,
    senderAlt: null,
    sentAt,
    pushName,
    ...flags,
    ...nothing,
    raw: new Uint8Array(),
  }
}
