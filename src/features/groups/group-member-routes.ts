import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { envelopeOf, errorResponses, type HttpRoutes, ok, whatsAppResponses } from '../../http/http-app.ts'
import type { MemberChange } from '../../whatsapp/group-member-actions.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import {
  changeResults,
  membersBody,
  membersQuery,
  membersResults,
  requestsResults,
  toWireMembers,
  toWireRequests,
  toWireResults,
} from './group-member-schemas.ts'
import type { GroupMemberService } from './group-member-service.ts'
import { groupIdResults } from './group-schemas.ts'
import { toCsv } from './member-csv.ts'
import type { MemberResult } from './member-outcomes.ts'

/** What the routes of members need. */
export interface GroupMemberRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly members: GroupMemberService
}

const changes: readonly {
  readonly change: MemberChange
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly message: string
}[] = [
  {
    change: 'add',
    path: '/group/participants',
    operationId: 'addParticipantToGroup',
    summary: 'Adding more participants to group',
    message: 'Success add participants',
  },
  {
    change: 'remove',
    path: '/group/participants/remove',
    operationId: 'removeParticipantFromGroup',
    summary: 'Remove participants from group',
    message: 'Success delete participants',
  },
  {
    change: 'promote',
    path: '/group/participants/promote',
    operationId: 'promoteParticipantToAdmin',
    summary: 'Promote participants to admin',
    message: 'Success promote participants',
  },
  {
    change: 'demote',
    path: '/group/participants/demote',
    operationId: 'demoteParticipantToMember',
    summary: 'Demote participants to member',
    message: 'Success demote participants',
  },
]

const verdicts = [
  { verdict: 'approve', operationId: 'approveGroupParticipantRequest', summary: 'Approve' },
  { verdict: 'reject', operationId: 'rejectGroupParticipantRequest', summary: 'Reject' },
] as const

/** `/group/participants…` and `/group/participant-requests…`. */
export function groupMemberRoutes({ devices, members }: GroupMemberRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/group/participants',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'getGroupParticipants',
          tags: ['group'],
          summary: 'Get list of participants in a group',
          querystring: membersQuery,
          response: { ...errorResponses, ...whatsAppResponses, 200: envelopeOf(membersResults) },
        },
      },
      async (request) => {
        const groupId = named(request.query.group_id)
        const scope = await devices.linkedScope(request.deviceId)
        const { group, members: list } = await members.members(scope, groupId)
        return ok('Success getting group participants', toWireMembers(group, list))
      },
    )

    app.get(
      '/group/participants/export',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'exportGroupParticipants',
          tags: ['group'],
          summary: 'Export group participants as CSV',
          description: 'A cell that a spreadsheet would take for a formula begins with an apostrophe.',
          querystring: membersQuery,
          response: {
            ...errorResponses,
            ...whatsAppResponses,
            200: { description: 'The participants', content: { 'text/csv': { schema: z.string() } } },
          },
        },
      },
      async (request, reply) => {
        const groupId = named(request.query.group_id)
        const scope = await devices.linkedScope(request.deviceId)
        const { group, members: list } = await members.members(scope, groupId)
        const fileName = `group-${group.jid.replace('@', '_')}-participants.csv`
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="${fileName}"`)
          .send(toCsv(list))
      },
    )

    for (const { change, path, operationId, summary, message } of changes) {
      app.post(
        path,
        {
          config: { device: 'scoped', scope: 'manage' },
          schema: {
            operationId,
            tags: ['group'],
            summary,
            body: membersBody,
            response: { ...errorResponses, ...whatsAppResponses, 200: envelopeOf(changeResults) },
          },
        },
        async (request) => {
          const { group_id: groupId, participants } = request.body
          const scope = await devices.linkedScope(request.deviceId)
          return ok(message, toWireResults(await members.change(scope, groupId, change, participants)))
        },
      )
    }

    app.get(
      '/group/participant-requests',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'getGroupParticipantRequests',
          tags: ['group'],
          summary: 'Get list of participant requests to join group',
          querystring: membersQuery,
          response: { ...errorResponses, ...whatsAppResponses, 200: envelopeOf(requestsResults) },
        },
      },
      async (request) => {
        const groupId = named(request.query.group_id)
        const scope = await devices.linkedScope(request.deviceId)
        const requests = await members.requests(scope, groupId)
        return ok('Success getting list requested participants', toWireRequests(requests))
      },
    )

    for (const { verdict, operationId, summary } of verdicts) {
      app.post(
        `/group/participant-requests/${verdict}`,
        {
          config: { device: 'scoped', scope: 'manage' },
          schema: {
            operationId,
            tags: ['group'],
            summary: `${summary} participant request to join group`,
            description: 'When only some of them could be, `message` says who could not, and why.',
            body: membersBody,
            response: { ...errorResponses, ...whatsAppResponses, 200: envelopeOf(groupIdResults) },
          },
        },
        async (request) => {
          const { group_id: groupId, participants } = request.body
          const scope = await devices.linkedScope(request.deviceId)
          const { group, failures } = await members.decide(scope, groupId, verdict, participants)
          return ok(decidedText(verdict, failures), group)
        },
      )
    }
  }
}

function decidedText(verdict: 'approve' | 'reject', failures: readonly MemberResult[]): string {
  const done = `Success ${verdict} requested participants`
  if (failures.length === 0) return done
  return `${done}, except ${failures.map(({ participant, failure }) => `${participant}: ${failure}`).join('; ')}`
}

/** The reference refuses a blank group of a query before anything else. */
function named(groupId: string): string {
  if (groupId.trim() === '') throw new AppError('group_id_blank')
  return groupId
}
