import { describe, expect } from 'vitest'
import { eventually, type Gateway } from '../harness.ts'
import { messageIdOf, scenario } from '../scenario.ts'

const poll = { question: 'Where?', options: ['Here', 'There'], max_answer: 2 }

function send(gateway: Gateway, kind: string, body: object, device = 'main') {
  return gateway.call('POST', `/send/${kind}`, { device, body })
}

describe('whom messages go to', () => {
  scenario(
    'a group that does not exist, or that we are not in, is named and leaves nothing behind',
    async (stage) => {
      const { world, gateway } = stage
      const { bo } = await stage.linkedPair()
      const [cy] = stage.people('Cy')
      const foreign = world.simulator.addGroup({ subject: 'Foreign', owner: bo, members: [bo, cy] })
      expect(
        (await send(gateway, 'message', { phone: '120363999999999999', message: 'x' })).json,
      ).toMatchObject({
        code: 'GROUP_NOT_FOUND',
      })
      const refused = await send(gateway, 'poll', { phone: foreign.jid, ...poll })
      expect([refused.status, refused.json.code]).toEqual([403, 'GROUP_NOT_MEMBER'])
      const typing = await send(gateway, 'chat-presence', { phone: foreign.jid, action: 'start' })
      expect(typing.status).toBe(403)
      expect(await gateway.chats('main')).toEqual([])
    },
  )

  scenario('a group we were removed from is refused from then on', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const club = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [bo, ada] })
    expect((await gateway.sendText('main', club.jid, 'still in')).status).toBe(200)
    await bo.receives('still in')
    club.remove([ada], bo)
    await eventually('being refused', async () => {
      const { status } = await gateway.sendText('main', club.jid, 'out')
      return status === 403 || undefined
    })
  })

  scenario(
    'a group where only admins write is named before anything is written; reactions and admins are heard',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      const club = world.simulator.addGroup({ subject: 'News', owner: bo, members: [bo, ada] })
      club.setSwitch('announcement')
      const refused = await gateway.sendText('main', club.jid, 'me too')
      expect([refused.status, refused.json.code]).toEqual([403, 'GROUP_NOT_ADMIN'])
      expect(await gateway.chats('main')).toEqual([])

      const { id } = await bo.sendText(club, 'today')
      await gateway.message('main', club.jid, ({ content }) => content === 'today')
      const body = { phone: club.jid, emoji: '👍' }
      const reacted = await gateway.call('POST', `/message/${id}/reaction`, { device: 'main', body })
      expect(reacted.status, reacted.text).toBe(200)
      await bo.receives(({ message }) => message.reactionMessage?.text === '👍')

      club.promote([ada])
      const sent = await eventually('being let in', async () => {
        const answer = await gateway.sendText('main', club.jid, 'an admin')
        return answer.status === 200 ? answer : undefined
      })
      await bo.receives(({ id: arrived }) => arrived === messageIdOf(sent))
      expect((await gateway.messages('main', club.jid)).map(({ content }) => content)).toEqual([
        'an admin',
        'today',
      ])
    },
  )

  scenario('a group hears a poll and a ghost mention of everyone', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const club = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, bo, cy] })
    const sent = await send(gateway, 'poll', { phone: club.jid, ...poll, mentions: ['@everyone'] })
    for (const member of [bo, cy]) {
      const arrived = await member.receives(({ id }) => id === messageIdOf(sent))
      expect(arrived.encryption).toBe('skmsg')
      expect(arrived.meta).toEqual({ polltype: 'creation' })
      expect(arrived.message.pollCreationMessage?.contextInfo).toMatchObject({ nonJidMentions: 1 })
      expect(arrived.message.messageContextInfo?.messageSecret).toHaveLength(32)
    }
    expect(await gateway.messages('main', club.jid)).toMatchObject([
      { id: messageIdOf(sent), content: '📊 Where?', is_from_me: true },
    ])
  })

  scenario(
    'a person known by LID alone is written to by LID, and the answer joins the same chat',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      bo.account.showsPhone = false
      bo.account.tellsLid = false
      bo.behaviour.addressing = 'lid'
      await bo.sendText(ada, 'who am I?')
      const { payload } = await world.nextEvent('message')
      expect(payload['from']).toBe(bo.lid)
      const sent = await gateway.sendText('main', bo.lid, 'a stranger')
      expect(sent.status, sent.text).toBe(200)
      const arrived = await bo.receives('a stranger')
      expect(arrived.attributes).toMatchObject({ addressing_mode: 'lid' })
      expect((await gateway.messages('main', bo.lid)).map(({ content }) => content)).toEqual([
        'a stranger',
        'who am I?',
      ])
    },
  )

  scenario('a number that WhatsApp writes otherwise goes to the account it leads to', async (stage) => {
    const { gateway } = stage
    await stage.linkedPair()
    const dee = stage.world.simulator.addPerson({ phone: '551187654321', name: 'Dee' })
    dee.alsoReachedBy('5511987654321')
    const sent = await gateway.sendText('main', '+5511987654321', 'oi')
    expect(sent.json.message).toContain('Message sent to +5511987654321@s.whatsapp.net')
    await dee.receives('oi')
    expect(await gateway.chats('main')).toEqual([dee.jid])
    await dee.sendText(stage.world.simulator.people[0] ?? dee, 'tudo bem')
    await stage.world.nextEvent('message')
    expect(await gateway.messages('main', dee.jid)).toHaveLength(2)
  })

  scenario('two devices of one gateway write to each other, and to themselves', async (stage) => {
    const { world, gateway } = stage
    const [ada, bo] = stage.people('Ada', 'Bo')
    await gateway.link(ada, 'ada')
    await gateway.link(bo, 'bo')
    await gateway.sendText('ada', bo.phone, 'ping')
    await gateway.message('bo', ada.jid, ({ content }) => content === 'ping')
    await gateway.sendText('bo', ada.phone, 'pong')
    await gateway.message('ada', bo.jid, ({ content }) => content === 'pong')
    const events = ['ping', 'pong'].map((body) =>
      world.nextEvent('message', ({ payload }) => payload.body === body),
    )
    expect((await Promise.all(events)).map(({ session_id: device }) => device)).toEqual(['bo', 'ada'])
    const note = await gateway.sendText('ada', ada.phone, 'note to self')
    expect(note.status, note.text).toBe(200)
    await ada.receives('note to self')
  })

  scenario('two devices of one account each show what the other sent', async (stage) => {
    const { gateway } = stage
    const [ada, bo] = stage.people('Ada', 'Bo')
    await gateway.link(ada, 'first')
    await gateway.link(ada, 'second')
    const sent = await send(
      gateway,
      'location',
      { phone: bo.phone, latitude: '1.5', longitude: '-2.25' },
      'first',
    )
    const copy = await gateway.message('second', bo.jid, ({ id }) => id === messageIdOf(sent))
    expect(copy).toMatchObject({ content: '📍 1.5, -2.25', is_from_me: true, sender_jid: ada.jid })
  })

  scenario('very long, right-to-left and many-coloured texts arrive as they were written', async (stage) => {
    const { gateway } = stage
    const { bo } = await stage.linkedPair()
    const texts = [
      `${'schön '.repeat(10_922)}Ende`,
      'שלום ‮עולם‬ مرحبا',
      '👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈 e\u0301\u200d\u2028 \u0000?',
      ' \t\n',
    ]
    for (const text of texts) {
      const sent = await gateway.sendText('main', bo.phone, text)
      expect(sent.status, sent.text).toBe(200)
      const arrived = await bo.receives(({ id }) => id === messageIdOf(sent))
      expect(arrived.text).toBe(text)
    }
    const stored = (await gateway.messages('main', bo.jid)).map(({ content }) => content)
    expect(stored.toReversed().slice(0, 2)).toEqual(texts.slice(0, 2))
  })
})
