import { z } from 'zod'
import {
  envelopeOf,
  errorEnvelope,
  errorResponses,
  type HttpApp,
  type HttpRoutes,
  ok,
  whatsAppResponses,
} from '../../http/http-app.ts'
import { deprecatedSince } from '../../http/post-twins.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { toWireGroup, wireGroup } from './group-info-schemas.ts'
import {
  announceBody,
  createBody,
  createResults,
  groupBody,
  groupIdResults,
  inviteQuery,
  inviteResults,
  linkField,
  lockedBody,
  myGroupsResults,
  nameBody,
  previewResults,
  topicBody,
  toWireCreated,
  toWirePreview,
} from './group-schemas.ts'
import type { GroupService } from './group-service.ts'

/** What the routes of groups need. */
export interface GroupRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly groups: GroupService
}
const refusals = { ...errorResponses, ...whatsAppResponses }
const linkRefusals = { ...refusals, 410: errorEnvelope.describe('The link was replaced by another one') }

/** Routes about groups as a whole: `/group…` and `GET /user/my/groups`. */
export function groupRoutes(deps: GroupRoutesDeps): HttpRoutes {
  return (app) => {
    addReading(app, deps)
    addInvites(app, deps)
    addChanges(app, deps)
  }
}

function addReading(app: HttpApp, { devices, groups }: GroupRoutesDeps): void {
  app.get(
    '/user/my/groups',
    {
      config: { device: 'scoped', scope: 'read' },
      schema: {
        operationId: 'userMyGroups',
        tags: ['user'],
        summary: 'User My List Groups',
        response: { ...refusals, 200: envelopeOf(myGroupsResults) },
      },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      return ok('Success get list groups', { data: (await groups.list(scope)).map(toWireGroup) })
    },
  )

  app.get(
    '/group/info',
    {
      config: { device: 'scoped', scope: 'read' },
      schema: {
        operationId: 'groupInfo',
        tags: ['group'],
        summary: 'Group Info',
        querystring: groupBody,
        response: { ...refusals, 200: envelopeOf(wireGroup) },
      },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      return ok('Success get group info', toWireGroup(await groups.info(scope, request.query.group_id)))
    },
  )
}

function addInvites(app: HttpApp, { devices, groups }: GroupRoutesDeps): void {
  app.get(
    '/group/info-from-link',
    {
      config: { device: 'scoped', scope: 'read' },
      schema: {
        operationId: 'getGroupInfoFromLink',
        tags: ['group'],
        summary: 'Get group information from invitation link',
        description: 'Without joining.',
        querystring: z.object({ link: linkField }),
        response: { ...linkRefusals, 200: envelopeOf(previewResults) },
      },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      const group = await groups.inviteInfo(scope, request.query.link)
      return ok('Success get group info from link', toWirePreview(group))
    },
  )

  app.post(
    '/group/join-with-link',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: {
        operationId: 'joinGroupWithLink',
        tags: ['group'],
        summary: 'Join group with link',
        description: 'Where admins decide who joins, the account asks to; `message` says which it was.',
        body: z.object({ link: linkField }),
        response: { ...linkRefusals, 200: envelopeOf(groupIdResults) },
      },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      const { group, state } = await groups.join(scope, request.body.link)
      const text =
        state === 'joined' ? 'Success joined group' : 'Success asked to join group; its admins decide'
      return ok(text, group)
    },
  )

  app.get(
    '/group/invite-link',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: {
        operationId: 'groupInviteLink',
        tags: ['group'],
        summary: 'Group Invite Link',
        querystring: inviteQuery,
        response: { ...refusals, 200: envelopeOf(inviteResults) },
      },
    },
    async (request, reply) => {
      const { group_id: groupId, reset } = request.query
      if (reset) void reply.header('deprecation', deprecatedSince)
      const scope = await devices.linkedScope(request.deviceId)
      const { group, link } = await groups.inviteLink(scope, groupId, reset)
      return ok('Success get group invite link', { invite_link: link, group_id: group })
    },
  )
  app.post(
    '/group/invite-link/reset',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: {
        operationId: 'resetGroupInviteLink',
        tags: ['group'],
        summary: 'Make a new invite link; the old one leads nowhere then',
        body: groupBody,
        response: { ...refusals, 200: envelopeOf(inviteResults) },
      },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      const { group, link } = await groups.inviteLink(scope, request.body.group_id, true)
      return ok('Success reset group invite link', { invite_link: link, group_id: group })
    },
  )
}

function addChanges(app: HttpApp, { devices, groups }: GroupRoutesDeps): void {
  app.post(
    '/group',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: {
        operationId: 'createGroup',
        tags: ['group'],
        summary: 'Create group and add participant',
        body: createBody,
        response: { ...refusals, 200: envelopeOf(createResults) },
      },
    },
    async (request) => {
      const { title, participants } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const { group, failures } = await groups.create(scope, title, participants)
      return ok(`Success created group with id ${group}`, toWireCreated(group, failures))
    },
  )

  const change = (operationId: string, summary: string) => ({
    operationId,
    tags: ['group'],
    summary,
    response: { ...refusals, 200: envelopeOf(groupIdResults) },
  })

  app.post(
    '/group/leave',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: { ...change('leaveGroup', 'Leave group'), body: groupBody },
    },
    async (request) => {
      const scope = await devices.linkedScope(request.deviceId)
      return ok('Success leave group', await groups.leave(scope, request.body.group_id))
    },
  )

  app.post(
    '/group/name',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: { ...change('setGroupName', 'Set group name'), body: nameBody },
    },
    async (request) => {
      const { group_id: groupId, name } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      return ok(`Success update group name to '${name}'`, await groups.rename(scope, groupId, name))
    },
  )

  app.post(
    '/group/topic',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: { ...change('setGroupTopic', 'Set group topic'), body: topicBody },
    },
    async (request) => {
      const { group_id: groupId, topic } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const text = topic === '' ? 'Success remove group topic' : 'Success update group topic'
      return ok(text, await groups.describe(scope, groupId, topic))
    },
  )

  app.post(
    '/group/locked',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: { ...change('setGroupLocked', 'Set group locked status'), body: lockedBody },
    },
    async (request) => {
      const { group_id: groupId, locked } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const text = `Success set group as ${locked ? 'locked' : 'unlocked'}`
      return ok(text, await groups.switch(scope, groupId, 'locked', locked))
    },
  )

  app.post(
    '/group/announce',
    {
      config: { device: 'scoped', scope: 'manage' },
      schema: { ...change('setGroupAnnounce', 'Set group announce mode'), body: announceBody },
    },
    async (request) => {
      const { group_id: groupId, announce } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const text = `Success ${announce ? 'enable' : 'disable'} announce mode`
      return ok(text, await groups.switch(scope, groupId, 'announce', announce))
    },
  )
}
