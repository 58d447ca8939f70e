import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'
import type { OutgoingMedia } from './outgoing-media.ts'

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

/** A message as we mean it; the adapter turns it into WhatsApp's form. Plain serialisable data. */
export type OutgoingMessage = OutgoingText | OutgoingContact | OutgoingLocation | OutgoingPoll | OutgoingMedia
