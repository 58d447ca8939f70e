import type { Person, SentMessage } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

interface ShownMessage {
  readonly id: string
  readonly content: string
  readonly media_type: string
  readonly filename: string
  readonly file_length: number
  readonly reactions?: readonly { readonly emoji: string }[]
}

async function shown({ gateway }: Stage, chat: string, id: string): Promise<ShownMessage | undefined> {
  const answer = await gateway.call('GET', `/chat/${chat}/messages?limit=100`, { device: 'main' })
  return resultsOf<{ data: ShownMessage[] }>(answer).data.find((message) => message.id === id)
}

async function told(stage: Stage, from: Person, to: Person, text: string): Promise<SentMessage> {
  const sent = await from.sendText(to, text)
  await stage.world.nextEvent('message', ({ payload }) => payload.id === sent.id)
  return sent
}

describe('a message that is changed more than once', () => {
  scenario('has the text of its last edit, and each edit is told', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const sent = await told(stage, bo, ada, 'one')
    await bo.edit(sent, 'two')
    await bo.edit(sent, 'three')
    await eventually('the last text', async () =>
      (await shown(stage, bo.jid, sent.id))?.content === 'three' ? true : undefined,
    )
    await stage.world.nextEvent('message.edited', ({ payload }) => payload.body === 'three')
    expect(stage.world.events('message.edited').map(({ payload }) => payload.body)).toEqual(['two', 'three'])
  })

  scenario('shows one reaction of a person: the last, and none when it was taken back', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const sent = await told(stage, bo, ada, 'what do you say')
    const emojis = async () =>
      ((await shown(stage, bo.jid, sent.id))?.reactions ?? []).map(({ emoji }) => emoji)
    for (const emoji of ['👍', '🎉', '']) {
      await bo.reactTo(sent, emoji)
      const wanted = emoji === '' ? [] : [emoji]
      await eventually(
        `the reactions ${wanted.join()}`,
        async () => (String(await emojis()) === String(wanted) ? true : undefined),
        emojis,
      )
    }
    await eventually('three events', () =>
      stage.world.events('message.reaction').length === 3 ? true : undefined,
    )
    expect(stage.world.events('message.reaction').map(({ payload }) => payload['reaction'])).toEqual([
      '👍',
      '🎉',
      '',
    ])
  })

  scenario('that was taken back stays so when it is taken back once more', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const sent = await told(stage, bo, ada, 'never mind')
    await bo.revoke(sent)
    await bo.revoke(sent)
    await told(stage, bo, ada, 'behind both')
    const revoked = stage.world.events('message.revoked').map(({ payload }) => payload['revoked_message_id'])
    expect(new Set(revoked)).toEqual(new Set([sent.id]))
    // The key as Bo's phone wrote it, where the message was his and the chat is the one with Ada.
    const { payload } = await stage.world.nextEvent('message.revoked')
    expect(payload).toMatchObject({
      chat_id: bo.jid,
      is_from_me: false,
      revoked_from_me: true,
      revoked_chat: ada.jid,
    })
    expect(await shown(stage, bo.jid, sent.id)).toBeDefined()
  })

  scenario('keeps its file when its caption is edited', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const file = { type: 'document', mimeType: 'text/plain', fileName: 'a.txt', caption: 'first' } as const
    const sent = await bo.sendMedia(ada, { ...file, bytes: Buffer.from('a note') })
    await stage.world.nextEvent('message', ({ payload }) => payload.id === sent.id)
    const before = await shown(stage, bo.jid, sent.id)
    await bo.edit(sent, 'second')
    await eventually('the second caption', async () =>
      (await shown(stage, bo.jid, sent.id))?.content === 'second' ? true : undefined,
    )
    const { media_type, filename, file_length } = before ?? {}
    expect(await shown(stage, bo.jid, sent.id)).toMatchObject({ media_type, filename, file_length })
    expect(media_type).toBe('document')
    const path = `/message/${sent.id}/download?phone=${bo.phone}&raw=1`
    expect(await stage.gateway.call('GET', path, { device: 'main' })).toMatchObject({
      status: 200,
      text: 'a note',
    })
  })
})

describe('a call', () => {
  scenario(
    'that is rejected here stops ringing at the caller',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const call = await bo.call(ada)
      const { payload } = await stage.world.nextEvent('call.offer')
      expect(payload['call_id']).toBe(call.id)
      expect(call.state).toBe('ringing')
      const answer = await stage.gateway.call('POST', '/call/reject', {
        device: 'main',
        body: { caller_jid: payload['from'], call_id: call.id },
      })
      expect(answer.status).toBe(200)
      await eventually(
        'the rejection',
        () => (call.state === 'rejected' ? true : undefined),
        () => call.state,
      )
    },
    { settings: { WHATSAPP_WEBHOOK_EVENTS: '*' } },
  )
})
