import { rm } from 'node:fs/promises'
import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { type ErrorCode, errorCodes } from '../../core/error-codes.ts'
import { type MessageId, newMessageId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Tx } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { TempFolder } from '../../files/temp-folder.ts'
import { type Jid, jidKind, statusBroadcast } from '../../whatsapp/jid.ts'
import type {
  MessageContext,
  OutgoingMessage,
  QuotedMessage,
  ReadForward,
} from '../../whatsapp/outgoing-message.ts'
import type { LinkedSession, Sent, SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { MessageLog } from '../messages/message-log.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import type { RecipientResolver } from './recipient.ts'
import { toSentContent } from './sent-content.ts'
import type { StatusAudience } from './status-audience.ts'

/** A message as WhatsApp confirmed it. */
export interface SentMessage {
  readonly id: MessageId
  readonly at: Date
  /** It is a sticker that moves. */
  readonly isAnimated: boolean
}

/** A message, or how to make it once it is certain that `chat` can be written to (files and pages are fetched only then). */
export type Composed = OutgoingMessage | ((chat: Jid, scratch: Scratch) => Promise<OutgoingMessage>)

/** Room for what one send needs; it is cleared when it is over. */
export interface Scratch {
  /** A path that nobody else has; nothing is there yet. `extension` is with its dot. */
  newPath(extension?: string): Promise<string>
  /** Has something done when the send is over. */
  defer(job: () => Promise<void>): void
}

export interface SendOptions {
  readonly id?: MessageId
  readonly replyTo?: MessageId
}

/** What the service is made of. */
export interface SendServiceDeps {
  readonly sessions: SessionLookup
  readonly recipients: RecipientResolver
  readonly log: Pick<MessageLog, 'reserve' | 'storeRaw' | 'applySent' | 'markFailed' | 'markUncertain'>
  readonly messages: Pick<MessageReader, 'get' | 'rawMessage'>
  readonly chats: Pick<ChatReader, 'expirationSeconds'>
  readonly statusAudience: Pick<StatusAudience, 'of'>
  readonly folder: Pick<TempFolder, 'newPath'>
  readonly readForward: ReadForward
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly logger: Logger
}

/** What WhatsApp shows as a status. */
const statusKinds: ReadonlySet<string> = new Set(['text', 'link', 'image', 'video', 'audio'])
const statusContents: ReadonlySet<string> = new Set([
  'conversation',
  'extendedTextMessage',
  'imageMessage',
  'videoMessage',
  'audioMessage',
])

/** Decides who, whether and in what order. Knows no wire format and no protocol. */
export class SendService {
  readonly #deps: SendServiceDeps

  constructor(deps: SendServiceDeps) {
    this.#deps = deps
  }

  /**
   * Sends one message and records it: a `pending` row first, then the session, then `sent`. `to` is what the caller wrote.
   * Rejects with `device_not_logged_in`, `device_not_connected`, `recipient_not_on_whatsapp`, as a group or channel that
   * we may not write in (`group_not_…`, `newsletter_not_…`), or as the making of the message
   * does before anything is written; with a named refusal when WhatsApp refused it (the row is then `failed`); or with `send_outcome_unknown` when it may
   * have left (the row stays pending until a receipt or echo settles it). `results.message_id` tells the row.
   */
  async send(
    scope: AccountScope,
    to: string,
    composed: Composed,
    options: SendOptions = {},
  ): Promise<SentMessage> {
    const deferred: (() => Promise<void>)[] = []
    const scratch: Scratch = {
      newPath: async (extension) => {
        const path = await this.#deps.folder.newPath(extension)
        deferred.push(() => rm(path, { force: true }))
        return path
      },
      defer: (job) => deferred.push(job),
    }
    try {
      return await this.#send(
        scope,
        to,
        (chat) => (typeof composed === 'function' ? composed(chat, scratch) : composed),
        options,
      )
    } finally {
      await Promise.all(deferred.map((job) => job()))
    }
  }

  async #send(
    scope: AccountScope,
    to: string,
    compose: (chat: Jid) => OutgoingMessage | Promise<OutgoingMessage>,
    { id = newMessageId(), replyTo }: SendOptions,
  ): Promise<SentMessage> {
    const { sessions, recipients, log, inTransaction, clock } = this.#deps
    const session = sessions.for(scope.deviceId)
    const chat = await recipients.resolve(session, scope.deviceId, to)
    if (jidKind(chat) === 'group') await session.ensureMayWrite(chat)
    if (jidKind(chat) === 'newsletter') await session.newsletters.ensureMayPost(chat)
    const complete = await this.#complete(scope, chat, await compose(chat), replyTo)
    const audience = chat === statusBroadcast ? await this.#audience(session, scope, complete) : null
    const { isNew } = await inTransaction((tx) =>
      log.reserve(tx, scope, {
        id,
        chat,
        ...toSentContent(complete),
        at: clock.now(),
        repliedTo: complete.context.quoted?.id ?? null,
      }),
    )
    if (!isNew) return this.#recorded(scope, id)
    const sent = await this.#hand(session, scope, { chat, audience }, complete, id)
    try {
      await inTransaction((tx) => log.applySent(tx, scope, id, sent.at))
    } catch (cause) {
      // It has left: whatever went wrong here must not look like a send that can be tried again.
      throw withMessageId(uncertain(cause), id)
    }
    return { id, at: sent.at, isAnimated: complete.kind === 'sticker' && complete.isAnimated === true }
  }

  /**
   * What became of a message that was reserved under `id`: null when it never was, so nothing left. Rejects as `send` did
   * or would have: `send_outcome_unknown` while nobody knows, the refusal when it failed.
   */
  async outcome(scope: AccountScope, id: MessageId): Promise<SentMessage | null> {
    const known = await this.#deps.messages.get(scope, id)
    if (known === null || !known.isFromMe) return null
    if (known.status === 'pending' || known.status === 'unknown') throw withMessageId(uncertain(), id)
    if (known.status === 'failed') throw withMessageId(new AppError(toErrorCode(known.failure)), id)
    return { id, at: known.sentAt, isAnimated: await this.#isAnimated(scope, known) }
  }

  async #isAnimated(scope: AccountScope, { id, contentType }: StoredMessage): Promise<boolean> {
    if (contentType !== 'stickerMessage') return false
    const raw = await this.#deps.messages.rawMessage(scope.deviceId, id)
    return raw !== null && this.#deps.readForward(raw)?.media?.isAnimated === true
  }

  async #recorded(scope: AccountScope, id: MessageId): Promise<SentMessage> {
    const recorded = await this.outcome(scope, id)
    if (recorded === null) throw new Error('a reserved message has no row')
    return recorded
  }

  async #complete(
    scope: AccountScope,
    chat: Jid,
    content: OutgoingMessage,
    replyTo: MessageId | undefined,
  ): Promise<OutgoingMessage> {
    // A status is seen by many: it answers nobody, and goes after its day by itself.
    if (chat === statusBroadcast) return { ...content, context: toStatusContext(content.context) }
    const quoted = replyTo === undefined ? null : await this.#quote(scope, replyTo)
    const expirationSeconds =
      content.context.expirationSeconds || (await this.#deps.chats.expirationSeconds(scope, chat))
    const context = {
      ...content.context,
      ...(quoted === null ? {} : { quoted }),
      ...(expirationSeconds > 0 ? { expirationSeconds } : {}),
    }
    return { ...content, context }
  }

  /** The message as a reply quotes it; null when it is unknown or its content was not kept, and the reply goes without. */
  async #quote(scope: AccountScope, id: MessageId): Promise<QuotedMessage | null> {
    const [message, raw] = await Promise.all([
      this.#deps.messages.get(scope, id),
      this.#deps.messages.rawMessage(scope.deviceId, id),
    ])
    if (message === null || raw === null) return null
    return { id, chat: message.wireChat, sender: message.wireSender, isFromMe: message.isFromMe, raw }
  }

  async #audience(session: LinkedSession, scope: AccountScope, message: OutgoingMessage): Promise<Jid[]> {
    const isShown =
      message.kind === 'forward' ? statusContents.has(message.contentType) : statusKinds.has(message.kind)
    if (!isShown) {
      throw new AppError('validation_failed', {
        message: `a ${message.kind} cannot be posted as a status; texts, links, images, videos and audio can`,
      })
    }
    return this.#deps.statusAudience.of(scope, session.statuses)
  }

  async #hand(
    session: LinkedSession,
    scope: AccountScope,
    { chat, audience }: { chat: Jid; audience: readonly Jid[] | null },
    content: OutgoingMessage,
    id: MessageId,
  ): Promise<Sent> {
    const { log, inTransaction, logger } = this.#deps
    try {
      return await session.sendMessage(chat, content, {
        id,
        ...(audience === null ? {} : { audience }),
        beforeSend: async (raw, media) => {
          await inTransaction((tx) => log.storeRaw(tx, scope, id, raw, media))
        },
      })
    } catch (thrown) {
      // What is no AppError is a defect of ours, and says nothing about what left.
      const mark = (tx: Tx) =>
        thrown instanceof AppError && thrown.certain
          ? log.markFailed(tx, scope, id, thrown.code)
          : log.markUncertain(tx, scope, id)
      // Where that cannot be written down, the row stays pending; the caller is told of the send all the same.
      await inTransaction(mark).catch((error: unknown) => {
        logger.warn({ err: toError(error), messageId: id }, 'how a send ended could not be written down')
      })
      if (!(thrown instanceof AppError)) throw thrown
      throw withMessageId(thrown, id)
    }
  }
}

function toStatusContext({ mentions, isForwarded }: MessageContext): MessageContext {
  return { ...(mentions ? { mentions } : {}), ...(isForwarded ? { isForwarded } : {}) }
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
