import type { Person } from '@gatewa/simulator'
import { expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

function get(path: string, device = 'main') {
  return ({ gateway }: OperationWorld) => gateway.call('GET', path, { device })
}

function post(path: string, body: object, device = 'main') {
  return ({ gateway }: OperationWorld) => gateway.call('POST', path, { device, body })
}

interface Listed {
  readonly jid: string
  readonly archived: boolean
  readonly ephemeral_expiration: number
}

/** Somebody who has written to us. */
async function chatWith(world: OperationWorld, name: string): Promise<Person> {
  const person = world.world.simulator.addPerson({ name })
  const { id } = await person.sendText(world.ada, `hello from ${name}`)
  await world.gateway.message('main', person.jid, (message) => message.id === id)
  return person
}

async function listed(world: OperationWorld, jid: string, query = ''): Promise<Listed | undefined> {
  const answer = await get(`/chats?limit=100${query}`)(world)
  return resultsOf<{ data: Listed[] }>(answer).data.find((chat) => chat.jid === jid)
}

function settingAt({ world, ada }: OperationWorld, ...index: string[]) {
  return eventually(`a change of ${index.join(' ')}`, () =>
    world.simulator.appState
      .of(ada.account)
      .mutations.findLast((mutation) => index.every((word, at) => mutation.index[at] === word)),
  )
}

function refusals(what: string, body: object, member: string): Readonly<Record<string, RefusedCall>> {
  return {
    'a chat that is unknown': {
      call: post(`/chat/6281999999999@s.whatsapp.net/${what}`, body),
      status: 404,
      code: 'NOT_FOUND',
    },
    [`a body without ${member}`]: {
      call: post(`/chat/6281/${what}`, {}),
      status: 400,
      code: 'VALIDATION_ERROR',
    },
    [`a ${member} of another type`]: { call: post(`/chat/6281/${what}`, { [member]: 'x' }), status: 400 },
    'a device that is unknown': {
      call: post(`/chat/6281/${what}`, body, 'nobody'),
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    },
    'a device that was never linked': {
      call: post(`/chat/6281/${what}`, body, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
    },
  }
}

/** What is promised of the operations under `/chat` and `/chats`. */
export const chatOperations: readonly Operation[] = [
  {
    operationId: 'listChats',
    works: async (world) => {
      const dee = await chatWith(world, 'Dee of the list')
      const answer = await get('/chats?search=dee%20of')(world)
      expect(resultsOf<{ data: Listed[]; pagination: object }>(answer)).toMatchObject({
        data: [{ jid: dee.jid, archived: false }],
        pagination: { limit: 25, offset: 0, total: 1 },
      })
      return answer
    },
    refuses: {
      'more chats than a page may have': { call: get('/chats?limit=101'), status: 400 },
      'a device that is unknown': { call: get('/chats', 'nobody'), status: 404, code: 'DEVICE_NOT_FOUND' },
    },
  },
  {
    operationId: 'getChatMessages',
    works: async (world) => {
      const eve = await chatWith(world, 'Eve of the messages')
      const answer = await get(`/chat/${encodeURIComponent(eve.jid)}/messages`)(world)
      expect(resultsOf<object>(answer)).toMatchObject({
        data: [{ chat_jid: eve.jid, sender_jid: eve.jid, content: 'hello from Eve of the messages' }],
        pagination: { total: 1 },
        chat_info: { jid: eve.jid },
      })
      return answer
    },
    refuses: {
      'a chat that is unknown': {
        call: get('/chat/6281999999999@s.whatsapp.net/messages'),
        status: 404,
        code: 'NOT_FOUND',
        message: 'chat with JID 6281999999999@s.whatsapp.net not found',
      },
      'a time that is none': { call: get('/chat/6281/messages?start_time=yesterday'), status: 400 },
    },
  },
  {
    operationId: 'pinChat',
    works: async (world) => {
      const fay = await chatWith(world, 'Fay')
      const answer = await post(`/chat/${fay.jid}/pin`, { pinned: true })(world)
      expect((await settingAt(world, 'pin_v1', fay.jid)).value.pinAction?.pinned).toBe(true)
      return answer
    },
    refuses: refusals('pin', { pinned: true }, 'pinned'),
  },
  {
    operationId: 'archiveChat',
    works: async (world) => {
      const gil = await chatWith(world, 'Gil')
      const answer = await post(`/chat/${gil.jid}/archive`, { archived: true })(world)
      const { value } = await settingAt(world, 'archive', gil.jid)
      expect(value.archiveChatAction?.archived).toBe(true)
      expect(value.archiveChatAction?.messageRange?.messages).toHaveLength(1)
      expect(await listed(world, gil.jid, '&archived=true')).toMatchObject({ archived: true })
      // The other way: the phone takes it out again.
      await world.world.simulator.appState.change(world.ada.account, 'regular_low', ['archive', gil.jid], {
        archiveChatAction: { archived: false },
      })
      await eventually('the chat being out of the archive', async () =>
        (await listed(world, gil.jid))?.archived === false ? true : undefined,
      )
      return answer
    },
    refuses: refusals('archive', { archived: true }, 'archived'),
  },
  {
    operationId: 'setDisappearingTimer',
    works: async (world) => {
      const hal = await chatWith(world, 'Hal')
      const answer = await post(`/chat/${hal.jid}/disappearing`, { timer_seconds: 86_400 })(world)
      await hal.receives((it) => it.message.protocolMessage?.ephemeralExpiration === 86_400)
      expect(await listed(world, hal.jid)).toMatchObject({ ephemeral_expiration: 86_400 })
      return answer
    },
    refuses: {
      ...refusals('disappearing', { timer_seconds: 0 }, 'timer_seconds'),
      'a timer that WhatsApp does not know': {
        call: post('/chat/6281/disappearing', { timer_seconds: 3600 }),
        status: 400,
        code: 'VALIDATION_ERROR',
        message:
          'timer_seconds: timer_seconds must be one of: 0 (off), 86400 (24h), 604800 (7d), 7776000 (90d).',
      },
    },
  },
]
