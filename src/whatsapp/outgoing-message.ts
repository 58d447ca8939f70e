import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'
import type { MediaDescription } from './message.ts'
import type { OutgoingFile, OutgoingMedia } from './outgoing-media.ts'

/** What a reply quotes. `raw` is the quoted message's protobuf when we have it. */
export interface QuotedMessage {
  readonly id: MessageId
  readonly chat: Jid
  readonly sender: Jid
  readonly isFromMe: boolean
  readonly raw: Uint8Array
}

/** Whom a message mentions: the listed people, and with `everyone` all members of the group. */
export interface Mentions {
  readonly people: readonly Jid[]
  readonly everyone: boolean
}

/** Options that any outgoing message can carry. `expirationSeconds` is the disappearing timer put on the message. */
export interface MessageContext {
  readonly quoted?: QuotedMessage
  readonly mentions?: Mentions
  readonly isForwarded?: boolean
  readonly expirationSeconds?: number
}

/** A typed text. */
export interface OutgoingText {
  readonly kind: 'text'
  readonly text: string
  readonly context: MessageContext
}

/** Somebody's name and number, as a card. `phone` is digits only. */
export interface OutgoingContact {
  readonly kind: 'contact'
  readonly name: string
  readonly phone: string
  readonly context: MessageContext
}

/** A place, in degrees. */
export interface OutgoingLocation {
  readonly kind: 'location'
  readonly latitude: number
  readonly longitude: number
  readonly context: MessageContext
}

/** A question with options of which each voter may choose `maxAnswers`. */
export interface OutgoingPoll {
  readonly kind: 'poll'
  readonly question: string
  readonly options: readonly string[]
  readonly maxAnswers: number
  readonly context: MessageContext
}

/** A text with a link in it, and what the page behind it shows of itself; `caption` is the text without the link. */
export interface OutgoingLink {
  readonly kind: 'link'
  readonly text: string
  readonly caption: string
  readonly link: string
  readonly preview?: {
    readonly title: string
    readonly description: string
    /** A small JPEG. */
    readonly thumbnail?: Uint8Array
    /** A larger JPEG, shown once it was fetched. */
    readonly picture?: OutgoingFile & { readonly width: number; readonly height: number }
  }
  readonly context: MessageContext
}

/**
 * A kept message that is passed on. `raw` is its protobuf, `text` and `contentType` what its row says of it; with `file` its
 * media is uploaded anew. What we wrote ourselves (`isOwn`) is not shown as forwarded the first time.
 */
export interface OutgoingForward {
  readonly kind: 'forward'
  readonly raw: Uint8Array
  readonly isOwn: boolean
  readonly text: string
  readonly contentType: string
  readonly file?: OutgoingFile
  readonly context: MessageContext
}

/** What has to be known of a kept message before it can be passed on. */
export interface ForwardFacts {
  readonly isViewOnce: boolean
  /** Its file; `uploadedAt` is null when the sender does not say. */
  readonly media:
    | (MediaDescription & { readonly isEncrypted: boolean; readonly uploadedAt: Date | null })
    | null
}

/** Reads a kept message's protobuf; null when it holds nothing to pass on. */
export type ReadForward = (raw: Uint8Array) => ForwardFacts | null

/** A message as we mean it; the adapter turns it into WhatsApp's form. Plain serialisable data. */
export type OutgoingMessage =
  | OutgoingText
  | OutgoingContact
  | OutgoingLocation
  | OutgoingPoll
  | OutgoingForward
  | OutgoingLink
  | OutgoingMedia
