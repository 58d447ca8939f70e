import { AppError } from '../../core/app-error.ts'
import type { Group, GroupMember, JoinRequest } from '../../whatsapp/group.ts'
import type { MemberChange } from '../../whatsapp/group-member-actions.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import { toGroupJid, toPeople } from './group-inputs.ts'
import { type MemberResult, toResults } from './member-outcomes.ts'
import type { KnownPerson, PeopleDirectory } from './people-directory.ts'

/** The members of groups: who they are, who comes and goes, and who wants to. */
export class GroupMemberService {
  readonly #sessions: SessionLookup
  readonly #people: PeopleDirectory

  constructor(deps: { readonly sessions: SessionLookup; readonly people: PeopleDirectory }) {
    this.#sessions = deps.sessions
    this.#people = deps.people
  }

  /** A group's members with their names. */
  async members(
    scope: AccountScope,
    groupId: string,
  ): Promise<{ group: Group; members: KnownPerson<GroupMember>[] }> {
    const session = this.#sessions.for(scope.deviceId)
    const group = await session.groups.info(toGroupJid(groupId))
    const members = await this.#people.know(scope, group.members)
    // A group that hides its members has names of its own for them.
    const named = members.map((member) => ({ ...member, name: member.name || member.displayName }))
    return { group, members: named }
  }

  /** Changes people's place in a group; each has a result of their own. Nothing is done when one is not on WhatsApp. */
  async change(
    scope: AccountScope,
    groupId: string,
    change: MemberChange,
    participants: readonly string[],
  ): Promise<MemberResult[]> {
    const session = this.#sessions.for(scope.deviceId)
    const group = toGroupJid(groupId)
    const people = await toPeople(session.groupMembers, participants)
    return toResults(change, people, await session.groupMembers.change(group, change, people))
  }

  /** Who asks to join a group, with their names. */
  async requests(scope: AccountScope, groupId: string): Promise<KnownPerson<JoinRequest>[]> {
    const session = this.#sessions.for(scope.deviceId)
    return this.#people.know(scope, await session.groupMembers.requests(toGroupJid(groupId)))
  }

  /**
   * Lets people in who asked, or turns them away; answers those who could not be. Raises `whatsapp_not_found` when nobody
   * of them could be.
   */
  async decide(
    scope: AccountScope,
    groupId: string,
    verdict: 'approve' | 'reject',
    participants: readonly string[],
  ): Promise<{ group: Jid; failures: MemberResult[] }> {
    const session = this.#sessions.for(scope.deviceId)
    const group = toGroupJid(groupId)
    const people = await toPeople(session.groupMembers, participants)
    const asking = await this.#people.know(scope, await session.groupMembers.requests(group))
    // A request is named by the address that it was made under.
    const named = people.map(
      (person) => asking.find(({ jid, phone, lid }) => [jid, phone, lid].includes(person))?.jid ?? person,
    )
    const outcomes = await session.groupMembers.decide(group, verdict, named)
    const results = toResults(verdict, named, outcomes).map((result, index) => ({
      ...result,
      participant: people[index] ?? result.participant,
    }))
    const failures = results.filter(({ failure }) => failure !== null)
    if (failures.length === results.length) throw nobody(failures)
    return { group, failures }
  }
}

function nobody(failures: readonly MemberResult[]): AppError {
  const message = failures.map(({ participant, failure }) => `${participant}: ${failure}`).join('; ')
  const isAboutPeople = failures.every(({ errorCode }) => errorCode === 404 || errorCode === 409)
  return new AppError(isAboutPeople ? 'whatsapp_not_found' : 'whatsapp_refused', { message })
}
