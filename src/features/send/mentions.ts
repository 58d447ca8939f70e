import { type Jid, jidKind, makeJid } from '../../whatsapp/jid.ts'
import type { Mentions } from '../../whatsapp/outgoing-message.ts'
import { toRecipient } from '../phone-input.ts'

/**
 * Whom a text mentions: everybody written as `@<digits>` in it, and the listed numbers or JIDs; `@everyone` in the list is
 * all members of the group. Null when nobody is.
 */
export function toMentions(text: string, listed: readonly string[]): Mentions | null {
  const people = new Set<Jid>()
  for (const match of text.matchAll(/(?<!\w)@(\d+)/g)) people.add(makeJid(match[1] ?? '', 's.whatsapp.net'))
  for (const entry of listed) {
    const jid = toPerson(entry.trim())
    if (jid !== null) people.add(jid)
  }
  const everyone = listed.some((entry) => entry.trim() === '@everyone')
  return people.size === 0 && !everyone ? null : { people: [...people], everyone }
}

function toPerson(entry: string): Jid | null {
  const jid = toRecipient(entry.includes('@') ? entry : `${entry}@s.whatsapp.net`)
  return jid !== null && (jidKind(jid) === 'phone' || jidKind(jid) === 'lid') ? jid : null
}
