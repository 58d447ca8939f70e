import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { GroupState } from '../../state/group-state.ts'
import {
  type GroupActions,
  type GroupSwitch,
  type ParticipantOutcome,
  refusesToBeAdded,
} from '../groups/group-actions.ts'
import { groupNode, participantNode, requestNode } from '../groups/group-nodes.ts'
import { child, children, el, GROUP_SERVER, nowSeconds, text } from '../stanza.ts'
import { type IqContext, IqError, type IqHandler } from './iq-handler.ts'

type Answer = BinaryNode[] | IqError | undefined

const FORBIDDEN = new IqError(403, 'forbidden')
const NOT_FOUND = new IqError(404, 'item-not-found')
const GONE = new IqError(410, 'gone')
const NOT_ACCEPTABLE = new IqError(406, 'not-acceptable')
const NOT_AUTHORIZED = new IqError(401, 'not-authorized')

/** Longest subject, in characters as people count them, and longest description. */
const MAX_SUBJECT = 25
const MAX_DESCRIPTION = 2048
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** `w:g2`: everything clients ask about groups and do with them. */
export function groupIq(actions: GroupActions): IqHandler {
  return {
    xmlns: 'w:g2',
    async handle(iq, ctx) {
      const request = child(iq)
      if (!request) return undefined
      if (iq.attrs['to'] === GROUP_SERVER) return onService(iq, request, ctx, actions)
      const group = ctx.world.group(iq.attrs['to'])
      if (!group) return NOT_FOUND
      if (request.tag === 'accept') return acceptInvite(group, request, ctx, actions)
      if (!group.members.has(ctx.account)) return FORBIDDEN
      return iq.attrs['type'] === 'get'
        ? read(group, request, ctx.account)
        : change(group, request, ctx.account, actions)
    },
  }
}

function onService(iq: BinaryNode, request: BinaryNode, ctx: IqContext, actions: GroupActions): Answer {
  const { account, world } = ctx
  switch (request.tag) {
    case 'participating':
      return [
        el(
          'groups',
          {},
          [...world.groups.values()].filter(({ members }) => members.has(account)).map(groupNode),
        ),
      ]
    case 'create': {
      const jids = children(request).map(({ attrs }) => attrs['jid'] ?? '')
      const subject = request.attrs['subject'] ?? ''
      if (!isGoodSubject(subject)) return NOT_ACCEPTABLE
      const members = jids.map((jid) => world.account(jid)).filter((member) => member !== undefined)
      return [createdNode(actions.create(account, subject, members), jids, ctx)]
    }
    case 'leave': {
      const left = children(request).map(({ attrs }) => {
        const group = world.group(attrs['id'])
        if (!group) return el('group', { id: attrs['id'], error: 404 })
        if (!group.members.has(account)) return el('group', { id: attrs['id'], error: 403 })
        actions.leave(group, account)
        return el('group', { id: attrs['id'] })
      })
      return [el('leave', {}, left)]
    }
    case 'invite': {
      const code = request.attrs['code'] ?? ''
      const group = world.groupByInvite(code)
      if (!group) {
        const isRevoked = [...world.groups.values()].some(({ revokedCodes }) => revokedCodes.has(code))
        return isRevoked ? GONE : NOT_ACCEPTABLE
      }
      if (iq.attrs['type'] === 'get') return [groupNode(group)]
      if (group.members.has(account)) return [el('group', { jid: group.jid })]
      const outcome = actions.join(group, account)
      return [el(outcome === 'joined' ? 'group' : 'membership_approval_request', { jid: group.jid })]
    }
    default:
      return undefined
  }
}

/** A group just made, with those who could not be in it. */
function createdNode(group: GroupState, asked: string[], ctx: IqContext): BinaryNode {
  const made = groupNode(group)
  const missing = asked.flatMap((jid) => {
    const account = ctx.world.account(jid)
    if (account !== undefined && group.members.has(account)) return []
    const error = account === undefined ? 404 : refusesToBeAdded(account, ctx.account)
    const [outcome] = outcomesNode(group, 'add', [{ account, jid, ...(error !== undefined && { error }) }])
    return outcome === undefined ? [] : children(outcome)
  })
  return { ...made, content: [...children(made), ...missing] }
}

function isGoodSubject(subject: string): boolean {
  return subject.trim() !== '' && [...graphemes.segment(subject)].length <= MAX_SUBJECT
}

function acceptInvite(group: GroupState, request: BinaryNode, ctx: IqContext, actions: GroupActions): Answer {
  if (group.personalInvites.get(ctx.account) !== request.attrs['code']) return GONE
  group.personalInvites.delete(ctx.account)
  const admin = ctx.world.account(request.attrs['admin']) ?? group.creator
  actions.add(group, admin, [ctx.account.pn])
  return []
}

