import type { GroupPerson } from '../../whatsapp/group.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import type { IdentityReader } from '../identities/identity-reader.ts'
import type { ContactReader } from '../users/contact-reader.ts'

/** A person of a group with everything that is known here too. `name` is '' when nobody knows it. */
export type KnownPerson<Person extends GroupPerson> = Person & { readonly name: string }

/** Adds what is known of people to what a group tells of them. */
export class PeopleDirectory {
  readonly #identities: Pick<IdentityReader, 'otherForms'>
  readonly #contacts: Pick<ContactReader, 'names'>

  constructor(deps: {
    readonly identities: Pick<IdentityReader, 'otherForms'>
    readonly contacts: Pick<ContactReader, 'names'>
  }) {
    this.#identities = deps.identities
    this.#contacts = deps.contacts
  }

  /** The same people with both of their addresses as far as they are known, and their names. */
  async know<Person extends GroupPerson>(
    scope: AccountScope,
    people: readonly Person[],
  ): Promise<KnownPerson<Person>[]> {
    const complete = await this.addresses(scope, people)
    const whole = people.map(complete)
    const names = await this.#contacts.names(scope, whole.flatMap(formsOf))
    return whole.map((person) => {
      const name = formsOf(person).map((jid) => names.get(jid))
      return { ...person, name: name.find((each) => each !== undefined) ?? '' }
    })
  }

  /** What fills in the address that a group did not tell, for these people. */
  async addresses(
    scope: AccountScope,
    people: readonly GroupPerson[],
  ): Promise<<Person extends GroupPerson>(person: Person) => Person> {
    const half = people.filter(({ phone, lid }) => phone === null || lid === null).map(({ jid }) => jid)
    const others = await this.#identities.otherForms(scope.deviceId, [...new Set(half)])
    return (person) => ({
      ...person,
      phone: person.phone ?? others.get(person.jid) ?? null,
      lid: person.lid ?? others.get(person.jid) ?? null,
    })
  }
}

/** The address to show: the phone number where it is known. */
export function shownJid({ jid, phone }: GroupPerson): Jid {
  return phone ?? jid
}

function formsOf({ jid, phone, lid }: GroupPerson): Jid[] {
  return [phone, lid, jid].filter((form) => form !== null)
}
