import type { Group, Person } from '@gatewa/simulator'
import { expect } from 'vitest'
import { type Answer, eventually } from '../harness.ts'
import { messageIdOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

/** What is done to a message. */
function act(
  { gateway }: OperationWorld,
  id: string,
  action: string,
  body: object,
  device = 'main',
): Promise<Answer> {
  return gateway.call('POST', `/message/${id}/${action}`, { device, body })
}

let texts = 0

/** A text that Ada's device sent to somebody, once it is there; its id. */
async function sentTo({ gateway }: OperationWorld, to: Person | Group): Promise<string> {
  const answer = await gateway.sendText('main', to.jid, `sent ${++texts}`)
  expect(answer.status, answer.text).toBe(200)
  return messageIdOf(answer)
}

/** A text that Bo wrote to Ada or a group, once the gateway has it; its id. */
async function receivedFromBo({ gateway, ada, bo }: OperationWorld, group?: Group): Promise<string> {
  const text = `received ${++texts}`
  const { id } = await bo.sendText(group ?? ada, text)
  await gateway.message('main', group?.jid ?? bo.jid, (message) => message.content === text)
  return id
}

/** A group of Ada, Bo and Cy. */
function aGroup({ world, ada, bo, cy }: OperationWorld, owner: Person): Group {
  return world.simulator.addGroup({ subject: 'Changes', owner, members: [ada, bo, cy] })
}

/** The protocol message, or reaction, that arrived at somebody under this id. */
async function arrivedAt(person: Person, id: string) {
  return person.receives((message) => message.id === id)
}

function refusals(
  action: string,
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, RefusedCall>> {
  return {
    'a request without a phone': {
      call: (world) => act(world, 'X', action, { ...body, phone: undefined }),
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'phone: cannot be blank.',
    },
    'a phone of another type': {
      call: (world) => act(world, 'X', action, { ...body, phone: 7 }),
      status: 400,
      code: 'VALIDATION_ERROR',
    },
    'a phone with a leading zero': {
      call: (world) => act(world, 'X', action, { ...body, phone: '0812' }),
      status: 400,
      code: 'VALIDATION_ERROR',
      message:
        'phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx',
    },
    'a number that is not on WhatsApp': {
      call: (world) => act(world, 'X', action, { ...body, phone: '62899999999' }),
      status: 400,
      code: 'INVALID_JID',
      message: 'Phone 62899999999@s.whatsapp.net is not on whatsapp',
    },
    'a message that is unknown': {
      call: (world) => act(world, 'UNKNOWN', action, { ...body, phone: world.bo.jid }),
      status: 404,
      message: 'message with ID UNKNOWN not found',
    },
    'a message of another chat': {
      call: async (world) =>
        act(world, await sentTo(world, world.bo), action, { ...body, phone: world.cy.jid }),
      status: 400,
      code: 'VALIDATION_ERROR',
    },
    'a device that is unknown': {
      call: (world) => act(world, 'X', action, { ...body, phone: world.bo.jid }, 'nobody'),
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    },
    'a device that was never linked': {
      call: (world) => act(world, 'X', action, { ...body, phone: world.bo.jid }, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not logged in',
    },
  }
}

/** The value of the app-state change with this index, as Ada's phone reads it. */
async function settingOf({ world, ada }: OperationWorld, test: (index: readonly string[]) => boolean) {
  return eventually('a change of app state', () =>
    world.simulator.appState.of(ada.account).mutations.findLast((mutation) => test(mutation.index)),
  )
}

/** What is promised of the operations under `/message`. */
export const messageOperations: readonly Operation[] = [
  {
    operationId: 'revokeMessage',
    works: async (world) => {
      const id = await sentTo(world, world.bo)
      const answer = await act(world, id, 'revoke', { phone: world.bo.jid })
      const revoke = await arrivedAt(world.bo, messageIdOf(answer))
      expect(revoke.message.protocolMessage).toMatchObject({ type: 0, key: { id, fromMe: true } })
      // Somebody else's message in a group, by an admin.
      const group = aGroup(world, world.ada)
      const foreign = await receivedFromBo(world, group)
      const byAdmin = await act(world, foreign, 'revoke', { phone: group.jid })
      expect(byAdmin.status, byAdmin.text).toBe(200)
      const seen = await arrivedAt(world.cy, messageIdOf(byAdmin))
      expect(seen.message.protocolMessage?.key).toMatchObject({ id: foreign, fromMe: false })
      return answer
    },
    refuses: {
      ...refusals('revoke', {}),
      'somebody else’s message in a chat of two': {
        call: async (world) => act(world, await receivedFromBo(world), 'revoke', { phone: world.bo.jid }),
        status: 403,
        code: 'MESSAGE_NOT_REVOCABLE',
      },
    },
  },
  {
    operationId: 'deleteMessage',
    works: async (world) => {
      const id = await receivedFromBo(world)
      const answer = await act(world, id, 'delete', { phone: world.bo.jid })
      const setting = await settingOf(world, (index) => index[0] === 'deleteMessageForMe' && index[2] === id)
      expect(setting.index.slice(2)).toEqual([id, '0', '0'])
      expect((await world.gateway.messages('main', world.bo.jid)).map((message) => message.id)).not.toContain(
        id,
      )
      const group = aGroup(world, world.bo)
      const inGroup = await receivedFromBo(world, group)
      expect(await act(world, inGroup, 'delete', { phone: group.jid })).toMatchObject({ status: 200 })
      const withAuthor = await settingOf(world, (index) => index[2] === inGroup)
      expect([world.bo.jid, world.bo.lid]).toContain(withAuthor.index[4])
      return answer
    },
    refuses: refusals('delete', {}),
  },
  {
    operationId: 'reactMessage',
    works: async (world) => {
      const id = await receivedFromBo(world)
      const answer = await act(world, id, 'reaction', { phone: world.bo.jid, emoji: '🙏' })
      const reaction = await arrivedAt(world.bo, messageIdOf(answer))
      expect(reaction.message.reactionMessage).toMatchObject({ text: '🙏', key: { id, fromMe: false } })
      const removal = await act(world, id, 'reaction', { phone: world.bo.jid, emoji: '' })
      expect((await arrivedAt(world.bo, messageIdOf(removal))).message.reactionMessage?.text).toBe('')
      const group = aGroup(world, world.bo)
      const inGroup = await receivedFromBo(world, group)
      const toGroup = await act(world, inGroup, 'reaction', { phone: group.jid, emoji: '👍' })
      const { message } = await arrivedAt(world.cy, messageIdOf(toGroup))
      expect([world.bo.jid, world.bo.lid]).toContain(message.reactionMessage?.key?.participant)
      return answer
    },
    refuses: {
      ...refusals('reaction', { emoji: '👍' }),
      'a request without an emoji': {
        call: (world) => act(world, 'X', 'reaction', { phone: world.bo.jid }),
        status: 400,
        message: 'emoji: cannot be blank.',
      },
    },
  },
  {
    operationId: 'updateMessage',
    works: async (world) => {
      const id = await sentTo(world, world.bo)
      await act(world, id, 'update', { phone: world.bo.jid, message: 'edited once' })
      const answer = await act(world, id, 'update', { phone: world.bo.jid, message: 'edited twice' })
      const { message } = await arrivedAt(world.bo, messageIdOf(answer))
      expect(message.protocolMessage).toMatchObject({
        type: 14,
        key: { id, fromMe: true },
        editedMessage: { extendedTextMessage: { text: 'edited twice' } },
      })
      const kept = await world.gateway.messages('main', world.bo.jid)
      expect(kept.find((each) => each.id === id)?.content).toBe('edited twice')
      return answer
    },
    refuses: {
      ...refusals('update', { message: 'new' }),
      'a request without a text': {
        call: (world) => act(world, 'X', 'update', { phone: world.bo.jid }),
        status: 400,
        message: 'message: cannot be blank.',
      },
      'somebody else’s message': {
        call: async (world) =>
          act(world, await receivedFromBo(world), 'update', { phone: world.bo.jid, message: 'new' }),
        status: 403,
        code: 'MESSAGE_NOT_EDITABLE',
      },
    },
  },
  {
    operationId: 'readMessage',
    works: async (world) => {
      const { bo, ada } = world
      const sent = await bo.sendText(ada, `to be read ${++texts}`)
      await world.gateway.message('main', bo.jid, (message) => message.id === sent.id)
      const answer = await act(world, sent.id, 'read', { phone: bo.jid })
      await eventually(
        'a read receipt',
        () => bo.receiptsFor(sent.id).find((receipt) => receipt.type === 'read'),
        () => bo.receiptsFor(sent.id),
      )
      return answer
    },
    refuses: refusals('read', {}),
  },
  {
    operationId: 'starMessage',
    works: async (world) => {
      const id = await receivedFromBo(world)
      const answer = await act(world, id, 'star', { phone: world.bo.jid })
      const setting = await settingOf(world, (index) => index[0] === 'star' && index[2] === id)
      expect(setting.value.starAction?.starred).toBe(true)
      return answer
    },
    mayLack: ['results'],
    refuses: refusals('star', {}),
  },
  {
    operationId: 'unstarMessage',
    works: async (world) => {
      const id = await sentTo(world, world.bo)
      await act(world, id, 'star', { phone: world.bo.jid })
      const answer = await act(world, id, 'unstar', { phone: world.bo.jid })
      const setting = await settingOf(world, (index) => index[0] === 'star' && index[2] === id)
      expect(setting.index.slice(2)).toEqual([id, '1', '0'])
      expect(setting.value.starAction?.starred).toBe(false)
      return answer
    },
    mayLack: ['results'],
    refuses: refusals('unstar', {}),
  },
]