function read(group: GroupState, request: BinaryNode, account: Account): Answer {
  switch (request.tag) {
    case 'query':
      return [groupNode(group)]
    case 'invite':
      return group.isAdmin(account) ? [el('invite', { code: group.inviteCode })] : NOT_AUTHORIZED
    case 'membership_approval_requests': {
      if (!group.isAdmin(account)) return FORBIDDEN
      const requests = [...group.joinRequests.values()].map((each) => requestNode(group, each))
      return [el('membership_approval_requests', {}, requests)]
    }
    default:
      return undefined
  }
}

/** Changes everybody may make unless the group is locked; all others are the admins'. */
const INFO_CHANGES = new Set(['subject', 'description', 'ephemeral', 'not_ephemeral'])

function mayChange(group: GroupState, request: BinaryNode, account: Account): boolean {
  if (group.isAdmin(account)) return true
  if (request.tag === 'add') return group.memberAddMode === 'all_member_add'
  return INFO_CHANGES.has(request.tag) && !group.isLocked
}

function change(group: GroupState, request: BinaryNode, by: Account, actions: GroupActions): Answer {
  if (!mayChange(group, request, by)) return FORBIDDEN
  const jids = children(request).map(({ attrs }) => attrs['jid'] ?? '')
  switch (request.tag) {
    case 'add':
      return outcomesNode(group, request.tag, actions.add(group, by, jids))
    case 'remove':
      return outcomesNode(group, request.tag, actions.remove(group, by, jids))
    case 'promote':
    case 'demote':
      return outcomesNode(group, request.tag, actions.rank(group, by, jids, request.tag))
    case 'invite':
      return [el('invite', { code: actions.revokeInvite(group, by) })]
    case 'revoke':
      for (const [account] of group.personalInvites)
        if (jids.includes(account.pn)) group.personalInvites.delete(account)
      return []
    case 'membership_requests_action':
      return decide(group, request, by, actions)
    default:
      return changeSetting(group, request, by, actions)
  }
}

function changeSetting(group: GroupState, request: BinaryNode, by: Account, actions: GroupActions): Answer {
  switch (request.tag) {
    case 'subject':
      if (!isGoodSubject(text(request))) return NOT_ACCEPTABLE
      actions.setSubject(group, by, text(request))
      return []
    case 'description': {
      const current = group.description?.id
      if (request.attrs['prev'] !== current) return new IqError(409, 'conflict')
      const isDeleted = request.attrs['delete'] === 'true'
      if (!isDeleted && text(child(request, 'body')).length > MAX_DESCRIPTION) return NOT_ACCEPTABLE
      actions.setDescription(
        group,
        by,
        isDeleted ? undefined : text(child(request, 'body')),
        request.attrs['id'],
      )
      return []
    }
    case 'announcement':
    case 'not_announcement':
    case 'locked':
    case 'unlocked':
      actions.setSwitch(group, by, request.tag satisfies GroupSwitch)
      return []
    case 'ephemeral':
    case 'not_ephemeral':
      actions.setEphemeral(group, by, Number(request.attrs['expiration'] ?? 0))
      return []
    case 'member_add_mode':
      actions.setMemberAddMode(group, by, text(request) === 'all_member_add' ? 'all_member_add' : 'admin_add')
      return []
    case 'membership_approval_mode':
      actions.setApproval(group, by, child(request, 'group_join')?.attrs['state'] === 'on')
      return []
    default:
      return undefined
  }
}

function decide(group: GroupState, request: BinaryNode, by: Account, actions: GroupActions): Answer {
  const decisions = children(request).map((decision) => {
    const jids = children(decision).map(({ attrs }) => attrs['jid'] ?? '')
    const outcomes = actions.decide(group, by, jids, decision.tag === 'approve')
    return el(
      decision.tag,
      {},
      outcomes.map((outcome) => outcomeNode(group, outcome)),
    )
  })
  return [el('membership_requests_action', {}, decisions)]
}

function outcomesNode(group: GroupState, tag: string, outcomes: ParticipantOutcome[]): BinaryNode[] {
  const nodes = outcomes.map((outcome) => {
    const node = outcomeNode(group, outcome)
    if (tag !== 'add' || outcome.error !== 403 || !outcome.account) return node
    // Somebody who lets nobody add them is invited instead.
    const code = group.invitePersonally(outcome.account)
    return { ...node, content: [el('add_request', { code, expiration: nowSeconds() + 259_200 })] }
  })
  return [el(tag, {}, nodes)]
}

/** The person as the group names them, whatever address was asked by. */
function outcomeNode(group: GroupState, { account, jid, error }: ParticipantOutcome): BinaryNode {
  if (!account) return el('participant', { jid, error })
  return participantNode(group, account, { error })
}
