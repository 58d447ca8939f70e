import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { GroupState, JoinRequest } from '../../state/group-state.ts'
import { el } from '../stanza.ts'

/** A group as metadata queries and `create` notifications show it. */
export function groupNode(group: GroupState): BinaryNode {
  const byLid = group.addressingMode === 'lid'
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
      creator_pn: byLid ? group.creator.pn : undefined,
      s_t: group.subjectSetAt,
      s_o: group.jidOf(group.subjectAuthor),
      s_o_pn: byLid ? group.subjectAuthor.pn : undefined,
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
  const other = group.addressingMode === 'lid' ? { phone_number: account.pn } : { lid: account.lid }
  return el('participant', { jid: group.jidOf(account), ...other, ...attrs })
}

/** The description, as metadata and notifications carry it. */
export function descriptionNode(group: GroupState): BinaryNode | undefined {
  const { description } = group
  if (!description) return undefined
  const { id, setAt, author, body } = description
  const participant_pn = group.addressingMode === 'lid' ? author.pn : undefined
  const attrs = { id, t: setAt, participant: group.jidOf(author), participant_pn }
  return el('description', attrs, [el('body', {}, Buffer.from(body))])
}

/** Somebody who wants to join. */
export function requestNode(group: GroupState, { account, requestedAt, method }: JoinRequest): BinaryNode {
  const other = group.addressingMode === 'lid' ? { phone_number: account.pn } : { lid: account.lid }
  return el('membership_approval_request', {
    jid: group.jidOf(account),
    ...other,
    requested_at: requestedAt,
    request_method: method,
  })
}

function settingNodes(group: GroupState): BinaryNode[] {
  const nodes: (BinaryNode | undefined)[] = [
    descriptionNode(group),
    group.isAnnouncement ? el('announcement') : undefined,
    group.isLocked ? el('locked') : undefined,
    group.ephemeralSeconds > 0 ? el('ephemeral', { expiration: group.ephemeralSeconds }) : undefined,
    el('member_add_mode', {}, Buffer.from(group.memberAddMode)),
    group.needsApproval ? el('membership_approval_mode', {}, [el('group_join', { state: 'on' })]) : undefined,
  ]
  return nodes.filter((node) => node !== undefined)
}
