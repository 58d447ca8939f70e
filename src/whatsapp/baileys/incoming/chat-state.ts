import type { BinaryNode } from 'baileys'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { childrenOf } from './node-reading.ts'
import { wireJid } from './wire-jid.ts'

/** A raw `chatstate` as our word. Baileys' own event cannot tell "paused" from "came online". */
export function toChatStateEvents(node: BinaryNode): WhatsAppEvent[] {
  const chat = wireJid(node.attrs.from)
  const from = wireJid(node.attrs.participant) ?? chat
  const [what] = childrenOf(node)
  if (chat === null || from === null || what === undefined) return []
  if (what.tag !== 'composing' && what.tag !== 'paused') return []
  const isRecording = what.attrs.media === 'audio'
  return [{ type: 'chat.presence', chat, from, state: what.tag, isRecording }]
}
