import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { GroupRank, GroupState } from '../../state/group-state.ts'
import { newMessageId } from '../../state/ids.ts'
import { newInviteCode, type World } from '../../state/world.ts'
import { notification } from '../push/notifications.ts'
import type { Router } from '../push/router.ts'
import { el, nowSeconds } from '../stanza.ts'
import { descriptionNode, groupNode, participantNode, requestNode } from './group-nodes.ts'

/** What became of one participant of a change; undefined is success. */
export interface ParticipantOutcome {
  account: Account | undefined
  jid: string
  error?: number
}

/** Settings of a group that are switched by one tag. */
export type GroupSwitch = 'announcement' | 'not_announcement' | 'locked' | 'unlocked'

/**
 * Changes groups and tells every member's devices, the acting one's included, as the server does. Whether the actor
 * may do it is decided by the caller.
 */
export class GroupActions {
  readonly #world: World
  readonly #router: Router

  constructor(world: World, router: Router) {
    this.#world = world
    this.#router = router
  }

  /** A new group; its members are told. Who lets nobody add them is left out. */
  create(by: Account, subject: string, members: Account[], addressingMode: 'lid' | 'pn' = 'lid'): GroupState {
    const group = this.#world.addGroup({ subject, creator: by, addressingMode, at: nowSeconds() })
    for (const account of members) {
      if (account !== by && refusesToBeAdded(account, by) === undefined) group.members.set(account, 'member')
    }
    this.#tell(group, by, [el('create', { type: 'new', key: newMessageId() }, [groupNode(group)])])
    return group
  }

