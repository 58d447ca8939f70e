import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { GroupState, JoinRequest } from '../../state/group-state.ts'
import { el } from '../stanza.ts'

/** A group as metadata queries and `create` notifications show it. */
export function groupNode(group: GroupState): BinaryNode {
  const byLid = group.addressingMode === 'lid'
  const pnOf = (account: Account) => (byLid ? group.otherJidOf(account) : undefined)
  const content = [...group.members].map(([account, rank]) =>
    participantNode(group, account, { type: rank === 'member' ? undefined : rank }),
  )
  return el(
    'group',
    {
      id: group.jid.split('@')[0],
      subject: group.subject,
      creation: group.createdAt,
      creator: group.jidOf(group.creator),
      creator_pn: pnOf(group.creator),
      s_t: group.subjectSetAt,
      s_o: group.jidOf(group.subjectAuthor),
      s_o_pn: pnOf(group.subjectAuthor),
      a_v_id: group.announceVersion,
      p_v_id: group.memberVersion,
      addressing_mode: group.addressingMode,
      size: group.members.size,
    },
    [...content, ...settingNodes(group)],
  )
}

/** A member with both JIDs: the group's form first, the other one beside it. */
export function participantNode(
  group: GroupState,
  account: Account,
  attrs: Record<string, string | number | undefined> = {},
): BinaryNode {
  return el('participant', { jid: group.jidOf(account), ...otherAddress(group, account), ...attrs })
}

/** The description, as metadata and notifications carry it. */
export function descriptionNode(group: GroupState): BinaryNode | undefined {
  const { description } = group
  if (!description) return undefined
  const { id, setAt, author, body } = description
  const participant_pn = group.addressingMode === 'lid' ? group.otherJidOf(author) : undefined
  const attrs = { id, t: setAt, participant: group.jidOf(author), participant_pn }
  return el('description', attrs, [el('body', {}, Buffer.from(body))])
}

/** Somebody who wants to join. */
export function requestNode(group: GroupState, { account, requestedAt, method }: JoinRequest): BinaryNode {
  return el('membership_approval_request', {
    jid: group.jidOf(account),
    ...otherAddress(group, account),
    request_time: requestedAt,
    request_method: method,
  })
}

/** The address beside the group's own one, named for what it is. */
export function otherAddress(group: GroupState, account: Account): Record<string, string | undefined> {
  const other = group.otherJidOf(account)
  return group.addressingMode === 'lid' ? { phone_number: other } : { lid: other }
}

function settingNodes(group: GroupState): BinaryNode[] {
  const nodes: (BinaryNode | undefined)[] = [
    descriptionNode(group),
    group.isAnnouncement ? el('announcement') : undefined,
    group.isLocked ? el('locked') : undefined,
    group.isIncognito ? el('incognito') : undefined,
    group.ephemeralSeconds > 0 ? el('ephemeral', { expiration: group.ephemeralSeconds }) : undefined,
    el('member_add_mode', {}, Buffer.from(group.memberAddMode)),
    group.needsApproval ? el('membership_approval_mode', {}, [el('group_join', { state: 'on' })]) : undefined,
  ]
  return nodes.filter((node) => node !== undefined)
}
