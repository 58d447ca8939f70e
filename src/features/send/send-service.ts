import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { type ErrorCode, errorCodes } from '../../core/error-codes.ts'
import { type MessageId, newMessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { MessageStatus } from '../../whatsapp/message.ts'
import type { OutgoingMessage, QuotedMessage } from '../../whatsapp/outgoing-message.ts'
import type { MessageSender, Sent, SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { RecipientResolver } from './recipient.ts'

/** A message of ours before it leaves. */
export interface Reservation {
  readonly id: MessageId
  readonly chat: Jid
  /** Text as chats show it. */
  readonly content: string
  /** The protobuf's word for it. */
  readonly contentType: string
  readonly at: Date
  readonly repliedTo: MessageId | null
}

/** What sending writes; the message log is one. Each call is made inside a transaction. */
export interface SendLog {
  reserve(tx: Tx, scope: AccountScope, reservation: Reservation): Promise<unknown>
  storeRaw(tx: Tx, scope: AccountScope, id: MessageId, raw: Uint8Array): Promise<unknown>
  applySent(tx: Tx, scope: AccountScope, id: MessageId, at: Date): Promise<unknown>
  markFailed(tx: Tx, scope: AccountScope, id: MessageId, code: ErrorCode): Promise<unknown>
}

/** How far an own message has come, as recorded. */
export interface RecordedSend {
  readonly status: MessageStatus
  readonly sentAt: Date
  /** Code of the error that ended it, null unless `failed`. */
  readonly failure: string | null
}

/** What sending reads; answered from the device's own history. */
export interface SendHistory {
  /** The message as a reply quotes it, null when it is unknown or has no content kept. */
  quoted(scope: AccountScope, id: MessageId): Promise<QuotedMessage | null>
  /** An own message's record, null when no row has the id. */
  recorded(scope: AccountScope, id: MessageId): Promise<RecordedSend | null>
  /** The chat's disappearing timer in seconds, 0 when off or unknown. */
  expirationSeconds(scope: AccountScope, chat: Jid): Promise<number>
}

/** A message as WhatsApp confirmed it. */
export interface SentMessage {
  readonly id: MessageId
  readonly at: Date
}

export interface SendOptions {
  readonly id?: MessageId
  readonly replyTo?: MessageId
}

/** What the service is made of. */
export interface SendServiceDeps {
  readonly sessions: SessionLookup
  readonly recipients: RecipientResolver
  readonly log: SendLog
  readonly history: SendHistory
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/** Decides who, whether and in what order. Knows no wire format and no protocol. */
export class SendService {
  readonly #deps: SendServiceDeps

  constructor(deps: SendServiceDeps) {
    this.#deps = deps
  }

  /**
   * Sends one message and records it: a `pending` row first, then the session, then `sent`. `to` is what the caller wrote.
   * Rejects with `device_not_logged_in`, `device_not_connected` or `recipient_not_on_whatsapp` before anything is written;
   * with a named refusal when WhatsApp refused it (the row is then `failed`); or with `send_outcome_unknown` when it may
   * have left (the row stays pending until a receipt or echo settles it). `results.message_id` tells the row.
   */
  async send(
    scope: AccountScope,
    to: string,
    content: OutgoingMessage,
    { id = newMessageId(), replyTo }: SendOptions = {},
  ): Promise<SentMessage> {
    const { sessions, recipients, log, inTransaction, clock } = this.#deps
    const session = sessions.for(scope.deviceId)
    const chat = await recipients.resolve(session, scope.deviceId, to)
    const complete = await this.#complete(scope, chat, content, replyTo)
    await inTransaction((tx) =>
      log.reserve(tx, scope, {
        id,
        chat,
        content: complete.text,
        contentType: 'extendedTextMessage',
        at: clock.now(),
        repliedTo: complete.context.quoted?.id ?? null,
      }),
    )
    const sent = await this.#hand(session, scope, chat, complete, id)
    try {
      await inTransaction((tx) => log.applySent(tx, scope, id, sent.at))
    } catch (cause) {
      // It has left: whatever went wrong here must not look like a send that can be tried again.
      throw withMessageId(uncertain(cause), id)
    }
    return { id, at: sent.at }
  }

  /**
   * What became of a message that was reserved under `id`: null when it never was, so nothing left. Rejects as `send` did
   * or would have: `send_outcome_unknown` while nobody knows, the refusal when it failed.
   */
  async outcome(scope: AccountScope, id: MessageId): Promise<SentMessage | null> {
    const known = await this.#deps.history.recorded(scope, id)
    if (known === null) return null
    if (known.status === 'pending' || known.status === 'unknown') throw withMessageId(uncertain(), id)
    if (known.status === 'failed') throw withMessageId(new AppError(toErrorCode(known.failure)), id)
    return { id, at: known.sentAt }
  }

  async #complete(
    scope: AccountScope,
    chat: Jid,
    content: OutgoingMessage,
    replyTo: MessageId | undefined,
  ): Promise<OutgoingMessage> {
    const { history } = this.#deps
    const quoted = replyTo === undefined ? null : await history.quoted(scope, replyTo)
    const expirationSeconds =
      content.context.expirationSeconds || (await history.expirationSeconds(scope, chat))
    const context = {
      ...content.context,
      ...(quoted === null ? {} : { quoted }),
      ...(expirationSeconds > 0 ? { expirationSeconds } : {}),
    }
    return { ...content, context }
  }

  async #hand(
    session: MessageSender,
    scope: AccountScope,
    chat: Jid,
    content: OutgoingMessage,
    id: MessageId,
  ): Promise<Sent> {
    const { log, inTransaction } = this.#deps
    try {
      return await session.sendMessage(chat, content, {
        id,
        beforeSend: async (raw) => {
          await inTransaction((tx) => log.storeRaw(tx, scope, id, raw))
        },
      })
    } catch (thrown) {
      // What is no AppError is a defect of ours, and says nothing about what left: the row stays pending.
      if (!(thrown instanceof AppError)) throw thrown
      if (thrown.certain) await inTransaction((tx) => log.markFailed(tx, scope, id, thrown.code))
      throw withMessageId(thrown, id)
    }
  }
}

function withMessageId(error: AppError, id: MessageId): AppError {
  return new AppError(error.code, {
    message: error.message,
    cause: error,
    certain: error.certain,
    details: { ...error.details, messageId: id },
  })
}

function uncertain(cause?: unknown): AppError {
  return new AppError('send_outcome_unknown', { certain: false, cause })
}

function toErrorCode(text: string | null): ErrorCode {
  return text !== null && Object.hasOwn(errorCodes, text) ? (text as ErrorCode) : 'whatsapp_refused' // checked just here
}
