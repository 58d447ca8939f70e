import type { Contact } from 'baileys'
import type { ContactFacts, WhatsAppEvent } from '../../whatsapp-event.ts'
import { wireJid } from './wire-jid.ts'

/** What Baileys tells of a person as our word; null when it names nobody or tells nothing. */
export function toContactFacts(contact: Partial<Contact>): ContactFacts | null {
  const jid = wireJid(contact.id)
  if (jid === null || !(jid.endsWith('@lid') || jid.endsWith('@s.whatsapp.net'))) return null
  const lid = wireJid(contact.lid)
  const phone = wireJid(contact.phoneNumber)
  const facts: ContactFacts = {
    jid,
    ...(lid?.endsWith('@lid') ? { lid } : {}),
    ...(phone?.endsWith('@s.whatsapp.net') ? { phone } : {}),
    ...(contact.name ? { name: contact.name } : {}),
    ...(contact.notify ? { pushName: contact.notify } : {}),
    ...(contact.verifiedName ? { verifiedName: contact.verifiedName } : {}),
  }
  return Object.keys(facts).length > 1 ? facts : null
}

/** Contacts upserted or updated. */
export function toContactEvents(contacts: readonly Partial<Contact>[]): WhatsAppEvent[] {
  return contacts.flatMap((contact) => {
    const facts = toContactFacts(contact)
    return facts === null ? [] : [{ type: 'contact.updated' as const, contact: facts }]
  })
}
