// Owns: the stanzas of groups (`w:g2`) that are asked and answered, as plain data. No I/O.
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, getBinaryNodeChildString } from 'baileys'
import type {
  AddRequest,
  Group,
  GroupMember,
  GroupPerson,
  GroupRank,
  GroupText,
  JoinRequest,
  MemberOutcome,
} from '../../group.ts'
import { type Jid, jidKind, makeJid } from '../../jid.ts'
import { wireJid } from '../incoming/wire-jid.ts'

/** Where questions go that are about no single group. */
export const groupServer = '@g.us'

/** A node without more in it. */
export function node(
  tag: string,
  attrs: Record<string, string> = {},
  content?: BinaryNode['content'],
): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

/** A question or change of a group; `to` is the group or the group server. */
export function groupIq(to: string, type: 'get' | 'set', request: BinaryNode): BinaryNode {
  return node('iq', { type, xmlns: 'w:g2', to }, [request])
}

/** People of a change, each with the token by which they allow us to reach them, where we have one. */
export function peopleNodes(people: readonly Jid[], tokens: ReadonlyMap<Jid, Uint8Array>): BinaryNode[] {
  return people.map((jid) => {
    const token = tokens.get(jid)
    return node('participant', { jid }, token === undefined ? undefined : [node('privacy', {}, token)])
  })
}

/** The question for a group picture's change: without bytes the picture goes. */
export function pictureIq(group: Jid, jpeg: Uint8Array | null): BinaryNode {
  const attrs = { type: 'set', xmlns: 'w:profile:picture', to: '@s.whatsapp.net', target: group }
  return node('iq', attrs, jpeg === null ? undefined : [node('picture', { type: 'image' }, jpeg)])
}

/** Reads a `<group>`; null when it is none. */
export function parseGroup(group: BinaryNode | undefined): Group | null {
  const id = group?.attrs['id']
  if (group === undefined || id === undefined || id === '') return null
  const { attrs } = group
  const jid = id.includes('@') ? wireJid(id) : makeJid(id, 'g.us')
  if (jid === null) return null
  const has = (tag: string) => getBinaryNodeChild(group, tag) !== undefined
  const members = getBinaryNodeChildren(group, 'participant').flatMap(parseMember)
  const mode = getBinaryNodeChildString(group, 'member_add_mode')
  return {
    jid,
    owner: personOf(attrs['creator'], attrs['creator_pn']),
    ownerCountryCode: attrs['creator_country_code'] ?? '',
    createdAt: timeOf(attrs['creation']),
    subject: {
      text: attrs['subject'] ?? '',
      setAt: timeOf(attrs['s_t']),
      setBy: personOf(attrs['s_o'], attrs['s_o_pn']),
    },
    topic: parseTopic(getBinaryNodeChild(group, 'description')),
    isLocked: has('locked'),
    isAnnounce: has('announcement'),
    announceVersion: attrs['a_v_id'] ?? '',
    expirationSeconds: numberOf(getBinaryNodeChild(group, 'ephemeral')?.attrs['expiration']),
    isIncognito: has('incognito'),
    isParent: has('parent'),
    defaultApprovalMode: getBinaryNodeChild(group, 'parent')?.attrs['default_membership_approval_mode'] ?? '',
    parent: wireJid(getBinaryNodeChild(group, 'linked_parent')?.attrs['jid']),
    isDefaultSubGroup: has('default_sub_group'),
    needsApproval: has('membership_approval_mode'),
    addressingMode: attrs['addressing_mode'] === 'lid' ? 'lid' : 'pn',
    memberAddMode: mode === 'admin_add' || mode === 'all_member_add' ? mode : '',
    isSuspended: has('suspended'),
    participantVersion: attrs['p_v_id'] ?? '',
    memberCount: numberOf(attrs['size']) || members.length,
    members,
  }
}

/** Reads the groups of a `<groups>`. */
export function parseGroups(answer: BinaryNode | undefined): Group[] {
  return getBinaryNodeChildren(getBinaryNodeChild(answer, 'groups'), 'group').flatMap((group) => {
    const parsed = parseGroup(group)
    return parsed === null ? [] : [parsed]
  })
}

/** Reads what became of each person of a change, from the node named like the change. */
export function parseOutcomes(change: BinaryNode | undefined): MemberOutcome[] {
  return getBinaryNodeChildren(change, 'participant').flatMap((participant) => {
    const member = parseMember(participant)[0]
    return member === undefined ? [] : [member]
  })
}

/** Reads who asks to join. */
export function parseRequests(answer: BinaryNode | undefined): JoinRequest[] {
  const list = getBinaryNodeChild(answer, 'membership_approval_requests')
  return getBinaryNodeChildren(list, 'membership_approval_request').flatMap(({ attrs }) => {
    const person = personOf(attrs['jid'], attrs['phone_number'] ?? attrs['lid'])
    return person === null ? [] : [{ ...person, requestedAt: timeOf(attrs['request_time']) }]
  })
}

/** Reads the answer to following an invite link; null when it is none. */
export function parseJoined(
  answer: BinaryNode | undefined,
): { group: Jid; state: 'joined' | 'requested' } | null {
  const joined = wireJid(getBinaryNodeChild(answer, 'group')?.attrs['jid'])
  if (joined !== null) return { group: joined, state: 'joined' }
  const requested = wireJid(getBinaryNodeChild(answer, 'membership_approval_request')?.attrs['jid'])
  return requested === null ? null : { group: requested, state: 'requested' }
}

function parseMember(participant: BinaryNode): GroupMember[] {
  const { attrs } = participant
  const person = personOf(attrs['jid'], attrs['phone_number'] ?? attrs['lid'])
  if (person === null) return []
  return [
    {
      ...person,
      rank: rankOf(attrs['type']),
      displayName: attrs['display_name'] ?? '',
      errorCode: numberOf(attrs['error']),
      addRequest: parseAddRequest(getBinaryNodeChild(participant, 'add_request')),
    },
  ]
}

function parseAddRequest(request: BinaryNode | undefined): AddRequest | null {
  const code = request?.attrs['code']
  return code === undefined ? null : { code, expiresAt: timeOf(request?.attrs['expiration']) }
}

function parseTopic(description: BinaryNode | undefined): (GroupText & { id: string }) | null {
  if (description === undefined) return null
  const { attrs } = description
  return {
    id: attrs['id'] ?? '',
    text: getBinaryNodeChildString(description, 'body') ?? '',
    setAt: timeOf(attrs['t']),
    setBy: personOf(attrs['participant'], attrs['participant_pn']),
  }
}

/** A person from one address or two; either may be the LID. */
function personOf(text: string | undefined, other: string | undefined): GroupPerson | null {
  const jid = wireJid(text)
  if (jid === null) return null
  const forms = [jid, wireJid(other)]
  return {
    jid,
    phone: forms.find((form) => form !== null && jidKind(form) === 'phone') ?? null,
    lid: forms.find((form) => form !== null && jidKind(form) === 'lid') ?? null,
  }
}

function rankOf(type: string | undefined): GroupRank {
  return type === 'admin' || type === 'superadmin' ? type : 'member'
}

function numberOf(text: string | undefined): number {
  const value = Number(text ?? 0)
  return Number.isSafeInteger(value) ? value : 0
}

/** A time in whole seconds; null for none, and for what is no time that we could write down. */
function timeOf(text: string | undefined): Date | null {
  const seconds = numberOf(text)
  return seconds > 0 && seconds < 253_402_300_800 ? new Date(seconds * 1000) : null
}
