import type { Clock } from '../../core/clock.ts'
import type { Tx } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { ContactFacts, Identity } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { IdentityStore } from '../identities/identity-store.ts'
import type { Contact } from './contact.ts'
import type { ContactStore } from './contact-store.ts'

/** Writes what becomes known of people, inside transactions it is given. */
export class ContactLog {
  readonly #contacts: ContactStore
  readonly #identities: IdentityStore
  readonly #clock: Clock

  constructor(deps: {
    readonly contacts: ContactStore
    readonly identities: IdentityStore
    readonly clock: Clock
  }) {
    this.#contacts = deps.contacts
    this.#identities = deps.identities
    this.#clock = deps.clock
  }

  /** Something was learnt about a person; what is absent or empty stays as it was. Resolves to all that is known. */
  async applyFacts(tx: Tx, scope: AccountScope, facts: ContactFacts): Promise<Contact> {
    const alt = facts.jid === facts.lid ? facts.phone : facts.lid
    const address = await this.#identities.addressOf(tx, scope.deviceId, facts.jid, alt ?? null)
    const known = await this.#contacts.find(tx, scope, address.jid)
    const contact: Contact = {
      jid: known?.jid ?? address.jid,
      lid: address.lid ?? known?.lid ?? null,
      name: facts.name || (known?.name ?? ''),
      pushName: facts.pushName || (known?.pushName ?? ''),
      verifiedName: facts.verifiedName || (known?.verifiedName ?? ''),
    }
    await this.#save(tx, scope, known, contact)
    return contact
  }

  /** A message of some time ago carried a push name: kept when none is known. */
  async applyOlderPushName(tx: Tx, scope: AccountScope, jid: Jid, pushName: string): Promise<Contact> {
    const address = await this.#identities.addressOf(tx, scope.deviceId, jid)
    const known = await this.#contacts.find(tx, scope, address.jid)
    return known !== null && known.pushName !== '' ? known : this.applyFacts(tx, scope, { jid, pushName })
  }

  /** The LID and the phone number of each pair are one person: afterwards they are one contact, under the phone number. */
  async mergeIdentities(tx: Tx, scope: AccountScope, pairs: readonly Identity[]): Promise<void> {
    const jids = pairs.flatMap(({ lid, phone }) => [lid, phone])
    const before = await this.#contacts.findMany(tx, scope, jids)
    if (before.length === 0) return
    const contacts = new Map(before.map((contact) => [contact.jid, contact]))
    for (const { lid, phone } of pairs) mergeInto(contacts, lid, phone)
    const gone = before.filter(({ jid }) => !contacts.has(jid)).map(({ jid }) => jid)
    await this.#contacts.delete(tx, scope, gone)
    const known = new Map(before.map((contact) => [contact.jid, contact]))
    const changed = [...contacts.values()].filter((contact) => !isSame(known.get(contact.jid), contact))
    await this.#contacts.save(tx, scope, changed, this.#clock.now())
  }

  async #save(tx: Tx, scope: AccountScope, known: Contact | null, contact: Contact): Promise<void> {
    if (!isSame(known, contact)) await this.#contacts.save(tx, scope, [contact], this.#clock.now())
  }
}

/** Makes one contact of those of a person, under the phone number. */
function mergeInto(contacts: Map<Jid, Contact>, lid: Jid, phone: Jid): void {
  const byPhone = contacts.get(phone)
  const others = [...contacts.values()].filter(
    (contact) => contact.jid !== phone && (contact.jid === lid || contact.lid === lid),
  )
  const all = [...(byPhone === undefined ? [] : [byPhone]), ...others]
  if (all.length === 0) return
  for (const { jid } of others) contacts.delete(jid)
  contacts.set(phone, {
    jid: phone,
    lid,
    name: firstOf(all.map((contact) => contact.name)),
    pushName: firstOf(all.map((contact) => contact.pushName)),
    verifiedName: firstOf(all.map((contact) => contact.verifiedName)),
  })
}

function isSame(known: Contact | null | undefined, contact: Contact): boolean {
  return (
    known !== null &&
    known !== undefined &&
    known.jid === contact.jid &&
    known.lid === contact.lid &&
    known.name === contact.name &&
    known.pushName === contact.pushName &&
    known.verifiedName === contact.verifiedName
  )
}

function firstOf(names: readonly string[]): string {
  return names.find((name) => name !== '') ?? ''
}
