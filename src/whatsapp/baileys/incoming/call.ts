import type { BinaryNode } from 'baileys'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toDate } from './content.ts'
import { childOf, childrenOf } from './node-reading.ts'
import { asIdentity, wireJid } from './wire-jid.ts'

/** A raw call stanza as our word; empty for everything after the offer. */
export function toCallEvents(node: BinaryNode): WhatsAppEvent[] {
  const offer = childrenOf(node).find(({ tag }) => tag === 'offer' || tag === 'offer_notice')
  const from = wireJid(offer?.attrs['call-creator'] ?? offer?.attrs.from ?? node.attrs.from)
  const callId = offer?.attrs['call-id']
  if (offer === undefined || from === null || !callId) return []
  const fromAlt = wireJid(offer.attrs.caller_pn)
  const identity = asIdentity(from, fromAlt)
  const learned: WhatsAppEvent[] = identity === null ? [] : [{ type: 'identity.learned', ...identity }]
  return [
    ...learned,
    {
      type: 'call.offered',
      callId,
      from,
      fromAlt,
      isVideo: childOf(offer, 'video') !== undefined || offer.attrs.media === 'video',
      group: wireJid(offer.attrs['group-jid']),
      platform: node.attrs.platform ?? '',
      version: node.attrs.version ?? '',
      at: toDate(node.attrs.t),
    },
  ]
}
