import type { proto } from 'baileys'
import type { Account } from '../state/account.ts'

/** A message a simulated person has sent; the server has taken it. */
export interface SentMessage {
  id: string
  from: Account
  /** JID of the chat it went to. */
  chat: string
  message: proto.IMessage
  /** Seconds since 1970. */
  timestamp: number
}

/** What is needed to react to, edit, quote or mark a message: one that was sent or one that was received. */
export type MessageReference = { id: string; from: Account; chat: string; message: proto.IMessage }

/** A receipt as it reached the sender of a message. */
export interface Receipt {
  /** Absent on the wire means delivered. */
  type:
    | 'delivered'
    | 'read'
    | 'read-self'
    | 'played'
    | 'retry'
    | 'server-error'
    | 'sender'
    | 'peer_msg'
    | 'hist_sync'
    | (string & {})
  messageId: string
  from: Account
  fromDevice: number
  timestamp: number
}
