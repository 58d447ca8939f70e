import type { Group, Person } from '@gatewa/simulator'
import { expect } from 'vitest'
import { resultsOf } from '../scenario.ts'
import { changesRefused, get, isMemberOf, newGroup, post, readsRefused } from './group-calls.ts'
import type { Operation, OperationWorld } from './operation.ts'

const blank = { status: 400, code: 'INVALID_GROUP_ID', message: 'Group ID cannot be empty' } as const

/** A change of people's place in a group. */
function memberChange(
  operationId: string,
  path: string,
  works: (
    world: OperationWorld,
    call: (group: Group, people: Person[]) => Promise<Outcome[]>,
  ) => Promise<void>,
): Operation {
  return {
    operationId,
    works: async (world) => {
      let last = await get('/app/status')(world)
      await works(world, async (group, people) => {
        last = await post(path, { group_id: group.jid, participants: people.map(({ phone }) => phone) })(
          world,
        )
        expect(last.status, last.text).toBe(200)
        return resultsOf<Outcome[]>(last)
      })
      return last
    },
    refuses: {
      ...changesRefused(path, ({ bo }) => ({ participants: [bo.phone] })),
      ...peopleRefused(path),
      'a group in which the account is no admin': {
        call: (world) => {
          const { world: small, bo, ada, cy } = world
          const group = small.simulator.addGroup({ subject: 'Theirs', owner: bo, members: [ada] })
          return post(path, { group_id: group.jid, participants: [cy.phone] })(world)
        },
        status: 403,
        code: 'GROUP_NOT_ADMIN',
        message: 'only the admins of that group may do this',
      },
    },
  }
}

interface Outcome {
  readonly participant: string
  readonly status: string
  readonly message: string
}

function peopleRefused(path: string): NonNullable<Operation['refuses']> {
  const withPeople = (participants: unknown) => (world: OperationWorld) =>
    post(path, { group_id: newGroup(world).jid, participants })(world)
  return {
    nobody: { call: withPeople([]), status: 400, message: 'participants: cannot be blank.' },
    'people that are no list': {
      call: withPeople('6281'),
      status: 400,
      message: 'participants: must be a list.',
    },
    'a number that is not on WhatsApp, before anything is done': {
      call: async (world) => {
        const group = newGroup(world)
        const participants = [world.bo.phone, '628999999999999']
        const answer = await post(path, { group_id: group.jid, participants })(world)
        expect([...group.members.values()]).toEqual(['superadmin', 'member', 'member'])
        return answer
      },
      status: 400,
      code: 'INVALID_JID',
      message: 'user is not registered',
    },
    'what is no number': {
      call: withPeople(['bob']),
      status: 400,
      code: 'INVALID_JID',
      message: 'user is not registered',
    },
  }
}

const success = (person: Person) => ({
  participant: person.jid,
  status: 'success',
  message: 'Action success',
})
const failed = (person: Person, message: string) => ({ participant: person.jid, status: 'error', message })

const lists: readonly Operation[] = [
  {
    operationId: 'getGroupParticipants',
    works: async (world) => {
      const { ada, bo, cy } = world
      const group = newGroup(world, 'Roll call')
      // Known by a message: the name that Bo gave himself.
      await bo.sendText(ada, 'it is me')
      await world.gateway.message('main', bo.jid, ({ content }) => content === 'it is me')
      group.promote([bo])
      const answer = await get(`/group/participants?group_id=${group.jid.split('@')[0]}`)(world)
      expect(resultsOf<object>(answer)).toMatchObject({ group_id: group.jid, name: 'Roll call' })
      const { participants } = resultsOf<{ participants: object[] }>(answer)
      expect(participants).toHaveLength(3)
      expect(participants).toContainEqual({
        jid: bo.jid,
        phone_number: bo.jid,
        lid: bo.lid,
        display_name: 'Bo',
        is_admin: true,
        is_super_admin: false,
      })
      expect(participants).toContainEqual(
        expect.objectContaining({ jid: ada.jid, is_admin: true, is_super_admin: true }),
      )
      expect(participants).toContainEqual(expect.objectContaining({ jid: cy.jid, is_admin: false }))
      return answer
    },
    mayLack: ['results.participants.display_name', 'results.participants.lid'],
    refuses: readsRefused('/group/participants', { blank }),
  },
  {
    operationId: 'exportGroupParticipants',
    works: async (world) => {
      const { world: small, ada, gateway } = world
      const mallory = small.simulator.addPerson({ name: '=HYPERLINK("http://x";"y")' })
      const group = newGroup(world, 'Table')
      group.add([mallory])
      await mallory.sendText(ada, 'hello')
      await gateway.message('main', mallory.jid, ({ content }) => content === 'hello')
      const answer = await get(`/group/participants/export?group_id=${group.jid}`)(world)
      const lines = answer.text.split('\n')
      expect(lines[0]).toBe('participant_jid,phone_number,lid,display_name,role')
      expect(lines).toContain(
        `${mallory.jid},${mallory.jid},${mallory.lid},"'=HYPERLINK(""http://x"";""y"")",member`,
      )
      expect(lines.find((line) => line.startsWith(ada.jid))).toMatch(/,super_admin$/)
      expect(lines).toHaveLength(6)
      return answer
    },
    refuses: readsRefused('/group/participants/export', { blank }),
  },
  {
    operationId: 'getGroupParticipantRequests',
    works: async (world) => {
      const group = newGroup(world)
      group.setApproval(true)
      const dee = world.world.simulator.addPerson({ name: 'Dee' })
      group.join(dee)
      const answer = await get(`/group/participant-requests?group_id=${group.jid}`)(world)
      const requestedAt = new Date((group.state.joinRequests.get(dee.account)?.requestedAt ?? 0) * 1000)
      expect(resultsOf<object>(answer)).toEqual({
        data: [
          {
            jid: dee.jid,
            phone_number: dee.phone,
            requested_at: `${requestedAt.toISOString().slice(0, 19)}Z`,
          },
        ],
      })
      return answer
    },
    mayLack: ['results.data.display_name'],
    refuses: readsRefused('/group/participant-requests', { blank }),
  },
]

