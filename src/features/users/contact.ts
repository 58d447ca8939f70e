import { type Jid, jidUser } from '../../whatsapp/jid.ts'

/** What is known of a person. Names are '' when unknown. */
export interface Contact {
  /** Phone-number JID when known, else LID. */
  readonly jid: Jid
  readonly lid: Jid | null
  /** The name in the account's address book. */
  readonly name: string
  /** The name the person gave themselves. */
  readonly pushName: string
  /** The verified name of a business. */
  readonly verifiedName: string
}

/** The name to show: saved name, else push name, else business name, else the user part of the JID. */
export function displayNameOf(
  jid: Jid,
  contact: Pick<Contact, 'name' | 'pushName' | 'verifiedName'> | null,
): string {
  for (const name of [contact?.name, contact?.pushName, contact?.verifiedName]) {
    if (name !== undefined && name !== '') return name
  }
  return jidUser(jid)
}
