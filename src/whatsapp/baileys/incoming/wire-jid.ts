import { type Jid, makeJid, splitJid } from '../../jid.ts'

/** Who we are on this connection, without device parts. `lid` is null until WhatsApp told it. */
export interface Me {
  readonly jid: Jid
  readonly lid: Jid | null
}

/**
 * An address as Baileys hands it over, as our word: device part dropped, hosted servers taken as their plain ones.
 * Null for what is missing or no address.
 */
export function wireJid(text: string | null | undefined): Jid | null {
  if (text === null || text === undefined || text === '') return null
  const parts = splitJid(text)
  if (parts === null) return null
  switch (parts.server) {
    case 'hosted':
      return makeJid(parts.user, 's.whatsapp.net')
    case 'hosted.lid':
      return makeJid(parts.user, 'lid')
    default:
      return makeJid(parts.user, parts.server)
  }
}

/** Whether an address is one of ours, in either form. */
export function isMe(jid: Jid | null, me: Me): boolean {
  return jid !== null && (jid === me.jid || jid === me.lid)
}

/** Our address in the form that the other one has, as far as it is known. */
export function meLike(other: Jid, me: Me): Jid {
  return other.endsWith('@lid') && me.lid !== null ? me.lid : me.jid
}

/** The pair of a LID and a phone-number JID in either order; null when the two are not such a pair. */
export function asIdentity(one: Jid | null, other: Jid | null): { lid: Jid; phone: Jid } | null {
  if (one === null || other === null) return null
  if (one.endsWith('@lid') && other.endsWith('@s.whatsapp.net')) return { lid: one, phone: other }
  if (other.endsWith('@lid') && one.endsWith('@s.whatsapp.net')) return { lid: other, phone: one }
  return null
}
