import { type Jid, jidKind, jidUser, makeJid } from '../whatsapp/jid.ts'
import type { Mentions } from '../whatsapp/outgoing-message.ts'
import { toRecipient } from './phone-input.ts'

/**
 * Whom a text mentions: everybody written as `@<digits>` in it, and the listed numbers or JIDs; `@everyone` in the list is
 * all members of the group. Null when nobody is.
 */
export function toMentions(text: string, listed: readonly string[]): Mentions | null {
  const named = listed.map((entry) => toMentioned(entry)).filter((jid): jid is Jid => jid !== null)
  // The digits of a listed LID are no phone number.
  const lidUsers = new Set(named.filter((jid) => jidKind(jid) === 'lid').map(jidUser))
  const written = [...text.matchAll(/(?<!\w)@(\d+)/g)].map((match) => match[1] ?? '')
  const numbers = written.filter((user) => !lidUsers.has(user))
  const people = new Set([...numbers.map((user) => makeJid(user, 's.whatsapp.net')), ...named])
  const everyone = listed.some((entry) => entry.trim() === '@everyone')
  return people.size === 0 && !everyone ? null : { people: [...people], everyone }
}

/** Whom an entry of a list of mentions is: a number, or the JID of a person by number or LID. Null when it is nobody's. */
export function toMentioned(listed: string): Jid | null {
  const entry = listed.trim()
  const jid = toRecipient(entry.includes('@') ? entry : `${entry}@s.whatsapp.net`)
  return jid !== null && (jidKind(jid) === 'phone' || jidKind(jid) === 'lid') ? jid : null
}
