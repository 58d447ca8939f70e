import type { Person } from '@gatewa/simulator'
import { expect } from 'vitest'
import { type Answer, eventually } from '../harness.ts'
import { messageIdOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

function post(path: string, body: object, device = 'main') {
  return ({ gateway }: OperationWorld) => gateway.call('POST', path, { device, body })
}

/** A text of ours that has arrived. */
async function sentTo({ gateway }: OperationWorld, person: Person, text: string): Promise<string> {
  const id = messageIdOf(await gateway.sendText('main', person.phone, text))
  await person.receives(text)
  return id
}

/** A text of somebody else's that has been stored. */
async function receivedFrom({ ada, gateway }: OperationWorld, person: Person, text: string): Promise<string> {
  const { id } = await person.sendText(ada, text)
  await gateway.message('main', person.jid, (message) => message.id === id)
  return id
}

/** The last change of a setting that the phone read, by the first words of its index. */
function settingAt({ world, ada }: OperationWorld, ...index: string[]) {
  return eventually(`a change of ${index.join(' ')}`, () =>
    world.simulator.appState
      .of(ada.account)
      .mutations.findLast((mutation) => index.every((word, at) => mutation.index[at] === word)),
  )
}

/** What every operation on a message refuses. */
function refusals(what: string, more: object = {}): Readonly<Record<string, RefusedCall>> {
  return {
    'a message that is unknown': {
      call: (world) => post(`/message/NOBODYS/${what}`, { phone: world.bo.phone, ...more })(world),
      status: 404,
      code: 'NOT_FOUND',
      message: 'message with ID NOBODYS not found',
    },
    'a message of another chat': {
      call: async (world) => {
        const id = await sentTo(world, world.bo, `only Bo's, ${what}`)
        return post(`/message/${id}/${what}`, { phone: world.cy.phone, ...more })(world)
      },
      status: 400,
      code: 'VALIDATION_ERROR',
    },
    'a body without phone': {
      call: post(`/message/NOBODYS/${what}`, more),
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'phone: cannot be blank.',
    },
    'a phone of another type': { call: post(`/message/NOBODYS/${what}`, { phone: 7, ...more }), status: 400 },
    'a device that is unknown': {
      call: post(`/message/NOBODYS/${what}`, { phone: '6281', ...more }, 'nobody'),
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    },
    'a device that was never linked': {
      call: post(`/message/NOBODYS/${what}`, { phone: '6281', ...more }, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not logged in',
    },
  }
}

async function starring(world: OperationWorld, text: string, isStarred: boolean): Promise<Answer> {
  const id = await receivedFrom(world, world.bo, text)
  const verb = isStarred ? 'star' : 'unstar'
  const answer = await post(`/message/${id}/${verb}`, { phone: world.bo.phone })(world)
  const { collection, index, value } = await settingAt(world, 'star', world.bo.jid, id)
  expect({ collection, index, starred: value.starAction?.starred }).toEqual({
    collection: 'regular_high',
    index: ['star', world.bo.jid, id, '0', '0'],
    starred: isStarred,
  })
  return answer
}

/** What is promised of the operations under `/message`. */
export const messageOperations: readonly Operation[] = [
  {
    operationId: 'revokeMessage',
    works: async (world) => {
      const id = await sentTo(world, world.bo, 'to be taken back')
      const answer = await post(`/message/${id}/revoke`, { phone: world.bo.phone })(world)
      const revoke = await world.bo.receives((message) => message.message.protocolMessage?.key?.id === id)
      expect(revoke.attributes['edit']).toBe('7')
      expect(revoke.message.protocolMessage?.key?.fromMe).toBe(true)
      return answer
    },
    refuses: {
      ...refusals('revoke'),
      "somebody else's message in a chat of two": {
        call: async (world) => {
          const id = await receivedFrom(world, world.bo, 'mine to keep')
          return post(`/message/${id}/revoke`, { phone: world.bo.phone })(world)
        },
        status: 403,
        code: 'MESSAGE_NOT_OWN',
      },
      "somebody else's message in a group without being admin": {
        call: async (world) => {
          const { ada, bo, cy, gateway, world: testWorld } = world
          const group = testWorld.simulator.addGroup({
            subject: 'Bo rules',
            owner: bo,
            members: [ada, bo, cy],
          })
          const { id } = await cy.sendText(group, 'stays')
          await gateway.message('main', group.jid, (message) => message.id === id)
          return post(`/message/${id}/revoke`, { phone: group.jid })(world)
        },
        status: 403,
      },
    },
  },
  {
    operationId: 'deleteMessage',
    works: async (world) => {
      const id = await receivedFrom(world, world.bo, 'not for my eyes')
      const answer = await post(`/message/${id}/delete`, { phone: world.bo.phone })(world)
      const { collection, index } = await settingAt(world, 'deleteMessageForMe', world.bo.jid, id)
      expect({ collection, index }).toEqual({
        collection: 'regular_high',
        index: ['deleteMessageForMe', world.bo.jid, id, '0', '0'],
      })
      const left = await world.gateway.messages('main', world.bo.jid)
      expect(left.map((message) => message.id)).not.toContain(id)
      return answer
    },
    refuses: refusals('delete'),
  },
  {
    operationId: 'reactMessage',
    works: async (world) => {
      const id = await receivedFrom(world, world.bo, 'like it?')
      const answer = await post(`/message/${id}/reaction`, { phone: world.bo.phone, emoji: '👍' })(world)
      const reaction = await world.bo.receives((it) => it.message.reactionMessage?.key?.id === id)
      expect(reaction.message.reactionMessage?.text).toBe('👍')
      await post(`/message/${id}/reaction`, { phone: world.bo.phone, emoji: '' })(world)
      await world.bo.receives((it) => it.message.reactionMessage?.text === '')
      return answer
    },
    refuses: {
      ...refusals('reaction', { emoji: '👍' }),
      'a body without emoji': {
        call: (world) => post('/message/NOBODYS/reaction', { phone: world.bo.phone })(world),
        status: 400,
        code: 'VALIDATION_ERROR',
      },
    },
  },
  {
    operationId: 'updateMessage',
    works: async (world) => {
      const id = await sentTo(world, world.bo, 'a tpyo')
      const answer = await post(`/message/${id}/update`, { phone: world.bo.phone, message: 'a typo' })(world)
      const edit = await world.bo.receives((it) => it.message.protocolMessage?.key?.id === id)
      expect(edit.attributes['edit']).toBe('1')
      expect(edit.text).toBe('a typo')
      await world.gateway.message('main', world.bo.jid, (it) => it.id === id && it.content === 'a typo')
      return answer
    },
    refuses: {
      ...refusals('update', { message: 'new' }),
      'a body without message': {
        call: (world) => post('/message/NOBODYS/update', { phone: world.bo.phone })(world),
        status: 400,
        code: 'VALIDATION_ERROR',
      },
      "somebody else's message": {
        call: async (world) => {
          const id = await receivedFrom(world, world.bo, 'my words')
          return post(`/message/${id}/update`, { phone: world.bo.phone, message: 'yours' })(world)
        },
        status: 403,
        code: 'MESSAGE_NOT_OWN',
      },
    },
  },
  {
    operationId: 'readMessage',
    works: async (world) => {
      const id = await receivedFrom(world, world.bo, 'seen?')
      const answer = await post(`/message/${id}/read`, { phone: world.bo.phone })(world)
      await world.bo.getsReceipt({ id }, 'read')
      return answer
    },
    refuses: refusals('read'),
  },
  {
    operationId: 'starMessage',
    works: (world) => starring(world, 'worth keeping', true),
    mayLack: ['results'],
    refuses: refusals('star'),
  },
  {
    operationId: 'unstarMessage',
    works: (world) => starring(world, 'not worth keeping', false),
    mayLack: ['results'],
    refuses: refusals('unstar'),
  },
]
