import type { proto } from 'baileys'
import { jidKind } from '../../jid.ts'
import type { MessageKey } from '../../message-actions.ts'

/** A message's key as stanzas and protobufs name it, from our point of view; the author only where the chat does not say it. */
export function toWireKey({ chat, id, sender, isFromMe }: MessageKey): proto.IMessageKey & {
  remoteJid: string
  id: string
} {
  const hasManyAuthors = jidKind(chat) === 'group' || jidKind(chat) === 'broadcast'
  return {
    remoteJid: chat,
    id,
    fromMe: isFromMe,
    ...(hasManyAuthors && !isFromMe ? { participant: sender } : {}),
  }
}
