import type { Jid } from '../../jid.ts'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { asIdentity, wireJid } from './wire-jid.ts'

/** Pairs as Baileys learns them (either member may carry a device part); empty when there is none. */
export function toIdentityEvents(pairs: readonly { lid: string; pn: string }[]): WhatsAppEvent[] {
  return toLearnedEvents(pairs.map(({ lid, pn }) => [wireJid(lid), wireJid(pn)]))
}

/** The fact that these are pairs of one person's two addresses, in either order; empty when none of them is. */
export function toLearnedEvents(couples: readonly (readonly [Jid | null, Jid | null])[]): WhatsAppEvent[] {
  const pairs = couples.flatMap(([one, other]) => asIdentity(one, other) ?? [])
  return pairs.length === 0 ? [] : [{ type: 'identities.learned', pairs }]
}
