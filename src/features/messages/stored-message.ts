import type { MessageId } from '../../core/ids.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { MediaKind, MessageStatus } from '../../whatsapp/message.ts'

/** The content type of a row that stands for a message which could not be decrypted (yet). */
export const undecryptable = 'undecryptable'

/** A message as kept. */
export interface StoredMessage {
  readonly id: MessageId
  readonly chatId: string
  /** Author as shown (phone-number JID when known), without device part. */
  readonly sender: Jid
  /** Chat and author as addressed on the wire: keys of edits, revokes and receipts use these. */
  readonly wireChat: Jid
  readonly wireSender: Jid
  readonly isFromMe: boolean
  readonly isFromApi: boolean
  readonly isFromHistory: boolean
  readonly status: MessageStatus
  /** Error code of a failed send; `send_outcome_unknown` while nobody knows. */
  readonly failure: string | null
  /** Text or caption, '' when there is none. */
  readonly content: string
  readonly contentType: string
  readonly mediaKind: MediaKind | null
  readonly fileName: string
  readonly url: string
  /** Bytes; 0 when unknown. */
  readonly fileLength: number
  readonly repliedToId: MessageId | null
  /** By which WhatsApp knows a channel's post; null for other messages, and where it is not known. */
  readonly serverId: number | null
  readonly isRevoked: boolean
  readonly isStarred: boolean
  readonly editedAt: Date | null
  readonly sentAt: Date
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Which messages of a chat to read; newest first. Times are inclusive. */
export interface MessageFilter {
  readonly limit: number
  readonly offset: number
  readonly startAt?: Date
  readonly endAt?: Date
  readonly mediaOnly?: boolean
  readonly isFromMe?: boolean
  /** Part of the content, in any case. */
  readonly search?: string
}

/** How it stands with the media of a message here: on its way, in the media store, given up, or deleted from the store. */
export const mediaStates = ['waiting', 'stored', 'failed', 'removed'] as const
export type MediaState = (typeof mediaStates)[number]
