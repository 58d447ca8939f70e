import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { asIdentity, wireJid } from './wire-jid.ts'

/** A pair as Baileys learns it (either member may carry a device part); empty when it is none. */
export function toIdentityEvents(pairs: readonly { lid: string; pn: string }[]): WhatsAppEvent[] {
  return pairs.flatMap(({ lid, pn }) => {
    const identity = asIdentity(wireJid(lid), wireJid(pn))
    return identity === null ? [] : [{ type: 'identity.learned' as const, ...identity }]
  })
}
