import { proto } from 'baileys'
import { type Jid, jidKind } from '../../jid.ts'
import type { MessageContext, QuotedMessage } from '../../outgoing-message.ts'
import { contentType, unwrap } from '../incoming/content.ts'

/** The score official clients put on what was forwarded once. */
export const forwardingScore = 100

/**
 * Puts quote, mentions, forwarding and timer on a message to `to`, whatever its kind, in place. Baileys puts them on the first
 * member of the object, which for a poll is its secret and for a view-once message its wrapper, so that they are lost (rc14
 * lib/Utils/messages.js, generateWAMessageContent). Channels know neither quotes nor timers.
 */
export function putContext(message: proto.IMessage, context: MessageContext, to: Jid): void {
  const isNewsletter = jidKind(to) === 'newsletter'
  const info: proto.IContextInfo = {
    ...(context.quoted && !isNewsletter ? quoteOf(context.quoted, to) : {}),
    ...(context.mentions?.people.length ? { mentionedJid: [...context.mentions.people] } : {}),
    ...(context.mentions?.everyone ? { nonJidMentions: 1 } : {}),
    ...(context.isForwarded ? { isForwarded: true, forwardingScore } : {}),
    ...(context.expirationSeconds && !isNewsletter ? { expiration: context.expirationSeconds } : {}),
  }
  if (Object.keys(info).length === 0) return
  const { content } = unwrap(message)
  const part: unknown = content[contentType(content) as keyof proto.IMessage] // whatever it is, it is looked at
  if (typeof part !== 'object' || part === null) throw new Error('a content without room for its context')
  const holder = part as { contextInfo?: proto.IContextInfo | null } // each content that is an object has this member
  holder.contextInfo = { ...holder.contextInfo, ...info }
}

function quoteOf(quoted: QuotedMessage, to: Jid): proto.IContextInfo {
  return {
    stanzaId: quoted.id,
    // The author as addressed on the wire: for own messages in LID chats that is our LID.
    participant: quoted.sender,
    quotedMessage: toQuotable(quoted.raw),
    // Named where it differs: right for a status that is answered, wrong for another form of `to`.
    ...(jidKind(quoted.chat) === 'broadcast' && quoted.chat !== to ? { remoteJid: quoted.chat } : {}),
  }
}

/** A message as a quote shows it: its content alone, without secrets and without what it quoted itself. */
function toQuotable(raw: Uint8Array): proto.IMessage {
  const { content } = unwrap(proto.Message.decode(raw))
  const type = contentType(content) as keyof proto.IMessage // the name of one of its members, or of none
  const part: unknown = content[type]
  if (typeof part === 'string') return { conversation: part }
  if (typeof part !== 'object' || part === null) return { conversation: '' }
  const { contextInfo: _, ...rest } = part as { contextInfo?: unknown } // left out of the quote
  return { [type]: rest }
}
