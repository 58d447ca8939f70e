import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { MessageId } from '../../core/ids.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { MessageKey } from '../../whatsapp/message-actions.ts'
import type { OutgoingFile } from '../../whatsapp/outgoing-media.ts'
import type { ForwardFacts, OutgoingForward, ReadForward } from '../../whatsapp/outgoing-message.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { Scratch } from './send-service.ts'

/** WhatsApp's hosts keep files for about a month; one that is older than this is uploaded again while it is still there. */
const referenceForMs = 14 * 24 * 3_600_000

/** The largest file that is fetched to be uploaded again. */
const largestFileBytes = 500_000_000

export interface ForwardsDeps {
  readonly sessions: SessionLookup
  readonly messages: Pick<MessageReader, 'get' | 'rawMessage'>
  readonly readForward: ReadForward
  readonly clock: Clock
}

/** What is asked for besides whom it goes to. */
export interface ForwardWish {
  readonly id: MessageId
  /** Upload the media again even where its present place would do. */
  readonly isReuploadForced: boolean
  readonly expirationSeconds: number
}

/** Makes messages to send out of messages that are kept. */
export class Forwards {
  readonly #deps: ForwardsDeps

  constructor(deps: ForwardsDeps) {
    this.#deps = deps
  }

  /**
   * The kept message as it goes to `chat`. Rejects with `message_not_found`; with `message_not_forwardable` when it was
   * revoked, may be seen once only, or its content was not kept; and as a download does when its media is needed anew.
   */
  async compose(
    scope: AccountScope,
    wish: ForwardWish,
    chat: Jid,
    scratch: Scratch,
  ): Promise<OutgoingForward> {
    const { messages, readForward } = this.#deps
    const message = await messages.get(scope, wish.id)
    if (message === null) {
      throw new AppError('message_not_found', { message: `message with ID ${wish.id} not found` })
    }
    const raw = await messages.rawMessage(scope.deviceId, wish.id)
    if (raw === null || message.isRevoked) throw new AppError('message_not_forwardable')
    const facts = readForward(raw)
    if (facts === null || facts.isViewOnce) throw new AppError('message_not_forwardable')
    const isStale = this.#needsUpload(facts, chat)
    const key = {
      chat: message.wireChat,
      id: message.id,
      sender: message.wireSender,
      isFromMe: message.isFromMe,
    }
    const file =
      facts.media !== null && (wish.isReuploadForced || isStale)
        ? await this.#fetch(scope, { key, raw, mimeType: facts.media.mimeType }, scratch)
        : null
    return {
      kind: 'forward',
      raw,
      isOwn: message.isFromMe,
      text: message.content,
      contentType: message.contentType,
      ...(file === null ? {} : { file }),
      context: wish.expirationSeconds > 0 ? { expirationSeconds: wish.expirationSeconds } : {},
    }
  }

  #needsUpload({ media }: ForwardFacts, chat: Jid): boolean {
    if (media === null) return false
    // Channels have their media in the clear, everybody else encrypted: one cannot be read as the other.
    if (media.isEncrypted === (jidKind(chat) === 'newsletter')) return true
    const { uploadedAt } = media
    return uploadedAt !== null && this.#deps.clock.now().getTime() - uploadedAt.getTime() > referenceForMs
  }

  async #fetch(
    scope: AccountScope,
    { key, raw, mimeType }: { key: MessageKey; raw: Uint8Array; mimeType: string },
    scratch: Scratch,
  ): Promise<OutgoingFile> {
    const path = await scratch.newPath()
    const { media } = this.#deps.sessions.for(scope.deviceId)
    const { sizeBytes } = await media.download({ key, raw }, path, { maxBytes: largestFileBytes })
    return { path, mimeType, sizeBytes }
  }
}
