import { AppError } from '../../core/app-error.ts'
import type { Group } from '../../whatsapp/group.ts'
import type { GroupSwitch } from '../../whatsapp/group-actions.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import { inviteLink, toGroupJid, toInviteCode, toPeople } from './group-inputs.ts'
import { failureOf, type MemberResult } from './member-outcomes.ts'
import { type PeopleDirectory, shownJid } from './people-directory.ts'

/** Groups as a whole: what they are, and what their members change about them. */
export class GroupService {
  readonly #sessions: SessionLookup
  readonly #people: PeopleDirectory

  constructor(deps: { readonly sessions: SessionLookup; readonly people: PeopleDirectory }) {
    this.#sessions = deps.sessions
    this.#people = deps.people
  }

  /** Every group the account is in. */
  async list(scope: AccountScope): Promise<Group[]> {
    return this.#complete(scope, await this.#sessions.for(scope.deviceId).groups.list())
  }

  /** One group in full. */
  async info(scope: AccountScope, groupId: string): Promise<Group> {
    const session = this.#sessions.for(scope.deviceId)
    const group = await session.groups.info(toGroupJid(groupId))
    const [whole] = await this.#complete(scope, [group])
    return whole ?? group
  }

  /** Makes a group; answers its JID and who could not be added to it. Nothing is made when one is not on WhatsApp. */
  async create(
    scope: AccountScope,
    title: string,
    participants: readonly string[],
  ): Promise<{ group: Jid; failures: MemberResult[] }> {
    const session = this.#sessions.for(scope.deviceId)
    const people = await toPeople(session.groupMembers, participants)
    const { jid, members } = await session.groups.create(title, people).catch(unacceptable('title'))
    const failures = members.flatMap((member) => {
      const failure = failureOf('add', member.errorCode)
      return failure === null ? [] : [{ participant: shownJid(member), failure, errorCode: member.errorCode }]
    })
    return { group: jid, failures }
  }

  /** Leaves a group. */
  async leave(scope: AccountScope, groupId: string): Promise<Jid> {
    return this.#act(scope, groupId, (groups, group) => groups.leave(group))
  }

  /** What an invite link leads to. */
  async inviteInfo(scope: AccountScope, link: string): Promise<Group> {
    const session = this.#sessions.for(scope.deviceId)
    return session.groups.inviteInfo(toInviteCode(link))
  }

  /** Follows an invite link; `requested` when the group's admins decide about it. */
  async join(
    scope: AccountScope,
    link: string,
  ): Promise<{ readonly group: Jid; readonly state: 'joined' | 'requested' }> {
    const session = this.#sessions.for(scope.deviceId)
    return session.groups.join(toInviteCode(link))
  }

  /** The group's invite link; a new one with `isReset`. */
  async inviteLink(
    scope: AccountScope,
    groupId: string,
    isReset: boolean,
  ): Promise<{ group: Jid; link: string }> {
    const session = this.#sessions.for(scope.deviceId)
    const group = toGroupJid(groupId)
    return { group, link: inviteLink(await session.groups.inviteCode(group, isReset)) }
  }

  /** Renames a group. */
  async rename(scope: AccountScope, groupId: string, name: string): Promise<Jid> {
    return this.#act(scope, groupId, (groups, group) =>
      groups.setSubject(group, name).catch(unacceptable('name')),
    )
  }

  /** Sets the description, or takes it away with ''. */
  async describe(scope: AccountScope, groupId: string, topic: string): Promise<Jid> {
    return this.#act(scope, groupId, (groups, group) =>
      groups.setTopic(group, topic).catch(unacceptable('topic')),
    )
  }

  /** Turns a setting on or off. */
  async switch(scope: AccountScope, groupId: string, setting: GroupSwitch, isOn: boolean): Promise<Jid> {
    return this.#act(scope, groupId, (groups, group) => groups.setSwitch(group, setting, isOn))
  }

  async #act(
    scope: AccountScope,
    groupId: string,
    work: (groups: ReturnType<SessionLookup['for']>['groups'], group: Jid) => Promise<void>,
  ): Promise<Jid> {
    const { groups } = this.#sessions.for(scope.deviceId)
    const group = toGroupJid(groupId)
    await work(groups, group)
    return group
  }

  /** The same groups with both addresses of everybody, where they are known here. */
  async #complete(scope: AccountScope, groups: readonly Group[]): Promise<Group[]> {
    const people = groups.flatMap(({ owner, subject, topic, members }) =>
      [owner, subject.setBy, topic?.setBy ?? null, ...members].filter((person) => person !== null),
    )
    const complete = await this.#people.addresses(scope, people)
    const orNull = (person: Group['owner']) => (person === null ? null : complete(person))
    return groups.map((group) => ({
      ...group,
      owner: orNull(group.owner),
      subject: { ...group.subject, setBy: orNull(group.subject.setBy) },
      topic: group.topic === null ? null : { ...group.topic, setBy: orNull(group.topic.setBy) },
      members: group.members.map(complete),
    }))
  }
}

/** WhatsApp's word that a text cannot be, as the caller's field. */
function unacceptable(field: string) {
  return (error: unknown): never => {
    if (!(error instanceof AppError) || error.details?.['whatsappCode'] !== 406) throw error
    throw new AppError('validation_failed', {
      message: `${field}: WhatsApp does not accept this text.`,
      cause: error,
    })
  }
}
