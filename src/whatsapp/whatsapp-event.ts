import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'
import type { WhatsAppMessage } from './message.ts'

export type ReceiptType = 'delivered' | 'read' | 'read-self' | 'played' | 'played-self'

/** What another device has set of a label; what it left out is absent. `listType` as WhatsApp names it (`CUSTOM`, …). */
export interface LabelEdit {
  readonly name?: string
  readonly color?: number
  readonly isDeleted?: boolean
  readonly predefinedId?: number
  readonly orderIndex?: number
  readonly isActive?: boolean
  readonly listType?: string
  readonly isImmutable?: boolean
  readonly muteEndTimeMs?: number
}

/** A receipt as it came; `fromDevice` 0 is the person's phone. `participant` is set in groups. */
export interface Receipt {
  readonly chat: Jid
  readonly messageIds: readonly MessageId[]
  readonly from: Jid
  readonly fromDevice: number
  readonly participant: Jid | null
  readonly receiptType: ReceiptType
  readonly at: Date
}

/** A LID and a phone-number JID that are one person. */
export interface Identity {
  readonly lid: Jid
  readonly phone: Jid
}

/** What is known of a person; absent fields are not known. `name` is the address book's, `pushName` the person's own. */
export interface ContactFacts {
  readonly jid: Jid
  readonly lid?: Jid
  readonly phone?: Jid
  readonly name?: string
  readonly pushName?: string
  readonly verifiedName?: string
}

/** What is known of a chat; absent fields are not known. */
export interface ChatFacts {
  readonly jid: Jid
  readonly alt?: Jid
  readonly name?: string
  readonly lastMessageAt?: Date
  readonly expirationSeconds?: number
  readonly isArchived?: boolean
  readonly isPinned?: boolean
  readonly unreadCount?: number
}

interface MessageTarget {
  /** Chat, author and id of the message that was acted on, as addressed on the wire. */
  readonly chat: Jid
  readonly targetId: MessageId
  readonly targetIsFromMe: boolean
}

/** Whose and where a message is as the one who acted on it wrote it, from their point of view; `chat` to the letter. */
export interface WrittenKey {
  readonly isFromMe: boolean
  readonly chat: string | null
}

export type GroupChange = 'join' | 'leave' | 'promote' | 'demote'

/** Bytes that can only be read with the secret of the message they are about. */
export interface Sealed {
  readonly payload: Uint8Array
  readonly iv: Uint8Array
}

/** A post of a channel as an update lists it. */
export interface NewsletterPost {
  readonly serverId: number
  readonly messageId: string
  readonly kind: string
  readonly at: Date
  readonly views: number | null
  readonly reactions: Readonly<Record<string, number>>
}

export type NewsletterChange =
  | { readonly what: 'joined'; readonly name: string; readonly description: string }
  | { readonly what: 'left'; readonly role: string }
  | { readonly what: 'mute'; readonly mute: string }
  | { readonly what: 'message'; readonly posts: readonly NewsletterPost[] }

/**
 * Everything that WhatsApp tells us, in our words. Applying one twice changes nothing.
 * The inbox switches over `type` exhaustively.
 */
