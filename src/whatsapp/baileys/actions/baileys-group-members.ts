import { getBinaryNodeChild } from 'baileys'
import type { GroupPerson, JoinRequest, MemberOutcome } from '../../group.ts'
import type { GroupMemberActions, MemberChange } from '../../group-member-actions.ts'
import type { Jid } from '../../jid.ts'
import { registeredOf } from '../number-lookup.ts'
import { groupIq, node, parseOutcomes, parseRequests, peopleNodes } from './group-nodes.ts'
import { GroupQueries } from './group-queries.ts'
import { privacyTokens } from './privacy-tokens.ts'
import type { ActionsDeps } from './session-actions.ts'

/** Numbers asked about in one question. */
const lookupSize = 100

/** Members of groups, in WhatsApp's own stanzas. */
export class BaileysGroupMembers implements GroupMemberActions {
  readonly #deps: Pick<ActionsDeps, 'access' | 'caches' | 'learn'>
  readonly #queries: GroupQueries

  constructor(deps: Pick<ActionsDeps, 'access' | 'caches' | 'learn'>) {
    this.#deps = deps
    this.#queries = new GroupQueries(deps.access)
  }

  async registered(phones: readonly Jid[]): Promise<readonly Jid[]> {
    const found: Jid[] = []
    for (let start = 0; start < phones.length; start += lookupSize) {
      const part = phones.slice(start, start + lookupSize)
      found.push(...(await this.#deps.access.ask((socket) => registeredOf(socket, part))))
    }
    return found
  }

  async change(group: Jid, change: MemberChange, people: readonly Jid[]): Promise<readonly MemberOutcome[]> {
    const tokens =
      change === 'add' ? await this.#deps.access.ask((socket) => privacyTokens(socket, people)) : new Map()
    const request = node(change, {}, peopleNodes(people, tokens))
    const answer = await this.#queries.change(group, groupIq(group, 'set', request))
    this.#deps.caches.groups.invalidate(group)
    return this.#learnFrom(parseOutcomes(getBinaryNodeChild(answer, change)))
  }

  async requests(group: Jid): Promise<readonly JoinRequest[]> {
    const question = groupIq(group, 'get', node('membership_approval_requests'))
    // Only admins may see them, so a refusal is told apart as a change's is.
    return this.#learnFrom(parseRequests(await this.#queries.change(group, question)))
  }

  async decide(
    group: Jid,
    verdict: 'approve' | 'reject',
    people: readonly Jid[],
  ): Promise<readonly MemberOutcome[]> {
    const decision = node(verdict, {}, peopleNodes(people, new Map()))
    const question = groupIq(group, 'set', node('membership_requests_action', {}, [decision]))
    const answer = await this.#queries.change(group, question)
    this.#deps.caches.groups.invalidate(group)
    const decided = getBinaryNodeChild(answer, 'membership_requests_action')
    return this.#learnFrom(parseOutcomes(getBinaryNodeChild(decided, verdict)))
  }

  #learnFrom<People extends readonly GroupPerson[]>(people: People): People {
    this.#deps.learn(people)
    return people
  }
}
