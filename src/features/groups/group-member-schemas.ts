import { z } from 'zod'
import type { Group, GroupMember, JoinRequest } from '../../whatsapp/group.ts'
import { jidUser } from '../../whatsapp/jid.ts'
import { timeOf } from './group-info-schemas.ts'
import { groupId, participants } from './group-schemas.ts'
import type { MemberResult } from './member-outcomes.ts'
import { type KnownPerson, shownJid } from './people-directory.ts'

/** Query of lists about a group; a blank id has an error of its own. */
export const membersQuery = z.object({
  group_id: z.string().default('').describe('The group: its id, with or without `@g.us`.'),
})

/** Body of changes to members. */
export const membersBody = z.object({ group_id: groupId, participants })

/** Results of `GET /group/participants`. */
export const membersResults = z.object({
  group_id: z.string(),
  name: z.string(),
  participants: z.array(
    z.object({
      jid: z.string().describe('Phone-number JID when it is known, else LID.'),
      phone_number: z.string().describe('Phone-number JID; empty when it is not known.'),
      lid: z.string().optional(),
      display_name: z.string().optional(),
      is_admin: z.boolean(),
      is_super_admin: z.boolean(),
    }),
  ),
})

/** Results of changes to members: one entry for each that was named. */
export const changeResults = z.array(
  z.object({
    participant: z.string(),
    status: z.enum(['success', 'error']),
    message: z.string(),
  }),
)

/** Results of `GET /group/participant-requests`. */
export const requestsResults = z.object({
  data: z.array(
    z.object({
      jid: z.string(),
      phone_number: z.string().describe('Digits; empty when the number is not known.'),
      display_name: z.string().optional(),
      requested_at: z.string(),
    }),
  ),
})

/** Turns a group's members into what the API shows of them. */
export function toWireMembers(
  group: Group,
  members: readonly KnownPerson<GroupMember>[],
): z.infer<typeof membersResults> {
  return {
    group_id: group.jid,
    name: group.subject.text,
    participants: members.map((member) => ({
      jid: shownJid(member),
      phone_number: member.phone ?? '',
      ...(member.lid === null ? {} : { lid: member.lid }),
      ...(member.name === '' ? {} : { display_name: member.name }),
      is_admin: member.rank !== 'member',
      is_super_admin: member.rank === 'superadmin',
    })),
  }
}

/** Turns what became of people into what the API shows of it. */
export function toWireResults(results: readonly MemberResult[]): z.infer<typeof changeResults> {
  return results.map(({ participant, failure }) => ({
    participant,
    status: failure === null ? 'success' : 'error',
    message: failure ?? 'Action success',
  }))
}

/** Turns wishes to join into what the API shows of them. */
export function toWireRequests(
  requests: readonly KnownPerson<JoinRequest>[],
): z.infer<typeof requestsResults> {
  return {
    data: requests.map((request) => ({
      jid: shownJid(request),
      phone_number: request.phone === null ? '' : jidUser(request.phone),
      ...(request.name === '' ? {} : { display_name: request.name }),
      requested_at: timeOf(request.requestedAt),
    })),
  }
}
