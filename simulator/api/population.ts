import type { GroupActions } from '../protocol/groups/group-actions.ts'
import { nowSeconds } from '../protocol/stanza.ts'
import type { GroupState } from '../state/group-state.ts'
import type { NewsletterState } from '../state/newsletter-state.ts'
import type { PersonServices } from './account-owner.ts'
import type { Behaviour } from './behaviour.ts'
import { Group } from './group.ts'
import { Newsletter } from './newsletter.ts'
import { Person } from './person.ts'

/** Who is to be added. */
export interface PersonOptions {
  /** Digits; made up where absent. */
  phone?: string
  name?: string
  /** Simulated devices besides the phone. Default 0. */
  companions?: number
  behaviour?: Partial<Behaviour>
}

/** Which group is to be added. */
export interface GroupOptions {
  subject: string
  owner: Person
  members: Person[]
  /** Default `lid`. */
  addressingMode?: 'lid' | 'pn'
}

/** Which newsletter is to be added. */
export interface NewsletterOptions {
  name: string
  owner: Person
  description?: string
  followers?: Person[]
}

/** The people, groups and newsletters of a simulator. */
export class Population {
  readonly #services: PersonServices
  readonly #groupActions: GroupActions
  readonly #people = new Map<string, Person>()
  readonly #groups = new Map<GroupState, Group>()
  readonly #newsletters = new Map<NewsletterState, Newsletter>()

  constructor(services: PersonServices, groupActions: GroupActions) {
    this.#services = services
    this.#groupActions = groupActions
  }

  /** Everybody, in the order they were added. */
  get people(): Person[] {
    return [...this.#people.values()]
  }

  /** All groups, also those that clients have created. */
  get groups(): Group[] {
    return [...this.#services.world.groups.values()].map((state) => this.#groupOf(state))
  }

  /** Adds somebody. */
  addPerson({ phone, name, companions = 0, behaviour = {} }: PersonOptions): Person {
    const account = this.#services.world.addAccount({ ...(phone && { phone }), ...(name && { name }) })
    const person = new Person(account, this.#services, { companions, behaviour })
    this.#people.set(account.pn, person)
    return person
  }

  /** Adds a group; nobody is told, it has always been there. */
  addGroup({ subject, owner, members, addressingMode = 'lid' }: GroupOptions): Group {
    const { world } = this.#services
    const state = world.addGroup({ subject, creator: owner.account, addressingMode, at: nowSeconds() })
    for (const { account } of members) if (account !== owner.account) state.members.set(account, 'member')
    return this.#groupOf(state)
  }

  /** All newsletters, also those that clients have created. */
  get newsletters(): Newsletter[] {
    return [...this.#services.world.newsletters.values()].map((state) => this.#newsletterOf(state))
  }

  /** Adds a newsletter; nobody is told, it has always been there. */
  addNewsletter({ name, owner, description, followers = [] }: NewsletterOptions): Newsletter {
    const state = this.#services.newsletters.create(owner.account, name, description)
    for (const { account } of followers)
      if (account !== owner.account) state.members.set(account, 'subscriber')
    return this.#newsletterOf(state)
  }

  /** The person who owns an account. */
  personOf(account: { pn: string }): Person | undefined {
    return this.#people.get(account.pn)
  }

  /** Stops everybody's timers. */
  close(): void {
    for (const person of this.#people.values()) person.close()
  }

  #newsletterOf(state: NewsletterState): Newsletter {
    const newsletter = this.#newsletters.get(state) ?? new Newsletter(state, this.#services.newsletters)
    this.#newsletters.set(state, newsletter)
    return newsletter
  }

  #groupOf(state: GroupState): Group {
    const group = this.#groups.get(state) ?? new Group(state, this.#groupActions)
    this.#groups.set(state, group)
    return group
  }
}
