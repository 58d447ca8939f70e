import type { Person, ReceivedMessage, SentMessage } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import type { Answer } from '../harness.ts'
import { messageIdOf, type Stage, scenario } from '../scenario.ts'

function forward({ gateway }: Stage, id: string, body: object): Promise<Answer> {
  return gateway.call('POST', `/message/${id}/forward`, { device: 'main', body })
}

/** Forwards a message and waits until it has arrived. */
async function forwarded(stage: Stage, id: string, to: Person, more: object = {}): Promise<ReceivedMessage> {
  const answer = await forward(stage, id, { phone: to.phone, ...more })
  expect(answer.status, answer.text).toBe(200)
  expect(answer.json.message).toMatch(`Message forwarded to ${to.jid} (server timestamp: `)
  return to.receives((message) => message.id === messageIdOf(answer))
}

/** What Bo has written to Ada, stored at the gateway. */
async function stored({ gateway }: Stage, bo: Person, sent: SentMessage): Promise<string> {
  await gateway.message('main', bo.jid, ({ id }) => id === sent.id)
  return sent.id
}

describe('forwarding a message', () => {
  scenario('passes a text on without its quote, marked once more each time', async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const first = await bo.sendText(ada, 'first')
    const answer = await bo.sendText(ada, 'second', { quoted: first, mentions: [ada.jid] })
    const plain = await forwarded(stage, await stored(stage, bo, first), cy, { duration: 86_400 })
    expect(plain.message.extendedTextMessage).toMatchObject({
      text: 'first',
      contextInfo: { isForwarded: true, forwardingScore: 1, expiration: 86_400 },
    })
    const copy = await forwarded(stage, await stored(stage, bo, answer), cy)
    expect(copy.text).toBe('second')
    expect(copy.message.extendedTextMessage?.contextInfo).toMatchObject({
      isForwarded: true,
      forwardingScore: 1,
    })
    expect(copy.message.extendedTextMessage?.contextInfo?.stanzaId).toBeFalsy()
    expect(copy.message.extendedTextMessage?.contextInfo?.mentionedJid).toEqual([])

    const wanderer = await bo.send(ada, {
      extendedTextMessage: { text: 'chain', contextInfo: { isForwarded: true, forwardingScore: 4 } },
    })
    const many = await forwarded(stage, await stored(stage, bo, wanderer), cy)
    expect(many.message.extendedTextMessage?.contextInfo?.forwardingScore).toBe(5)
    expect((await gateway.messages('main', cy.jid)).map(({ content }) => content)).toEqual([
      'chain',
      'second',
      'first',
    ])
  })

  scenario('does not mark what we wrote ourselves, and gives a poll a secret of its own', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const own = await gateway.sendText('main', bo.phone, 'mine')
    const copy = await forwarded(stage, messageIdOf(own), cy)
    expect(copy.message.extendedTextMessage).toMatchObject({ text: 'mine' })
    expect(copy.message.extendedTextMessage?.contextInfo?.isForwarded).toBeFalsy()

    const club = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, bo, cy] })
    const asked = await gateway.call('POST', '/send/poll', {
      device: 'main',
      body: { phone: bo.phone, question: 'When?', options: ['Now', 'Never'], max_answer: 1 },
    })
    const before = await bo.receives(({ id }) => id === messageIdOf(asked))
    const answer = await forward(stage, messageIdOf(asked), { phone: club.jid })
    const poll = await cy.receives(({ id }) => id === messageIdOf(answer))
    expect(poll.meta).toEqual({ polltype: 'creation' })
    expect(poll.message.pollCreationMessageV3).toMatchObject({ name: 'When?' })
    const secretOf = ({ message }: ReceivedMessage) => message.messageContextInfo?.messageSecret
    expect(secretOf(poll)).toHaveLength(32)
    expect(secretOf(poll)).not.toEqual(secretOf(before))
    expect(await gateway.messages('main', club.jid)).toMatchObject([{ content: '📊 When?' }])
  })

  scenario('passes a picture on from where it lies, or uploads it again when told to', async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const bytes = Buffer.from('not really a picture, and who cares')
    const sent = await bo.sendMedia(ada, { type: 'image', bytes, mimeType: 'image/jpeg', caption: 'the sea' })
    const id = await stored(stage, bo, sent)
    const byReference = await forwarded(stage, id, cy)
    expect(byReference.message.imageMessage).toMatchObject({
      caption: 'the sea',
      directPath: sent.message.imageMessage?.directPath,
      contextInfo: { isForwarded: true, forwardingScore: 1 },
    })
    expect(byReference.media()).toEqual(bytes)
    const anew = await forwarded(stage, id, cy, { force_reupload: true })
    expect(anew.message.imageMessage?.directPath).not.toBe(sent.message.imageMessage?.directPath)
    expect(anew.media()).toEqual(bytes)
    expect(await gateway.messages('main', cy.jid)).toMatchObject([
      { id: anew.id, content: 'the sea', media_type: 'image', file_length: bytes.length },
      { id: byReference.id, content: 'the sea', media_type: 'image', file_length: bytes.length },
    ])
  })

  scenario(
    'is refused for what is unknown, revoked or for one look only, and nothing is sent',
    async (stage) => {
      const { world } = stage
      const { ada, bo } = await stage.linkedPair()
      const [cy] = stage.people('Cy')
      const unknown = await forward(stage, 'NOSUCH', { phone: cy.phone })
      expect([unknown.status, unknown.json.message]).toEqual([404, 'message with ID NOSUCH not found'])
      const gone = await bo.sendText(ada, 'oops')
      await stored(stage, bo, gone)
      await bo.revoke(gone)
      await world.nextEvent('message.revoked')
      const once = await bo.sendMedia(ada, {
        type: 'image',
        bytes: Buffer.from('secret'),
        mimeType: 'image/jpeg',
        isViewOnce: true,
      })
      await stored(stage, bo, once)
      for (const { id } of [gone, once]) {
        const refused = await forward(stage, id, { phone: cy.phone })
        expect([refused.status, refused.json.code]).toEqual([400, 'MESSAGE_NOT_FORWARDABLE'])
      }
      const invalid = await forward(stage, gone.id, { phone: '', force_reupload: 'yes' })
      expect([invalid.status, invalid.json.message]).toEqual([
        400,
        'force_reupload: must be true or false; phone: cannot be blank.',
      ])
      expect(await stage.gateway.messages('main', cy.jid)).toEqual([])
      expect(cy.inbox).toEqual([])
    },
  )

  scenario('happens once under a key', async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const id = await stored(stage, bo, await bo.sendText(ada, 'once'))
    const call = (message: string) =>
      gateway.call('POST', `/message/${message}/forward`, {
        device: 'main',
        body: { phone: cy.phone },
        headers: { 'idempotency-key': 'k1' },
      })
    const first = await call(id)
    expect((await call(id)).json).toEqual(first.json)
    expect((await call('OTHER')).status).toBe(422)
    await cy.receives('once')
    expect(cy.inbox).toHaveLength(1)
  })
})
