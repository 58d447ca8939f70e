import type { Person, ReceivedMessage } from '@gatewa/simulator'
import { proto } from 'baileys'
import { describe, expect } from 'vitest'
import { type Answer, eventually } from '../harness.ts'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

interface Cast {
  readonly ada: Person
  readonly bo: Person
  /** What we wrote, as Bo has it. */
  readonly sent: ReceivedMessage
}

interface Shown {
  readonly id: string
  readonly content: string
  readonly reactions: readonly { readonly emoji: string }[]
}

/** A chat with one message of ours. Its recipient says nothing by itself from then on, and our waits are short. */
async function aMessageOfOurs(stage: Stage): Promise<Cast> {
  const { ada, bo } = await stage.linkedPair()
  const answer = await stage.gateway.sendText('main', bo.phone, 'one')
  const sent = await bo.receives('one')
  expect(messageIdOf(answer)).toBe(sent.id)
  bo.behaviour.delivers = false
  stage.clock.haste = 20
  return { ada, bo, sent }
}

function change({ gateway }: Stage, { bo, sent }: Cast, what: string, body: object = {}): Promise<Answer> {
  const path = `/message/${sent.id}/${what}`
  return gateway.call('POST', path, { device: 'main', body: { phone: bo.phone, ...body } })
}

async function shown({ gateway }: Stage, { bo, sent }: Cast): Promise<Shown | undefined> {
  const answer = await gateway.call('GET', `/chat/${bo.jid}/messages?limit=100`, { device: 'main' })
  return resultsOf<{ data: Shown[] }>(answer).data.find(({ id }) => id === sent.id)
}

/** Waits until the phone has shared the keys that a setting takes. */
async function settingsWork({ gateway }: Stage, { bo }: Cast): Promise<void> {
  await eventually('the keys for settings', async () => {
    const pinned = { device: 'main', body: { pinned: true } }
    return (await gateway.call('POST', `/chat/${bo.jid}/pin`, pinned)).status === 200 || undefined
  })
}

function isProtocol(
  { protocolMessage }: proto.IMessage,
  type: keyof typeof proto.Message.ProtocolMessage.Type,
): boolean {
  return protocolMessage?.type === proto.Message.ProtocolMessage.Type[type]
}

/** A kind of change: how it is asked for, seen at the recipient, and seen here. */
interface Kind {
  readonly what: string
  readonly body: object
  readonly isIn: (message: ReceivedMessage) => boolean
  readonly isDone: (stage: Stage, cast: Cast) => Promise<boolean>
}

const kinds: readonly Kind[] = [
  {
    what: 'update',
    body: { message: 'two' },
    isIn: ({ message }) => isProtocol(message, 'MESSAGE_EDIT'),
    isDone: async (stage, cast) => (await shown(stage, cast))?.content === 'two',
  },
  {
    what: 'reaction',
    body: { emoji: '👍' },
    isIn: ({ message }) => message.reactionMessage?.text === '👍',
    isDone: async (stage, cast) => (await shown(stage, cast))?.reactions[0]?.emoji === '👍',
  },
  {
    what: 'revoke',
    body: {},
    isIn: ({ message }) => isProtocol(message, 'REVOKE'),
    isDone: async (stage, cast) => {
      // What was taken back can no longer be edited.
      const { json } = await change(stage, cast, 'update', { message: 'still there' })
      return json.code === 'MESSAGE_NOT_EDITABLE'
    },
  },
]

describe.each(kinds)('a change ($what) that WhatsApp does not confirm in time', (kind) => {
  const { what, body, isIn, isDone } = kind

  scenario('is answered with 504, and done here once the ack comes after all', async (stage) => {
    const cast = await aMessageOfOurs(stage)
    stage.world.simulator.faults.delay(3_000)
    const answer = await change(stage, cast, what, body)
    expect(answer).toMatchObject({ status: 504, json: { code: 'SEND_OUTCOME_UNKNOWN' } })
    expect(await isDone(stage, cast)).toBe(false)
    await eventually('the change', async () => (await isDone(stage, cast)) || undefined)
  })

  scenario('is done here once the recipient shows to have it', async (stage) => {
    const cast = await aMessageOfOurs(stage)
    stage.world.simulator.faults.dropAck()
    const answer = await change(stage, cast, what, body)
    expect(answer).toMatchObject({ status: 504, json: { code: 'SEND_OUTCOME_UNKNOWN' } })
    const arrived = await cast.bo.receives(isIn)
    expect(await isDone(stage, cast)).toBe(false)
    await cast.bo.markRead(arrived)
    await eventually('the change', async () => (await isDone(stage, cast)) || undefined)
  })

  scenario('is not done here when WhatsApp refuses it', async (stage) => {
    const cast = await aMessageOfOurs(stage)
    stage.world.simulator.faults.refuseWith(400)
    const answer = await change(stage, cast, what, body)
    expect(answer).toMatchObject({ status: 403, json: { code: 'WHATSAPP_REFUSED' } })
    expect(await isDone(stage, cast)).toBe(false)
  })
})

/** Settings take several answers, each of which must come in time on a busy machine too, and one that comes `late` ms on. */
const patient = 4
const late = 6_000

describe('a setting that WhatsApp takes without an answer in time', () => {
  const settings = [
    {
      what: 'the archive',
      collection: 'regular_low',
      // The pin goes first.
      patchesBefore: 1,
      set: ({ gateway }: Stage, { bo }: Cast) =>
        gateway.call('POST', `/chat/${bo.jid}/archive`, { device: 'main', body: { archived: true } }),
      isDone: async ({ gateway }: Stage) => {
        const answer = await gateway.call('GET', '/chats?archived=true', { device: 'main' })
        const [chat] = resultsOf<{ data: { pinned: boolean }[] }>(answer).data
        return chat?.pinned === false
      },
    },
    {
      what: 'a message deleted for us',
      collection: 'regular_high',
      patchesBefore: 0,
      set: (stage: Stage, cast: Cast) => change(stage, cast, 'delete'),
      isDone: async (stage: Stage, cast: Cast) => (await shown(stage, cast)) === undefined,
    },
  ]

  for (const { what, collection, patchesBefore, set, isDone } of settings) {
    scenario(`is done here soon after: ${what}`, async (stage) => {
      const cast = await aMessageOfOurs(stage)
      await settingsWork(stage, cast)
      stage.clock.haste = patient
      const { faults } = stage.world.simulator
      if (patchesBefore > 0) faults.delayPatchAnswer(collection, 0, { count: patchesBefore })
      faults.delayPatchAnswer(collection, late)
      const answer = await set(stage, cast)
      expect(answer).toMatchObject({ status: 504, json: { code: 'GATEWAY_TIMEOUT' } })
      expect(await isDone(stage, cast)).toBe(false)
      await eventually('the setting', async () => (await isDone(stage, cast)) || undefined)
    })
  }

  scenario('is not done at all when it was not yet written when its time was over', async (stage) => {
    const { simulator } = stage.world
    const cast = await aMessageOfOurs(stage)
    await settingsWork(stage, cast)
    stage.clock.haste = patient
    const { mutations } = simulator.appState.of(cast.ada.account)
    simulator.faults.delayIqAnswer('w:sync:app:state', late)
    expect((await change(stage, cast, 'delete')).status).toBe(504)
    // Settings are written one after another: once this one is, the one before is over.
    await eventually(
      'another setting',
      async () => (await change(stage, cast, 'star')).status === 200 || undefined,
    )
    expect(mutations.map(({ index }) => index[0])).not.toContain('deleteMessageForMe')
    expect(await shown(stage, cast)).toBeDefined()
  })
})