export type WhatsAppEvent =
  /** A message arrived, was typed on another device of ours, or is the echo of an own send. `isOffline`: it had waited on the server. */
  | { readonly type: 'message.received'; readonly message: WhatsAppMessage; readonly isOffline: boolean }
  /** A message arrived that could not be decrypted; the real one may follow under the same id. */
  | {
      readonly type: 'message.undecryptable'
      readonly chat: Jid
      readonly sender: Jid
      readonly id: MessageId
      readonly isFromMe: boolean
      readonly sentAt: Date
      readonly pushName: string
    }
  | ({
      readonly type: 'message.reacted'
      readonly message: WhatsAppMessage
      readonly emoji: string
    } & MessageTarget)
  | ({
      readonly type: 'message.revoked'
      readonly message: WhatsAppMessage
      readonly writtenKey: WrittenKey
    } & MessageTarget)
  | ({
      readonly type: 'message.edited'
      readonly message: WhatsAppMessage
      readonly text: string
    } & MessageTarget)
  /** Somebody voted in a poll; only with the poll's own secret it can be read (see `MessageSecrets`). */
  | ({
      readonly type: 'poll.voted'
      readonly message: WhatsAppMessage
      readonly sealed: Sealed
    } & MessageTarget)
  /** A message was edited under the secret of the original (see `MessageSecrets`). */
  | ({
      readonly type: 'message.edited-sealed'
      readonly message: WhatsAppMessage
      readonly sealed: Sealed
    } & MessageTarget)
  /** Somebody types or records in a chat, or no longer does. */
  | {
      readonly type: 'chat.presence'
      readonly chat: Jid
      readonly from: Jid
      readonly state: 'composing' | 'paused'
      readonly isRecording: boolean
    }
  /** Members of a group changed. `stanzaId` is the notification's, the same when it comes again. */
  | {
      readonly type: 'group.participants'
      readonly group: Jid
      readonly change: GroupChange
      readonly members: readonly { readonly jid: Jid; readonly alt: Jid | null }[]
      readonly stanzaId: string
      readonly at: Date
    }
  /** This account is in a group now: it was made with it, or it was added. */
  | {
      readonly type: 'group.joined'
      readonly group: Jid
      readonly subject: string
      readonly reason: string
      readonly stanzaId: string
      readonly at: Date
    }
  /** Somebody calls. */
  | {
      readonly type: 'call.offered'
      readonly callId: string
      readonly from: Jid
      readonly fromAlt: Jid | null
      readonly isVideo: boolean
      readonly group: Jid | null
      readonly platform: string
      readonly version: string
      readonly at: Date
    }
  /** Something about a channel that this account follows (or no longer does). */
  | {
      readonly type: 'newsletter.changed'
      readonly newsletter: Jid
      readonly change: NewsletterChange
      readonly stanzaId: string
      readonly at: Date
    }
  /** WhatsApp restricts the account in writing to new contacts, or lifts that. */
  | {
      readonly type: 'account.restricted'
      readonly isActive: boolean
      readonly kind: string
      readonly endsAt: Date | null
    }
  /** WhatsApp's server refused a message of ours after the fact (a bad ack seen outside a waiting send). */
  | {
      readonly type: 'message.refused'
      readonly chat: Jid
      readonly id: MessageId
      readonly whatsappCode: number
    }
  /**
   * WhatsApp's server accepted a message of ours (its ack), also when nobody waits for it any more. A channel's post has a
   * `serverId` from then on.
   */
  | {
      readonly type: 'message.accepted'
      readonly chat: Jid
      readonly id: MessageId
      readonly at: Date
      readonly serverId?: number
    }
  | { readonly type: 'receipt.updated'; readonly receipt: Receipt }
  | { readonly type: 'contact.updated'; readonly contact: ContactFacts }
  | { readonly type: 'chat.updated'; readonly chat: ChatFacts }
  /** A message was starred on another device of the account, or no longer. */
  | ({ readonly type: 'message.starred'; readonly isStarred: boolean } & MessageTarget)
  /** A message was deleted on another device of the account, for this account alone. */
  | ({ readonly type: 'message.deleted' } & MessageTarget)
  /**
   * A chat was emptied (`isGone` false) or deleted on another device of the account, with what was written in it until then;
   * messages that were written later stay.
   */
  | {
      readonly type: 'chat.emptied'
      readonly chat: Jid
      readonly isGone: boolean
      readonly until: Date
      readonly keepsStarred: boolean
    }
  /** A chat was marked as read on another device of the account, with what was written in it until then. */
  | { readonly type: 'chat.read'; readonly chat: Jid; readonly until: Date }
  /** A label was made, changed or deleted on another device of the account. */
  | { readonly type: 'label.edited'; readonly id: string; readonly edit: LabelEdit }
  /** A label was put on a chat or taken off it on another device of the account. */
  | {
      readonly type: 'label.associated'
      readonly chat: Jid
      readonly labelId: string
      readonly isLabeled: boolean
    }
  /** A LID and a phone-number JID were found to be one person. */
  | ({ readonly type: 'identity.learned' } & Identity)
  /** A list told of many people both of their addresses. */
  | { readonly type: 'identities.learned'; readonly pairs: readonly Identity[] }
  /** A part of the history that the phone shares after linking. `progress` 0 to 100 when told. */
  | {
      readonly type: 'history.synced'
      readonly chats: readonly ChatFacts[]
      readonly contacts: readonly ContactFacts[]
      readonly messages: readonly WhatsAppMessage[]
      readonly progress: number | null
      /** What the phone calls this sync (`INITIAL_BOOTSTRAP`, `RECENT`, …) and which part of it this is. */
      readonly syncType?: string
      readonly chunk?: number
      /** Set on the last event of a chunk: how much the chunk held. */
      readonly ends?: { readonly chats: number; readonly contacts: number; readonly messages: number }
    }
  /** Something this program has no word for yet. */
  | { readonly type: 'unhandled'; readonly kind: string }
