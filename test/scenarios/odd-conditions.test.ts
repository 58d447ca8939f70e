import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

/** Waits until the chat list calls a chat so. */
async function isCalled({ gateway }: Stage, jid: string, name: string): Promise<void> {
  await eventually(`the chat ${name}`, async () => {
    const answer = await gateway.call('GET', '/chats', { device: 'main' })
    const { data } = resultsOf<{ data: { jid: string; name: string }[] }>(answer)
    return data.some((chat) => chat.jid === jid && chat.name === name) || undefined
  })
}

function act({ gateway }: Stage, id: string, what: string, body: object) {
  return gateway.call('POST', `/message/${id}/${what}`, { device: 'main', body })
}

describe('under odd conditions', () => {
  scenario('several messages of a group read at once are told to those who wrote them', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const club = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, bo, cy] })
    const sent = [
      { from: bo, id: (await bo.sendText(club, 'one')).id },
      { from: cy, id: (await cy.sendText(club, 'two')).id },
      { from: bo, id: (await bo.sendText(club, 'three')).id },
    ]
    await gateway.message('main', club.jid, ({ content }) => content === 'three')
    const answers = await Promise.all(sent.map(({ id }) => act(stage, id, 'read', { phone: club.jid })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    for (const { from, id } of sent) {
      expect((await from.getsReceipt({ id }, 'read')).from).toBe(ada.account)
      const other = from === bo ? cy : bo
      expect(other.receiptsFor(id)).toEqual([])
    }
  })

  scenario('a chat is called as the address book says, also when that changes', async (stage) => {
    const { world } = stage
    const { ada, bo } = await stage.linkedPair()
    await bo.sendText(ada, 'hello')
    await world.nextEvent('message')
    await isCalled(stage, bo.jid, 'Bo')
    for (const name of ['Bo Diddley', 'Ellas McDaniel']) {
      await ada.settings.saveContact(bo, name)
      await isCalled(stage, bo.jid, name)
    }
    const { id } = await bo.sendText(ada, 'still me')
    const { payload } = await world.nextEvent('message', (event) => event.payload.id === id)
    expect(payload).toMatchObject({ from_name: 'Bo' })
    await isCalled(stage, bo.jid, 'Ellas McDaniel')
  })

  scenario('a new chat is called as the address book says already, whoever writes first', async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    await ada.settings.saveContact(bo, 'Bo Diddley')
    await ada.settings.saveContact(cy, 'Cyril')
    await eventually('both contacts', async () => {
      const { text } = await gateway.call('GET', '/user/my/contacts', { device: 'main' })
      return (text.includes('Bo Diddley') && text.includes('Cyril')) || undefined
    })
    expect(await gateway.chats('main')).toEqual([])
    messageIdOf(await gateway.sendText('main', cy.phone, 'hello'))
    await bo.sendText(ada, 'hello')
    await isCalled(stage, cy.jid, 'Cyril')
    await isCalled(stage, bo.jid, 'Bo Diddley')
  })

  scenario('two devices of one number in one process write to each other', async (stage) => {
    const { gateway } = stage
    const [ada] = stage.people('Ada')
    await gateway.link(ada, 'first')
    await gateway.link(ada, 'second')
    for (const [from, to] of [
      ['first', 'second'],
      ['second', 'first'],
    ] as const) {
      const id = messageIdOf(await gateway.sendText(from, ada.phone, `from ${from}`))
      const copy = await gateway.message(to, ada.jid, (message) => message.id === id)
      expect(copy).toMatchObject({ content: `from ${from}`, is_from_me: true, sender_jid: ada.jid })
    }
    for (const device of ['first', 'second']) {
      expect(await gateway.chats(device)).toEqual([ada.jid])
      expect(await gateway.messages(device, ada.jid)).toMatchObject([
        { content: 'from second' },
        { content: 'from first' },
      ])
    }
  })

  scenario('a message of ours that is edited twice has its last text, here and there', async (stage) => {
    const { gateway } = stage
    const { bo } = await stage.linkedPair()
    const id = messageIdOf(await gateway.sendText('main', bo.phone, 'one'))
    for (const message of ['two', 'three']) {
      const edited = await act(stage, id, 'update', { phone: bo.phone, message })
      const arrived = await bo.receives((each) => each.id === messageIdOf(edited))
      expect(arrived.attributes).toMatchObject({ edit: '1' })
      expect(arrived.message.protocolMessage).toMatchObject({
        key: { id, fromMe: true },
        editedMessage: { extendedTextMessage: { text: message } },
      })
      expect(await gateway.messages('main', bo.jid)).toMatchObject([{ id, content: message }])
    }
  })

  scenario(
    'a poll of ours in a group is voted in by its members, who may think again',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      const [cy] = stage.people('Cy')
      const club = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, bo, cy] })
      const body = { phone: club.jid, question: 'Where?', options: ['Here', 'There'], max_answer: 1 }
      const id = messageIdOf(await gateway.call('POST', '/send/poll', { device: 'main', body }))
      const [atBo, atCy] = await Promise.all(
        [bo, cy].map((member) => member.receives((message) => message.id === id)),
      )
      if (atBo === undefined || atCy === undefined) throw new Error('the poll did not arrive')
      const votes = [
        { vote: await bo.vote(atBo, ['Here']), from: bo, tally: [1, 0] },
        { vote: await cy.vote(atCy, ['There']), from: cy, tally: [1, 1] },
        { vote: await bo.vote(atBo, ['There']), from: bo, tally: [0, 2] },
      ]
      for (const { vote, from, tally } of votes) {
        const { payload } = await world.nextEvent('poll.vote', (event) => event.payload.id === vote.id)
        expect(payload).toMatchObject({ chat_id: club.jid, from: from.jid })
        expect((payload['tally'] as { votes: number }[]).map(({ votes: given }) => given)).toEqual(tally) // our own event
      }
    },
    { settings: { WHATSAPP_WEBHOOK_EVENTS: '*' } },
  )
})
