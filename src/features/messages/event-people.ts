import type { Db } from '../../db/database.ts'
import { type Jid, jidUser, makeJid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Address, IdentityStore } from '../identities/identity-store.ts'
import { type Contact, displayNameOf } from '../users/contact.ts'
import type { ContactReader } from '../users/contact-reader.ts'
import { type EventPerson, mentionedLids } from './message-events.ts'

/** Looks up the people of an event, inside the transaction that appends it. */
export class EventPeople {
  readonly #identities: IdentityStore
  readonly #contacts: ContactReader

  constructor(deps: { readonly identities: IdentityStore; readonly contacts: ContactReader }) {
    this.#identities = deps.identities
    this.#contacts = deps.contacts
  }

  /** The author of a message; ourselves when `isFromMe`, under the account's own JID. */
  async authorAddress(
    db: Db,
    scope: AccountScope,
    author: { readonly sender: Jid; readonly senderAlt: Jid | null; readonly isFromMe: boolean },
  ): Promise<Address> {
    const address = await this.#identities.addressOf(db, scope.deviceId, author.sender, author.senderAlt)
    return author.isFromMe ? { jid: scope.account, lid: address.lid } : address
  }

  /**
   * The person at an address with the name to show: saved, then `pushName` (the one that came along), then kept ones.
   * `known` is their contact when it is at hand.
   */
  async personAt(
    db: Db,
    scope: AccountScope,
    address: Address,
    pushName: string,
    known?: Contact,
  ): Promise<EventPerson> {
    const contact = known ?? (await this.#contacts.find(db, scope, address.jid))
    const displayName = displayNameOf(address.jid, {
      name: contact?.name ?? '',
      pushName: pushName === '' ? (contact?.pushName ?? '') : pushName,
      verifiedName: contact?.verifiedName ?? '',
    })
    return { ...address, displayName }
  }

  /** Phone numbers of the LIDs that a text mentions, as far as they are known: user part by user part. */
  async phonesMentioned(db: Db, scope: AccountScope, text: string): Promise<ReadonlyMap<string, string>> {
    const phones = new Map<string, string>()
    if (!text.includes('@')) return phones
    for (const user of mentionedLids(text)) {
      const phone = await this.#identities.phoneOf(db, scope.deviceId, makeJid(user, 'lid'))
      if (phone !== null) phones.set(user, jidUser(phone))
    }
    return phones
  }
}
