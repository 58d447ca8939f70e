import { getBinaryNodeChild } from 'baileys'
import type { JoinRequest, MemberOutcome } from '../../group.ts'
import type { GroupMemberActions, MemberChange } from '../../group-member-actions.ts'
import type { Jid } from '../../jid.ts'
import { registeredOf } from '../number-lookup.ts'
import type { GroupCache } from '../shared-caches.ts'
import { groupIq, node, parseOutcomes, parseRequests, peopleNodes } from './group-nodes.ts'
import { GroupQueries } from './group-queries.ts'
import { privacyTokens } from './privacy-tokens.ts'
import type { SocketAccess } from './socket-access.ts'

/** Numbers asked about in one question. */
const lookupSize = 100

/** Members of groups, in WhatsApp's own stanzas. */
export class BaileysGroupMembers implements GroupMemberActions {
  readonly #access: SocketAccess
  readonly #queries: GroupQueries
  readonly #cache: GroupCache

  constructor(access: SocketAccess, cache: GroupCache) {
    this.#access = access
    this.#queries = new GroupQueries(access)
    this.#cache = cache
  }

  async registered(phones: readonly Jid[]): Promise<readonly Jid[]> {
    const found: Jid[] = []
    for (let start = 0; start < phones.length; start += lookupSize) {
      const part = phones.slice(start, start + lookupSize)
      found.push(...(await this.#access.ask((socket) => registeredOf(socket, part))))
    }
    return found
  }

  async change(group: Jid, change: MemberChange, people: readonly Jid[]): Promise<readonly MemberOutcome[]> {
    const tokens =
      change === 'add' ? await this.#access.ask((socket) => privacyTokens(socket, people)) : new Map()
    const request = node(change, {}, peopleNodes(people, tokens))
    const answer = await this.#queries.change(group, groupIq(group, 'set', request))
    this.#cache.invalidate(group)
    return parseOutcomes(getBinaryNodeChild(answer, change))
  }

  async requests(group: Jid): Promise<readonly JoinRequest[]> {
    const question = groupIq(group, 'get', node('membership_approval_requests'))
    // Only admins may see them, so a refusal is told apart as a change's is.
    return parseRequests(await this.#queries.change(group, question))
  }

  async decide(
    group: Jid,
    verdict: 'approve' | 'reject',
    people: readonly Jid[],
  ): Promise<readonly MemberOutcome[]> {
    const decision = node(verdict, {}, peopleNodes(people, new Map()))
    const question = groupIq(group, 'set', node('membership_requests_action', {}, [decision]))
    const answer = await this.#queries.change(group, question)
    this.#cache.invalidate(group)
    const decided = getBinaryNodeChild(answer, 'membership_requests_action')
    return parseOutcomes(getBinaryNodeChild(decided, verdict))
  }
}
