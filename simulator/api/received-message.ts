import type { proto } from 'baileys'
import type { Account } from '../state/account.ts'

/** A message as one device of a simulated person decrypted it. */
export interface ReceivedMessage {
  id: string
  /** The account that wrote it; the person's own when it was written on another of its devices. */
  from: Account
  /** Number of the device that wrote it. */
  fromDevice: number
  /** Number of the person's device that received it. */
  device: number
  /** JID of the chat: the group, the newsletter, or the other side of a 1:1 chat by phone number or LID as on the wire. */
  chat: string
  message: proto.IMessage
  /** Fetches, checks and decrypts the file that came along, as the phone does; throws when anything does not fit. */
  media(): Buffer
  /** The text of a text message, a caption, an edit's new text, or an empty string. */
  text: string
  /** Seconds since 1970, from the server's ack. */
  timestamp: number
  /** The stanza's own attributes (type, edit, category …). */
  attributes: Record<string, string>
  /** What the stanza's `<meta>` says, as of polls; undefined without one. */
  meta: Record<string, string> | undefined
  /** How it was encrypted: `pkmsg`, `msg` or `skmsg`; `plaintext` for a newsletter's post. */
  encryption: string
  /** How often the same id reached the device; anything above 1 is a repetition. */
  copies: number
}
