import type { Json } from '../core/event-envelope.ts'
import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'

export type MediaKind = 'image' | 'video' | 'video_note' | 'audio' | 'document' | 'sticker'

/**
 * How far a message of ours has come; grows only upwards. `failed` and `unknown` are ends that only better evidence (an
 * ack, a receipt) overrules.
 */
export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'unknown'

/** What is known of a message's media without fetching it. `fileLength` in bytes. */
export interface MediaInfo {
  readonly kind: MediaKind
  readonly mimeType: string
  readonly fileName: string
  readonly caption: string
  readonly url: string
  readonly fileLength: number
  /** It stands at the head of an interactive message, among whose media events name it. */
  readonly isOfInteractive?: true
}

/** Media as a kept message's protobuf tells of it; `sha256` of the file in hex, '' when the sender does not say. */
export interface MediaDescription extends MediaInfo {
  readonly sha256: string
  /** It is a sticker that moves. */
  readonly isAnimated: boolean
}

/** Reads what a protobuf says of the files it brings along: the message's media, then what `furtherMedia` names. */
export type DescribeMedia = (raw: Uint8Array) => readonly MediaDescription[]

/** Contents that have a name of their own in events. */
export type MessageDetailKey =
  | 'contact'
  | 'contacts_array'
  | 'location'
  | 'live_location'
  | 'list'
  | 'order'
  | 'poll'
  | 'referral'
  | 'interactive'

/** Such contents as plain JSON. */
export type MessageDetails = { readonly [key in MessageDetailKey]?: Json }

/** When a message came and was decrypted: milliseconds since 1970, with their fraction. */
export interface MessageJourney {
  readonly arrivedAt: number
  /** Absent when it was not decrypted on this connection. */
  readonly decryption?: { readonly from: number; readonly to: number }
}

/** A message as it came from WhatsApp (from others, or our own from another device or as echo). */
export interface WhatsAppMessage {
  readonly id: MessageId
  /** Chat as addressed on the wire: phone-number JID, LID, group, … */
  readonly chat: Jid
  /** The chat's other address when the stanza carried it (1:1 only). */
  readonly chatAlt: Jid | null
  /** Author as addressed on the wire (ourselves for own messages), without device part. */
  readonly sender: Jid
  readonly senderAlt: Jid | null
  readonly isFromMe: boolean
  readonly sentAt: Date
  readonly pushName: string
  /** Typed text or caption, '' when there is none. */
  readonly text: string
  readonly media: MediaInfo | null
  /** What the other cards of a carousel bring along, in their order; absent when nothing. */
  readonly furtherMedia?: readonly MediaInfo[]
  /** What the content is, in the protobuf's words (`conversation`, `pollCreationMessage`, …). */
  readonly contentType: string
  readonly repliedTo: { readonly id: MessageId; readonly text: string } | null
  readonly isForwarded: boolean
  readonly isViewOnce: boolean
  /** By which WhatsApp knows a channel's post; absent on other messages. */
  readonly serverId?: number
  /** Disappearing timer on the message in seconds, 0 when none. */
  readonly expirationSeconds: number
  /** What else it says, by the names receivers know; absent when nothing. */
  readonly details?: MessageDetails
  /** The protobuf `Message`, for retries, quotes and downloads. */
  readonly raw: Uint8Array
  /** Present where messages are timed, and this one came on a live connection. */
  readonly journey?: MessageJourney
}