  /** Adds members; one who is in already has 409, an unknown one 404, one who allows nobody 403. */
  add(group: GroupState, by: Account, jids: string[], reason?: 'invite'): ParticipantOutcome[] {
    const outcomes = this.#outcomes(jids, (account) =>
      group.members.has(account) ? 409 : reason === undefined ? refusesToBeAdded(account, by) : undefined,
    )
    const added = succeeded(outcomes)
    for (const account of added) {
      group.members.set(account, 'member')
      group.joinRequests.delete(account)
    }
    if (added.length > 0) {
      group.memberVersion++
      this.#tell(group, by, [membersNode(group, 'add', added, { reason })])
    }
    return outcomes
  }

  /** Removes members; they are told too. The creator goes only by themselves. A group without admins gets one. */
  remove(group: GroupState, by: Account, jids: string[]): ParticipantOutcome[] {
    const outcomes = this.#outcomes(jids, (account) => {
      if (!group.members.has(account)) return 404
      return group.members.get(account) === 'superadmin' && account !== by ? 406 : undefined
    })
    const removed = succeeded(outcomes)
    if (removed.length === 0) return outcomes
    const audience = [...group.members.keys()]
    const removal = membersNode(group, 'remove', removed)
    for (const account of removed) group.members.delete(account)
    group.memberVersion++
    this.#tell(group, by, [removal], audience)
    this.#ensureAdmin(group)
    return outcomes
  }

  /** A member goes. */
  leave(group: GroupState, account: Account): void {
    this.remove(group, account, [account.pn])
  }

  /** Makes members admins, or admins members. */
  rank(group: GroupState, by: Account, jids: string[], change: 'promote' | 'demote'): ParticipantOutcome[] {
    const outcomes = this.#outcomes(jids, (account) => {
      if (!group.members.has(account)) return 404
      if (group.members.get(account) === 'superadmin') return change === 'demote' ? 406 : 409
      return group.isAdmin(account) === (change === 'promote') ? 409 : undefined
    })
    const changed = succeeded(outcomes)
    const rank: GroupRank = change === 'promote' ? 'admin' : 'member'
    for (const account of changed) group.members.set(account, rank)
    if (changed.length > 0) group.memberVersion++
    if (changed.length > 0) this.#tell(group, by, [membersNode(group, change, changed)])
    return outcomes
  }

  setSubject(group: GroupState, by: Account, subject: string): void {
    group.subject = subject
    group.subjectSetAt = nowSeconds()
    group.subjectAuthor = by
    const s_o = group.jidOf(by)
    this.#tell(group, by, [el('subject', { subject, s_t: group.subjectSetAt, s_o })])
  }

  /** Sets the description; undefined takes it away. */
  setDescription(group: GroupState, by: Account, body: string | undefined, id = newMessageId()): void {
    group.description = body === undefined ? undefined : { id, body, setAt: nowSeconds(), author: by }
    this.#tell(group, by, [descriptionNode(group) ?? el('description', { id, delete: 'true' })])
  }

  setSwitch(group: GroupState, by: Account, to: GroupSwitch): void {
    if (to === 'announcement' || to === 'not_announcement') {
      group.isAnnouncement = to === 'announcement'
      group.announceVersion++
    } else group.isLocked = to === 'locked'
    this.#tell(group, by, [el(to)])
  }

  /** Sets the disappearing timer in seconds; 0 turns it off. */
  setEphemeral(group: GroupState, by: Account, seconds: number): void {
    group.ephemeralSeconds = seconds
    this.#tell(group, by, [seconds > 0 ? el('ephemeral', { expiration: seconds }) : el('not_ephemeral')])
  }

  setMemberAddMode(group: GroupState, by: Account, mode: GroupState['memberAddMode']): void {
    group.memberAddMode = mode
    this.#tell(group, by, [el('member_add_mode', {}, Buffer.from(mode))])
  }

  setApproval(group: GroupState, by: Account, on: boolean): void {
    group.needsApproval = on
    const join = el('group_join', { state: on ? 'on' : 'off' })
    this.#tell(group, by, [el('membership_approval_mode', {}, [join])])
  }

  /** Makes a new invite code; the older one leads nowhere then. */
  revokeInvite(group: GroupState, by: Account): string {
    group.revokedCodes.add(group.inviteCode)
    group.inviteCode = newInviteCode()
    this.#tell(group, by, [el('invite', { code: group.inviteCode })])
    return group.inviteCode
  }

  /** Somebody follows an invite link: joins, or asks to, where admins approve. */
  join(group: GroupState, account: Account): 'joined' | 'requested' {
    if (!group.needsApproval || group.members.has(account)) {
      this.add(group, account, [account.pn], 'invite')
      return 'joined'
    }
    const request = { account, requestedAt: nowSeconds(), method: 'invite_link' as const }
    group.joinRequests.set(account, request)
    const created = el('created_membership_requests', { request_method: request.method }, [
      requestNode(group, request),
    ])
    const admins = [...group.members.keys()].filter((member) => group.isAdmin(member))
    this.#tell(group, account, [created], admins)
    return 'requested'
  }

  /** Admits or turns away people who asked to join. */
  decide(group: GroupState, by: Account, jids: string[], approve: boolean): ParticipantOutcome[] {
    const outcomes = this.#outcomes(jids, (account) =>
      group.members.has(account) ? 409 : group.joinRequests.has(account) ? undefined : 404,
    )
    const decided = succeeded(outcomes)
    for (const account of decided) group.joinRequests.delete(account)
    if (decided.length === 0) return outcomes
    if (approve) {
      this.add(
        group,
        by,
        decided.map(({ pn }) => pn),
        'invite',
      )
    } else this.#tell(group, by, [membersNode(group, 'revoked_membership_requests', decided)])
    return outcomes
  }

  /** The oldest member becomes admin of a group that has none left. */
  #ensureAdmin(group: GroupState): void {
    const members = [...group.members.keys()]
    const [oldest] = members
    if (oldest === undefined || members.some((member) => group.isAdmin(member))) return
    group.members.set(oldest, 'admin')
    this.#tell(group, oldest, [membersNode(group, 'promote', [oldest])])
  }

  #outcomes(jids: string[], refusal: (account: Account) => number | undefined): ParticipantOutcome[] {
    return jids.map((jid) => {
      const account = this.#world.account(jid)
      const error = account ? refusal(account) : 404
      return { account, jid, ...(error !== undefined && { error }) }
    })
  }

  #tell(
    group: GroupState,
    by: Account,
    content: BinaryNode[],
    audience: Iterable<Account> = group.members.keys(),
  ): void {
    const address = group.otherJidOf(by)
    const other = group.addressingMode === 'lid' ? { participant_pn: address } : { participant_lid: address }
    const attrs = {
      from: group.jid,
      participant: group.jidOf(by),
      ...other,
      addressing_mode: group.addressingMode,
      notify: by.pushName,
    }
    const stanza = notification('w:gp2', attrs, content)
    for (const account of audience) {
      for (const device of account.devices.values()) this.#router.deliver(device, stanza)
    }
    group.changes.notify()
  }
}

/** Why somebody cannot be added by somebody else: 401 blocked, 403 their privacy; undefined when they can. */
export function refusesToBeAdded(account: Account, by: Account): number | undefined {
  if (account.blocked.has(by.lid)) return 401
  return account.privacy.get('groupadd') === 'none' ? 403 : undefined
}

function succeeded(outcomes: ParticipantOutcome[]): Account[] {
  return outcomes.flatMap(({ account, error }) => (account && error === undefined ? [account] : []))
}

function membersNode(
  group: GroupState,
  tag: string,
  accounts: Account[],
  attrs: Record<string, string | undefined> = {},
): BinaryNode {
  return el(
    tag,
    attrs,
    accounts.map((account) => participantNode(group, account)),
  )
}
