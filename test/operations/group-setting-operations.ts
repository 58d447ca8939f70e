import type { Group } from '@gatewa/simulator'
import { expect } from 'vitest'
import { changesRefused, chatCalled, newGroup, post } from './group-calls.ts'
import type { Operation } from './operation.ts'

/** A change of one setting, seen at the server both ways. */
function switched(
  operationId: string,
  path: string,
  field: string,
  read: (group: Group) => boolean,
  texts: readonly [on: string, off: string],
): Operation {
  return {
    operationId,
    works: async (world) => {
      const group = newGroup(world)
      const on = await post(path, { group_id: group.jid, [field]: true })(world)
      expect(read(group)).toBe(true)
      expect(on.json).toMatchObject({ message: texts[0], results: group.jid })
      const off = await post(path, { group_id: group.jid, [field]: false })(world)
      expect(read(group)).toBe(false)
      expect(off.json.message).toBe(texts[1])
      return off
    },
    refuses: {
      ...changesRefused(path, { [field]: true }),
      'a call without the value': {
        call: (world) => post(path, { group_id: newGroup(world).jid })(world),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: `${field}: cannot be blank.`,
      },
      'a value that is neither on nor off': {
        call: (world) => post(path, { group_id: newGroup(world).jid, [field]: 'maybe' })(world),
        status: 400,
        message: `${field}: must be true or false.`,
      },
    },
  }
}

/** What is promised of the settings of a group. */
export const groupSettingOperations: readonly Operation[] = [
  {
    operationId: 'setGroupName',
    works: async (world) => {
      const group = newGroup(world)
      await post('/send/message', { phone: group.jid, message: 'so that there is a chat' })(world)
      const name = '👩‍👩‍👧‍👦'.repeat(25)
      const answer = await post('/group/name', { group_id: group.jid, name })(world)
      expect(group.subject).toBe(name)
      expect(answer.json).toMatchObject({
        message: `Success update group name to '${name}'`,
        results: group.jid,
      })
      await chatCalled(world, group.jid, name)
      return answer
    },
    refuses: {
      ...changesRefused('/group/name', { name: 'Renamed' }, { isForAdmins: true }),
      'a name of 26 characters': {
        call: (world) => post('/group/name', { group_id: newGroup(world).jid, name: 'ü'.repeat(26) })(world),
        status: 400,
        message: 'name: the length must be between 1 and 25.',
      },
      'no name': {
        call: (world) => post('/group/name', { group_id: newGroup(world).jid })(world),
        status: 400,
        message: 'name: cannot be blank.',
      },
      'a name that WhatsApp does not take': {
        call: (world) => post('/group/name', { group_id: newGroup(world).jid, name: '  ' })(world),
        status: 400,
        message: 'name: WhatsApp does not accept this text.',
      },
    },
  },
  {
    operationId: 'setGroupTopic',
    works: async (world) => {
      const group = newGroup(world)
      const set = await post('/group/topic', { group_id: group.jid, topic: 'Rules: 日本' })(world)
      expect(group.state.description?.body).toBe('Rules: 日本')
      expect(set.json.message).toBe('Success update group topic')
      group.setDescription('changed by another admin')
      await post('/group/topic', { group_id: group.jid, topic: 'Rules again' })(world)
      expect(group.state.description?.body).toBe('Rules again')
      const removed = await post('/group/topic', { group_id: group.jid, topic: '' })(world)
      expect(group.state.description).toBeUndefined()
      expect(removed.json).toMatchObject({ message: 'Success remove group topic', results: group.jid })
      return removed
    },
    refuses: {
      ...changesRefused('/group/topic', { topic: 'Never' }, { isForAdmins: true }),
      'a topic that is no text': {
        call: (world) => post('/group/topic', { group_id: newGroup(world).jid, topic: 5 })(world),
        status: 400,
        message: 'topic: must be a string.',
      },
      'a topic that WhatsApp does not take': {
        call: (world) =>
          post('/group/topic', { group_id: newGroup(world).jid, topic: 'x'.repeat(2049) })(world),
        status: 400,
        message: 'topic: WhatsApp does not accept this text.',
      },
    },
  },
  switched('setGroupLocked', '/group/locked', 'locked', ({ state }) => state.isLocked, [
    'Success set group as locked',
    'Success set group as unlocked',
  ]),
  switched('setGroupAnnounce', '/group/announce', 'announce', ({ state }) => state.isAnnouncement, [
    'Success enable announce mode',
    'Success disable announce mode',
  ]),
]
