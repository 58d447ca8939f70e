import type { proto } from 'baileys'
import { proto as wire } from 'baileys'
import type { Account } from '../state/account.ts'
import type { MessageReference } from './sent-message.ts'

const { Type } = wire.Message.ProtocolMessage

/** A text message, with a quote or mentions where given. */
export function textMessage(
  text: string,
  options: { quoted?: MessageReference; mentions?: string[] } = {},
): proto.IMessage {
  const { quoted, mentions } = options
  if (!quoted && !mentions) return { conversation: text }
  const contextInfo: proto.IContextInfo = {
    ...(mentions && { mentionedJid: mentions }),
    ...(quoted && { stanzaId: quoted.id, participant: quoted.from.pn, quotedMessage: quoted.message }),
  }
  return { extendedTextMessage: { text, contextInfo } }
}

/** A reaction; an empty emoji takes an earlier one back. */
export function reactionMessage(key: proto.IMessageKey, emoji: string, atMs: number): proto.IMessage {
  return { reactionMessage: { key, text: emoji, senderTimestampMs: atMs } }
}

/** An edit of an own message. */
export function editMessage(key: proto.IMessageKey, message: proto.IMessage, atMs: number): proto.IMessage {
  return { protocolMessage: { key, type: Type.MESSAGE_EDIT, editedMessage: message, timestampMs: atMs } }
}

/** Takes a message back for everybody. */
export function revokeMessage(key: proto.IMessageKey): proto.IMessage {
  return { protocolMessage: { key, type: Type.REVOKE } }
}

/** The key others' clients find a message by, as the account that speaks of it writes it. */
export function keyFor(reference: MessageReference, speaker: Account, group: boolean): proto.IMessageKey {
  const fromMe = reference.from === speaker
  return {
    remoteJid: reference.chat,
    fromMe,
    id: reference.id,
    ...(group && !fromMe && { participant: reference.from.lid }),
  }
}
