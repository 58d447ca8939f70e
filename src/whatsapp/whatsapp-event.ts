import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'
import type { WhatsAppMessage } from './message.ts'

export type ReceiptType = 'delivered' | 'read' | 'read-self' | 'played' | 'played-self'

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
  | ({ readonly type: 'message.revoked'; readonly message: WhatsAppMessage } & MessageTarget)
  | ({
      readonly type: 'message.edited'
      readonly message: WhatsAppMessage
      readonly text: string
    } & MessageTarget)
  /** WhatsApp's server refused a message of ours after the fact (a bad ack seen outside a waiting send). */
  | {
      readonly type: 'message.refused'
      readonly chat: Jid
      readonly id: MessageId
      readonly whatsappCode: number
    }
  /** WhatsApp's server accepted a message of ours (its ack), also when nobody waits for it any more. */
  | { readonly type: 'message.accepted'; readonly chat: Jid; readonly id: MessageId; readonly at: Date }
  | { readonly type: 'receipt.updated'; readonly receipt: Receipt }
  | { readonly type: 'contact.updated'; readonly contact: ContactFacts }
  | { readonly type: 'chat.updated'; readonly chat: ChatFacts }
  /** A LID and a phone-number JID were found to be one person. */
  | { readonly type: 'identity.learned'; readonly lid: Jid; readonly phone: Jid }
  /** A part of the history that the phone shares after linking. `progress` 0 to 100 when told. */
  | {
      readonly type: 'history.synced'
      readonly chats: readonly ChatFacts[]
      readonly contacts: readonly ContactFacts[]
      readonly messages: readonly WhatsAppMessage[]
      readonly progress: number | null
    }
  /** Something this program has no word for yet. */
  | { readonly type: 'unhandled'; readonly kind: string }