const changes: readonly Operation[] = [
  memberChange('addParticipantToGroup', '/group/participants', async (world, call) => {
    const group = newGroup(world)
    const [dee, shy, foe] = ['Dee', 'Shy', 'Foe'].map((name) => world.world.simulator.addPerson({ name }))
    if (dee === undefined || shy === undefined || foe === undefined)
      throw new Error('three names, three people')
    shy.account.privacy.set('groupadd', 'none')
    foe.account.blocked.add(world.ada.lid)
    expect(await call(group, [dee, shy, foe, world.bo])).toEqual([
      success(dee),
      failed(
        shy,
        'Failed to add participant: their privacy settings do not let this account add them; send them an invite link (code 403)',
      ),
      failed(foe, 'Failed to add participant: they have blocked this account (code 401)'),
      failed(world.bo, 'Failed to add participant: they are in the group already (code 409)'),
    ])
    expect(isMemberOf(group, dee)).toBe(true)
    expect([isMemberOf(group, shy), isMemberOf(group, foe)]).toEqual([false, false])
  }),
  memberChange('removeParticipantFromGroup', '/group/participants/remove', async (world, call) => {
    const group = newGroup(world)
    const dee = world.world.simulator.addPerson({ name: 'Dee' })
    expect(await call(group, [world.bo, dee])).toEqual([
      success(world.bo),
      failed(dee, 'Failed to remove participant: they are not in the group (code 404)'),
    ])
    expect(isMemberOf(group, world.bo)).toBe(false)
    expect(isMemberOf(group, world.cy)).toBe(true)
  }),
  memberChange('promoteParticipantToAdmin', '/group/participants/promote', async (world, call) => {
    const group = newGroup(world)
    group.promote([world.cy])
    expect(await call(group, [world.bo, world.cy])).toEqual([
      success(world.bo),
      failed(world.cy, 'Failed to promote participant: they are in that place already (code 409)'),
    ])
    expect(group.members.get(world.bo.account)).toBe('admin')
  }),
  memberChange('demoteParticipantToMember', '/group/participants/demote', async (world, call) => {
    const group = newGroup(world)
    group.promote([world.bo])
    expect(await call(group, [world.bo, world.ada])).toEqual([
      success(world.bo),
      failed(world.ada, 'Failed to demote participant: WhatsApp does not accept it (code 406)'),
    ])
    expect(group.members.get(world.bo.account)).toBe('member')
  }),
  verdict('approve', 'approveGroupParticipantRequest', true),
  verdict('reject', 'rejectGroupParticipantRequest', false),
]

/** A decision about somebody who asks to join, with somebody beside them who does not. */
function verdict(word: 'approve' | 'reject', operationId: string, isIn: boolean): Operation {
  const path = `/group/participant-requests/${word}`
  return {
    operationId,
    works: async (world) => {
      const group = newGroup(world)
      group.setApproval(true)
      const [dee, eli] = [
        world.world.simulator.addPerson({ name: 'Dee' }),
        world.world.simulator.addPerson({ name: 'Eli' }),
      ]
      group.join(dee)
      const body = { group_id: group.jid, participants: [dee.phone, eli.phone] }
      const partly = await post(path, body)(world)
      expect(partly.json).toMatchObject({
        message: `Success ${word} requested participants, except ${eli.jid}: Failed to ${word} participant: they do not ask to join (code 404)`,
        results: group.jid,
      })
      expect(group.state.joinRequests.size).toBe(0)
      expect(isMemberOf(group, dee)).toBe(isIn)
      expect(isMemberOf(group, eli)).toBe(false)
      group.join(eli)
      const whole = await post(path, { group_id: group.jid, participants: [eli.phone] })(world)
      expect(whole.json.message).toBe(`Success ${word} requested participants`)
      expect(isMemberOf(group, eli)).toBe(isIn)
      return whole
    },
    refuses: {
      ...changesRefused(path, ({ bo }) => ({ participants: [bo.phone] })),
      ...peopleRefused(path),
      'somebody who does not ask to join': {
        call: (world) => {
          const dee = world.world.simulator.addPerson({ name: 'Dee' })
          return post(path, { group_id: newGroup(world).jid, participants: [dee.phone] })(world)
        },
        status: 404,
        code: 'WHATSAPP_NOT_FOUND',
      },
    },
  }
}

/** What is promised of the operations about members. */
export const groupMemberOperations: readonly Operation[] = [...lists, ...changes]
