import type { Group } from '@gatewa/simulator'
import { expect } from 'vitest'
import type { Answer } from '../harness.ts'
import { resultsOf } from '../scenario.ts'
import { changesRefused, chatCalled, get, isMemberOf, newGroup, post, readsRefused } from './group-calls.ts'
import { groupMemberOperations } from './group-member-operations.ts'
import { groupPhotoOperations } from './group-photo-operations.ts'
import { groupSettingOperations } from './group-setting-operations.ts'
import type { Operation, OperationWorld } from './operation.ts'

const link = (group: Group) => `https://chat.whatsapp.com/${group.inviteCode}`

/** A group of Bo's that Ada is not in. */
function foreignGroup({ world, bo, cy }: OperationWorld, subject = 'Strangers'): Group {
  return world.simulator.addGroup({ subject, owner: bo, members: [cy] })
}

const reading: readonly Operation[] = [
  {
    operationId: 'groupInfo',
    works: async (world) => {
      const { ada, bo } = world
      const group = newGroup(world, 'Readers')
      group.setDescription('What we read')
      group.setSwitch('locked')
      group.setEphemeral(86_400)
      const answer = await get(`/group/info?group_id=${group.jid}`)(world)
      expect(resultsOf<object>(answer)).toMatchObject({
        JID: group.jid,
        OwnerJID: ada.lid,
        OwnerPN: ada.jid,
        Name: 'Readers',
        NameSetBy: ada.lid,
        NameSetByPN: ada.jid,
        Topic: 'What we read',
        TopicSetBy: ada.lid,
        TopicDeleted: false,
        IsLocked: true,
        IsAnnounce: false,
        IsEphemeral: true,
        DisappearingTimer: 86_400,
        IsIncognito: false,
        IsJoinApprovalRequired: false,
        AddressingMode: 'lid',
        MemberAddMode: 'admin_add',
        AnnounceVersionID: String(group.state.announceVersion),
        ParticipantVersionID: String(group.state.memberVersion),
        ParticipantCount: 3,
        LinkedParentJID: '',
        Suspended: false,
      })
      const { Participants } = resultsOf<{ Participants: object[] }>(answer)
      expect(Participants).toContainEqual({
        JID: bo.lid,
        PhoneNumber: bo.jid,
        LID: bo.lid,
        IsAdmin: false,
        IsSuperAdmin: false,
        DisplayName: '',
        Error: 0,
      })
      const plain = await get(`/group/info?group_id=${newGroup(world, 'Without topic').jid}`)(world)
      expect(resultsOf<object>(plain)).toMatchObject({ Topic: '', TopicID: '', TopicDeleted: false })
      return answer
    },
    mayLack: ['status'],
    refuses: readsRefused('/group/info', {
      blank: { status: 400, code: 'VALIDATION_ERROR', message: 'group_id: cannot be blank.' },
    }),
  },
  {
    operationId: 'getGroupInfoFromLink',
    works: async (world) => {
      const group = foreignGroup(world, 'Club')
      group.setDescription('Come in')
      const answer = await get(`/group/info-from-link?link=${encodeURIComponent(link(group))}`)(world)
      expect(resultsOf<object>(answer)).toMatchObject({
        group_id: group.jid,
        name: 'Club',
        topic: 'Come in',
        description: 'Come in',
        participant_count: 2,
        is_locked: false,
      })
      expect(isMemberOf(group, world.ada)).toBe(false)
      return answer
    },
    refuses: linkRefusals((text) => get(`/group/info-from-link?link=${encodeURIComponent(text)}`)),
  },
  {
    operationId: 'groupInviteLink',
    works: async (world) => {
      const group = newGroup(world)
      const before = group.inviteCode
      const read = await get(`/group/invite-link?group_id=${group.jid}`)(world)
      expect(resultsOf<object>(read)).toEqual({ invite_link: link(group), group_id: group.jid })
      const renewed = await get(`/group/invite-link?group_id=${group.jid}&reset=true`)(world)
      expect(group.inviteCode).not.toBe(before)
      expect(resultsOf<object>(renewed)).toEqual({ invite_link: link(group), group_id: group.jid })
      return renewed
    },
    refuses: {
      ...readsRefused('/group/invite-link', {
        blank: { status: 400, code: 'VALIDATION_ERROR', message: 'group_id: cannot be blank.' },
      }),
      'a group in which the account is no admin': {
        call: (world) => {
          const group = foreignGroup(world)
          group.add([world.ada])
          return get(`/group/invite-link?group_id=${group.jid}`)(world)
        },
        status: 403,
        code: 'GROUP_NOT_ADMIN',
        message: "you don't have the permission to get the group's invite link",
      },
      'a reset that is neither yes nor no': {
        call: (world) => get(`/group/invite-link?group_id=${newGroup(world).jid}&reset=maybe`)(world),
        status: 400,
        code: 'VALIDATION_ERROR',
      },
    },
  },
]

function linkRefusals(
  call: (link: string) => (world: OperationWorld) => Promise<Answer>,
): NonNullable<Operation['refuses']> {
  return {
    'no link': { call: call(''), status: 400, code: 'VALIDATION_ERROR', message: 'link: cannot be blank.' },
    'what is no link': {
      call: call('https://example.com/join'),
      status: 400,
      code: 'INVALID_INVITE_LINK',
      message: 'that group invite link is not valid',
    },
    'a link that leads nowhere': {
      call: call('https://chat.whatsapp.com/AAAAAAAAAAAAAAAAAAAAAA'),
      status: 400,
      code: 'INVALID_INVITE_LINK',
    },
    'a link that was replaced': {
      call: (world) => {
        const group = foreignGroup(world)
        const old = link(group)
        group.revokeInvite()
        return call(old)(world)
      },
      status: 410,
      code: 'GROUP_INVITE_REVOKED',
      message: 'that group invite link has been revoked',
    },
  }
}

