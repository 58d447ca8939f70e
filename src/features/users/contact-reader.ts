import type { Db } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import { type Contact, displayNameOf } from './contact.ts'
import type { ContactStore } from './contact-store.ts'

/** Most people asked about in one query. */
const lookupSize = 500

/** Answers questions about the people an account knows. */
export class ContactReader {
  readonly #db: Db
  readonly #contacts: ContactStore

  constructor(deps: { readonly db: Db; readonly contacts: ContactStore }) {
    this.#db = deps.db
    this.#contacts = deps.contacts
  }

  /** The contact with this JID, phone number or LID alike; null when there is none. */
  get(scope: AccountScope, jid: Jid): Promise<Contact | null> {
    return this.#contacts.find(this.#db, scope, jid)
  }

  /** Every contact of the account. */
  list(scope: AccountScope): Promise<Contact[]> {
    return this.#contacts.list(this.#db, scope)
  }

  /** The name to show for a person: saved, push or business name, else the user part of the JID. */
  async displayName(scope: AccountScope, jid: Jid): Promise<string> {
    return displayNameOf(jid, await this.get(scope, jid))
  }

  /** The names to show for many people at once, by the JID asked for. */
  async displayNames(scope: AccountScope, jids: readonly Jid[]): Promise<ReadonlyMap<Jid, string>> {
    const wanted = [...new Set(jids)]
    const contacts = await this.#contacts.findMany(this.#db, scope, wanted)
    return new Map(
      wanted.map((jid) => {
        const contact = contacts.find((known) => known.jid === jid || known.lid === jid)
        return [jid, displayNameOf(jid, contact ?? null)]
      }),
    )
  }

  /** Names of people who have one (saved, push or business name), by the JID asked for; made for whole groups. */
  async names(scope: AccountScope, jids: readonly Jid[]): Promise<ReadonlyMap<Jid, string>> {
    const contacts = new Map<Jid, Contact>()
    const wanted = [...new Set(jids)]
    for (let start = 0; start < wanted.length; start += lookupSize) {
      const part = wanted.slice(start, start + lookupSize)
      for (const contact of await this.#contacts.findMany(this.#db, scope, part)) {
        if (contact.lid !== null) contacts.set(contact.lid, contact)
        contacts.set(contact.jid, contact)
      }
    }
    return new Map(
      wanted.flatMap((jid) => {
        const contact = contacts.get(jid)
        const name = contact?.name || contact?.pushName || contact?.verifiedName
        return name ? [[jid, name] as const] : []
      }),
    )
  }

  /** The contact as seen from inside a transaction. */
  find(db: Db, scope: AccountScope, jid: Jid): Promise<Contact | null> {
    return this.#contacts.find(db, scope, jid)
  }
}
