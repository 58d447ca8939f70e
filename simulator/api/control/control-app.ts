import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Simulator } from '../../simulator.ts'
import type { Group } from '../group.ts'
import type { Newsletter } from '../newsletter.ts'
import type { Person } from '../person.ts'
import type { MessageReference } from '../sent-message.ts'

export type ControlApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** A request that names something the simulator does not have, or that cannot be done. */
export class ControlError extends Error {
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** Finds people, groups and messages by what callers write: digits, JIDs, names of groups, message ids. */
export class Finder {
  readonly #simulator: Simulator

  constructor(simulator: Simulator) {
    this.#simulator = simulator
  }

  /** The person with that phone number, JID or LID. */
  person(text: string): Person {
    const jid = text.includes('@') ? text : `${text.replace(/^\+/, '')}@s.whatsapp.net`
    const account = this.#simulator.world.account(jid)
    const person = account && this.#simulator.personOf(account)
    if (!person) throw new ControlError(404, `nobody has the number ${text}; GET /people lists everybody`)
    return person
  }

  /** The group with that JID. */
  group(jid: string): Group {
    const group = this.#simulator.groups.find((each) => each.jid === jid)
    if (!group) throw new ControlError(404, `there is no group ${jid}; GET /groups lists them`)
    return group
  }

  /** The newsletter with that JID. */
  newsletter(jid: string): Newsletter {
    const newsletter = this.#simulator.newsletters.find((each) => each.jid === jid)
    if (!newsletter) throw new ControlError(404, `there is no newsletter ${jid}; GET /newsletters lists them`)
    return newsletter
  }

  /** A person or a group. */
  target(text: string): Person | Group {
    return text.endsWith('@g.us') ? this.group(text) : this.person(text)
  }

  /** A message that the person received (or sent from another device). */
  message(person: Person, id: string): MessageReference {
    const found = person.inbox.find((message) => message.id === id)
    if (!found) throw new ControlError(404, `${person.name} has no message ${id}`)
    return found
  }
}