const changing: readonly Operation[] = [
  {
    operationId: 'createGroup',
    works: async (world) => {
      const { world: small, bo, ada } = world
      const shy = small.simulator.addPerson({ name: 'Shy' })
      shy.account.privacy.set('groupadd', 'none')
      const body = { title: 'Nasi goreng 🍛 & friends', participants: [`+${bo.phone}`, shy.phone] }
      const answer = await post('/group', body)(world)
      const { group_id: id, not_added } = resultsOf<{ group_id: string; not_added: object[] }>(answer)
      expect(answer.json.message).toBe(`Success created group with id ${id}`)
      const made = small.simulator.groups.find((group) => group.jid === id)
      expect(made?.subject).toBe('Nasi goreng 🍛 & friends')
      expect([...(made?.members.keys() ?? [])]).toEqual([ada.account, bo.account])
      expect(not_added).toEqual([
        {
          participant: shy.jid,
          message:
            'Failed to add participant: their privacy settings do not let this account add them; send them an invite link (code 403)',
        },
      ])
      await chatCalled(world, id, 'Nasi goreng 🍛 & friends')
      return answer
    },
    refuses: {
      'a number that is not on WhatsApp': {
        call: ({ bo, gateway }) =>
          gateway.call('POST', '/group', {
            device: 'main',
            body: { title: 'Never', participants: [bo.phone, '628999999999999'] },
          }),
        status: 400,
        code: 'INVALID_JID',
        message: 'user is not registered',
      },
      'a blank participant': {
        call: post('/group', { title: 'Never', participants: [''] }),
        status: 400,
        message: 'participants: (0: cannot be blank.).',
      },
      'no title and no participants': {
        call: post('/group', {}),
        status: 400,
        message: 'participants: cannot be blank; title: cannot be blank.',
      },
      'participants that are no list': {
        call: post('/group', { title: 'Never', participants: '6281' }),
        status: 400,
        message: 'participants: must be a list.',
      },
      'a title that is too long for WhatsApp': {
        call: (world) => post('/group', { title: 'é'.repeat(26), participants: [world.bo.phone] })(world),
        status: 400,
        message: 'title: WhatsApp does not accept this text.',
      },
      'a device that is unknown': {
        call: post('/group', { title: 'Never', participants: ['6281'] }, 'nobody'),
        status: 404,
        code: 'DEVICE_NOT_FOUND',
      },
      'a device that was never linked': {
        call: post('/group', { title: 'Never', participants: ['6281'] }, 'blank'),
        status: 401,
        message: 'you are not logged in',
      },
    },
  },
  {
    operationId: 'joinGroupWithLink',
    works: async (world) => {
      const group = foreignGroup(world, 'Open house')
      const answer = await post('/group/join-with-link', { link: `${link(group)}?mode=ac_t` })(world)
      expect(answer.json).toMatchObject({ message: 'Success joined group', results: group.jid })
      expect(isMemberOf(group, world.ada)).toBe(true)
      await chatCalled(world, group.jid, 'Open house')

      const picky = foreignGroup(world, 'Picky')
      picky.setApproval(true)
      const asked = await post('/group/join-with-link', { link: picky.inviteCode })(world)
      expect(asked.json.message).toBe('Success asked to join group; its admins decide')
      expect(isMemberOf(picky, world.ada)).toBe(false)
      expect(picky.state.joinRequests.has(world.ada.account)).toBe(true)
      return answer
    },
    refuses: linkRefusals((text) => post('/group/join-with-link', { link: text })),
  },
  {
    operationId: 'leaveGroup',
    works: async (world) => {
      const group = newGroup(world, 'Farewell')
      const answer = await post('/group/leave', { group_id: group.jid })(world)
      expect(isMemberOf(group, world.ada)).toBe(false)
      // The creator was its only admin: the group has another one now.
      expect(group.members.get(world.bo.account)).toBe('admin')
      expect(answer.json).toMatchObject({ message: 'Success leave group', results: group.jid })
      return answer
    },
    refuses: changesRefused('/group/leave'),
  },
]

/** `GET /user/my/groups`, which is about groups though it is declared elsewhere. */
export const myGroupsOperation: Operation = {
  operationId: 'userMyGroups',
  works: async (world) => {
    const mine = newGroup(world, 'Listed')
    const foreign = foreignGroup(world)
    const answer = await get('/user/my/groups')(world)
    const { data } = resultsOf<{ data: { JID: string; Name: string }[] }>(answer)
    expect(data).toContainEqual(expect.objectContaining({ JID: mine.jid, Name: 'Listed' }))
    expect(data.map(({ JID }) => JID)).not.toContain(foreign.jid)
    expect(data).toHaveLength(
      world.world.simulator.groups.filter((group) => isMemberOf(group, world.ada)).length,
    )
    return answer
  },
  refuses: {
    'a device that is unknown': {
      call: get('/user/my/groups', 'nobody'),
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    },
    'a device that was never linked': {
      call: get('/user/my/groups', 'blank'),
      status: 401,
      message: 'you are not logged in',
    },
  },
}

/** What is promised of the operations under `/group`. */
export const groupOperations: readonly Operation[] = [
  ...reading,
  ...changing,
  ...groupSettingOperations,
  ...groupMemberOperations,
  ...groupPhotoOperations,
]
