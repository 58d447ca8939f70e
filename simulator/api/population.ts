import type { GroupActions } from '../protocol/groups/group-actions.ts'
import { nowSeconds } from '../protocol/stanza.ts'
import type { GroupState } from '../state/group-state.ts'
import type { Behaviour } from './behaviour.ts'
import { Group } from './group.ts'
import { Person, type PersonServices } from './person.ts'

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

/** The people and groups of a simulator. */
export class Population {
  readonly #services: PersonServices
  readonly #groupActions: GroupActions
  readonly #people = new Map<string, Person>()
  readonly #groups = new Map<GroupState, Group>()

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

  /** The person who owns an account. */
  personOf(account: { pn: string }): Person | undefined {
    return this.#people.get(account.pn)
  }

  /** Stops everybody's timers. */
  close(): void {
    for (const person of this.#people.values()) person.close()
  }

  #groupOf(state: GroupState): Group {
    const group = this.#groups.get(state) ?? new Group(state, this.#groupActions)
    this.#groups.set(state, group)
    return group
  }
}
