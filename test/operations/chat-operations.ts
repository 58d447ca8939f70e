import type { Group, Person } from '@gatewa/simulator'
import { expect } from 'vitest'
import { type Answer, eventually } from '../harness.ts'
import { resultsOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

function act(
  { gateway }: OperationWorld,
  chat: string,
  action: string,
  body: object,
  device = 'main',
): Promise<Answer> {
  return gateway.call('POST', `/chat/${encodeURIComponent(chat)}/${action}`, { device, body })
}

let texts = 0

/** A chat with Bo that is there. */
async function chatWithBo({ gateway, ada, bo }: OperationWorld): Promise<string> {
  const text = `for the chat ${++texts}`
  await bo.sendText(ada, text)
  await gateway.message('main', bo.jid, (message) => message.content === text)
  return bo.jid
}

async function groupChat(world: OperationWorld): Promise<Group> {
  const { ada, bo } = world
  const group = world.world.simulator.addGroup({ subject: 'Set up', owner: ada, members: [bo] })
  const text = `for the group ${++texts}`
  await bo.sendText(group, text)
  await world.gateway.message('main', group.jid, (message) => message.content === text)
  return group
}

/** The last change of app state that fits, as the person's phone reads it. */
function settingOf({ world, ada }: OperationWorld, ...start: readonly string[]) {
  return eventually(`${start.join(' ')} in app state`, () =>
    world.simulator.appState
      .of(ada.account)
      .mutations.findLast((mutation) => start.every((part, at) => mutation.index[at] === part)),
  )
}

/** What the list of chats shows of one. */
async function listed({ gateway }: OperationWorld, jid: string) {
  const answer = await gateway.call('GET', '/chats?limit=100', { device: 'main' })
  return resultsOf<{ data: { jid: string; archived: boolean; ephemeral_expiration: number }[] }>(
    answer,
  ).data.find((chat) => chat.jid === jid)
}

function refusals(action: string, body: object): Readonly<Record<string, RefusedCall>> {
  return {
    'a chat that is unknown': {
      call: (world) => act(world, '62899999999@s.whatsapp.net', action, body),
      status: 404,
      message: 'chat with JID 62899999999@s.whatsapp.net not found',
    },
    'a device that is unknown': {
      call: (world) => act(world, world.bo.jid, action, body, 'nobody'),
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    },
    'a device that was never linked': {
      call: (world) => act(world, world.bo.jid, action, body, 'blank'),
      status: 401,
      message: 'you are not logged in',
    },
    'a body that is no object': {
      call: (world) => act(world, world.bo.jid, action, []),
      status: 400,
    },
  }
}

function wrongField(action: string, body: object, message: string, code = 'VALIDATION_ERROR'): RefusedCall {
  return {
    call: (world) => act(world, world.bo.jid, action, body),
    status: 400,
    code,
    message,
  }
}

/** A message of a person arrived that sets the chat's timer. */
function timerAt(person: Person, seconds: number) {
  return person.receives(
    (message) => (message.message.protocolMessage?.ephemeralExpiration ?? -1) === seconds,
  )
}

/** What is promised of the operations under `/chat` and `/chats`. */
export const chatOperations: readonly Operation[] = [
  {
    operationId: 'listChats',
    works: async (world) => {
      const jid = await chatWithBo(world)
      const { gateway } = world
      const answer = await gateway.call('GET', '/chats?search=bo', { device: 'main' })
      const { data, pagination } = resultsOf<{ data: { jid: string }[]; pagination: object }>(answer)
      expect(data.map((chat) => chat.jid)).toContain(jid)
      expect(pagination).toMatchObject({ limit: 25, offset: 0, total: data.length })
      return answer
    },
    refuses: {
      'a limit that is too high': {
        call: ({ gateway }) => gateway.call('GET', '/chats?limit=101', { device: 'main' }),
        status: 400,
        message: 'limit: must be no greater than 100.',
      },
      'a device that is unknown': {
        call: ({ gateway }) => gateway.call('GET', '/chats', { device: 'nobody' }),
        status: 404,
        code: 'DEVICE_NOT_FOUND',
      },
    },
  },
  {
    operationId: 'getChatMessages',
    works: async (world) => {
      const jid = await chatWithBo(world)
      const answer = await world.gateway.call('GET', `/chat/${jid}/messages?limit=1`, { device: 'main' })
      expect(resultsOf<{ data: { content: string }[] }>(answer).data).toMatchObject([
        { content: `for the chat ${texts}` },
      ])
      return answer
    },
    refuses: {
      'a chat that is unknown': {
        call: ({ gateway }) => gateway.call('GET', '/chat/62899999999/messages', { device: 'main' }),
        status: 404,
        message: 'chat with JID 62899999999 not found',
      },
      'a time that is none': {
        call: ({ gateway, bo }) =>
          gateway.call('GET', `/chat/${bo.jid}/messages?start_time=yesterday`, { device: 'main' }),
        status: 400,
        code: 'VALIDATION_ERROR',
      },
    },
  },
  {
    operationId: 'labelChat',
    works: async (world) => {
      const jid = await chatWithBo(world)
      const label = { label_id: '21', label_name: 'Important', labeled: true }
      const answer = await act(world, jid, 'label', label)
      const made = await settingOf(world, 'label_edit', '21')
      expect(made.value.labelEditAction).toMatchObject({ name: 'Important', deleted: false })
      const put = await settingOf(world, 'label_jid', '21', jid)
      expect(put.value.labelAssociationAction?.labeled).toBe(true)
      // A label that is known is not made again.
      const before = world.world.simulator.appState.of(world.ada.account).mutations.length
      const removal = await act(world, jid, 'label', { ...label, labeled: false })
      expect(removal.json.message).toBe("Label 'Important' removed from chat successfully")
      const taken = await settingOf(world, 'label_jid', '21', jid)
      expect(taken.value.labelAssociationAction?.labeled).toBe(false)
      expect(world.world.simulator.appState.of(world.ada.account).mutations.length).toBe(before + 1)
      return answer
    },
    refuses: {
      ...refusals('label', { label_id: '1', label_name: 'x', labeled: true }),
      'a request without anything': wrongField(
        'label',
        {},
        'label_id: cannot be blank; label_name: cannot be blank; labeled: cannot be blank.',
      ),
    },
  },
  {
    operationId: 'pinChat',
    works: async (world) => {
      const jid = await chatWithBo(world)
      const answer = await act(world, jid, 'pin', { pinned: true })
      expect((await settingOf(world, 'pin_v1', jid)).value.pinAction?.pinned).toBe(true)
      const unpinned = await act(world, jid, 'pin', { pinned: false })
      expect(unpinned.json.message).toBe('Chat unpinned successfully')
      expect((await settingOf(world, 'pin_v1', jid)).value.pinAction?.pinned).toBe(false)
      return answer
    },
    refuses: {
      ...refusals('pin', { pinned: true }),
      'a request without a wish': wrongField('pin', {}, 'pinned: cannot be blank.'),
      'a wish of another type': wrongField('pin', { pinned: 'yes' }, 'Invalid request body', 'BAD_REQUEST'),
    },
  },
  {
    operationId: 'setDisappearingTimer',
    works: async (world) => {
      const jid = await chatWithBo(world)
      const answer = await act(world, jid, 'disappearing', { timer_seconds: 86_400 })
      await timerAt(world.bo, 86_400)
      expect((await listed(world, jid))?.ephemeral_expiration).toBe(86_400)
      const off = await act(world, jid, 'disappearing', { timer_seconds: 0 })
      expect(off.json.message).toBe('Disappearing messages disabled')
      await timerAt(world.bo, 0)
      const group = await groupChat(world)
      expect(await act(world, group.jid, 'disappearing', { timer_seconds: 604_800 })).toMatchObject({
        status: 200,
      })
      expect(group.state.ephemeralSeconds).toBe(604_800)
      return answer
    },
    refuses: {
      ...refusals('disappearing', { timer_seconds: 0 }),
      'another timer than WhatsApp has': wrongField(
        'disappearing',
        { timer_seconds: 5 },
        'timer_seconds: timer_seconds must be one of: 0 (off), 86400 (24h), 604800 (7d), 7776000 (90d).',
      ),
    },
  },
  {
    operationId: 'archiveChat',
    works: async (world) => {
      const jid = await chatWithBo(world)
      const answer = await act(world, jid, 'archive', { archived: true })
      expect((await settingOf(world, 'archive', jid)).value.archiveChatAction?.archived).toBe(true)
      expect((await listed(world, jid))?.archived).toBe(true)
      const back = await act(world, jid, 'archive', { archived: false })
      expect(back.json.message).toBe('Chat unarchived successfully')
      expect((await settingOf(world, 'archive', jid)).value.archiveChatAction?.archived).toBe(false)
      expect((await listed(world, jid))?.archived).toBe(false)
      return answer
    },
    refuses: {
      ...refusals('archive', { archived: true }),
      'a request without a wish': wrongField('archive', {}, 'archived: cannot be blank.'),
    },
  },
]
