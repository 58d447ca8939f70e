import type { Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { messageIdOf, scenario } from '../scenario.ts'

describe('a contact known only by LID', () => {
  scenario('is one chat under the phone number once that is learnt, found by both', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    bo.behaviour.addressing = 'lid'
    bo.account.showsPhone = false
    await bo.sendText(ada, 'guess who')
    const unknown = await world.nextEvent('message', ({ payload }) => payload.body === 'guess who')
    expect(unknown.payload).toMatchObject({ chat_id: bo.lid, from: bo.lid })
    expect(await gateway.chats('main')).toEqual([bo.lid])
    expect(await gateway.sendText('main', bo.lid, 'who are you?')).toMatchObject({ status: 200 })
    await bo.receives('who are you?')

    bo.account.showsPhone = true
    await bo.sendText(ada, 'it is me')
    const known = await world.nextEvent('message', ({ payload }) => payload.body === 'it is me')
    expect(known.payload).toMatchObject({ chat_id: bo.jid, chat_lid: bo.lid, from: bo.jid, from_lid: bo.lid })
    expect(await gateway.chats('main')).toEqual([bo.jid])
    for (const form of [bo.jid, bo.lid]) {
      const messages = await gateway.messages('main', form)
      expect(messages.map(({ content }) => content)).toEqual(['it is me', 'who are you?', 'guess who'])
      expect(messages.map(({ sender_jid }) => sender_jid)).toEqual([bo.jid, ada.jid, bo.jid])
    }
    for (const [form, text] of [
      [bo.lid, 'by lid'],
      [bo.phone, 'by phone'],
    ] as const) {
      expect(await gateway.sendText('main', form, text)).toMatchObject({ status: 200 })
      await bo.receives(text)
    }
    expect(await gateway.chats('main')).toEqual([bo.jid])
  })

  scenario('in a group is named by phone number once that is learnt', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const group = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, bo] })
    bo.account.showsPhone = false
    await bo.sendText(group, 'incognito')
    await world.nextEvent('message', ({ payload }) => payload.body === 'incognito')
    bo.account.showsPhone = true
    await bo.sendText(ada, 'by the way')
    await world.nextEvent('message', ({ payload }) => payload.body === 'by the way')
    await bo.sendText(group, 'as myself')
    const event = await world.nextEvent('message', ({ payload }) => payload.body === 'as myself')
    expect(event.payload).toMatchObject({ chat_id: group.jid, from: bo.jid })
    const messages = await gateway.messages('main', group.jid)
    expect(messages.map(({ sender_jid }) => sender_jid)).toEqual([bo.jid, bo.jid])
  })

  scenario('in a group is named by phone number where the list of members tells it', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy, di] = stage.people('Cy', 'Di')
    const group = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, cy, di] })
    const sent = messageIdOf(await gateway.sendText('main', group.jid, 'who has read this?'))
    // Receipts and messages of a group need not tell the other form of who they come from.
    world.simulator.router.deliver(await ada.hasClientOnline(), {
      tag: 'receipt',
      attrs: {
        id: sent,
        from: group.jid,
        participant: cy.lid,
        type: 'read',
        t: String(Math.floor(Date.now() / 1000)),
      },
    })
    const { payload } = await world.nextEvent('message.ack', (event) => event.payload['from_lid'] === cy.lid)
    expect(payload).toMatchObject({ ids: [sent], chat_id: group.jid, from: cy.jid })

    world.simulator.router.deliver(await ada.hasClientOnline(), {
      tag: 'receipt',
      attrs: { id: 'RECEIPT', from: group.jid, type: 'read', t: '1767225600' },
      content: [
        {
          tag: 'participants',
          attrs: { key: sent },
          content: [{ tag: 'user', attrs: { jid: di.lid, t: '1767225600' } }],
        },
      ],
    })
    const second = await world.nextEvent('message.ack', (event) => event.payload['from_lid'] === di.lid)
    expect(second.payload).toMatchObject({ ids: [sent], chat_id: group.jid, from: di.jid })
  })

  scenario('is named by the number that a list of members told once, also after a restart', async (stage) => {
    const { world } = stage
    const { ada, bo } = await stage.linkedPair()
    const [cy, di, ed, fay] = stage.people('Cy', 'Di', 'Ed', 'Fay')
    const clubOf = (member: Person) =>
      world.simulator.addGroup({ subject: `Club of ${member.name}`, owner: bo, members: [ada, member] })
    const written = clubOf(cy)
    const sent = messageIdOf(await stage.gateway.sendText('main', written.jid, 'who has read this?'))
    const looked = clubOf(di)
    const look = (group: string) =>
      stage.gateway.call('GET', `/group/info?group_id=${group}`, { device: 'main' })
    expect(await look(looked.jid)).toMatchObject({ status: 200 })
    const listed = clubOf(ed)
    expect(await stage.gateway.call('GET', '/user/my/groups', { device: 'main' })).toMatchObject({
      status: 200,
    })

    const heardOf = clubOf(fay)
    await bo.sendText(heardOf, 'what is this group called?')
    const isNamed = async () =>
      (await stage.gateway.call('GET', '/chats', { device: 'main' })).text.includes('Club of Fay') ||
      undefined
    await eventually('the name of the group', isNamed)

    const clubs = [
      [cy, written],
      [di, looked],
      [ed, listed],
      [fay, heardOf],
    ] as const
    // From now on WhatsApp tells nobody's number.
    for (const [{ account }] of clubs) account.showsPhone = false
    for (const [member, group] of clubs) {
      const isKnown = async () => (await look(group.jid)).text.includes(member.jid) || undefined
      await eventually(`the number of ${member.name}`, isKnown)
    }
    await stage.restart()
    await stage.gateway.inState('main', 'logged_in')
    for (const [member, group] of clubs) {
      await member.sendText(group, `I am ${member.name}`)
      const said = await world.nextEvent('message', ({ payload }) => payload.body === `I am ${member.name}`)
      expect(said.payload).toMatchObject({ chat_id: group.jid, from: member.jid, from_lid: member.lid })
    }
    world.simulator.router.deliver(await ada.hasClientOnline(), {
      tag: 'receipt',
      attrs: { id: sent, from: written.jid, participant: cy.lid, type: 'read', t: '1767225600' },
    })
    const read = await world.nextEvent('message.ack', ({ payload }) => payload['from_lid'] === cy.lid)
    expect(read.payload).toMatchObject({ ids: [sent], chat_id: written.jid, from: cy.jid })
  })
})

const allKinds = { settings: { WHATSAPP_WEBHOOK_EVENTS: '*' }, timeoutMs: 40_000 }

describe('a contact whose LID is known', () => {
  scenario(
    'is named by it in every event, also where WhatsApp used the phone number',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      bo.behaviour.addressing = 'lid'
      await bo.sendText(ada, 'by my LID')
      await world.nextEvent('message', ({ payload }) => payload.body === 'by my LID')
      bo.behaviour.addressing = 'pn'
      const both = { chat_id: bo.jid, chat_lid: bo.lid, from: bo.jid, from_lid: bo.lid }
      const text = await bo.sendText(ada, 'by my number')
      const told = async (kind: string, id?: string) => {
        const found = await world.nextEvent(kind, ({ payload }) => id === undefined || payload.id === id)
        return found.payload
      }
      expect(await told('message', text.id)).toMatchObject(both)
      const reaction = await bo.reactTo(text, '👍')
      expect(await told('message.reaction', reaction.id)).toMatchObject(both)
      const edit = await bo.edit(text, 'by my phone number')
      expect(await told('message.edited', edit.id)).toMatchObject(both)
      const deleted = await bo.sendText(ada, 'not for long')
      await told('message', deleted.id)
      await ada.settings.deleteForMe(deleted)
      expect(await told('message.deleted')).toMatchObject({ ...both, deleted_message_id: deleted.id })
      await bo.revoke(text)
      expect(await told('message.revoked')).toMatchObject(both)
      await bo.typing(ada, 'composing')
      expect(await told('chat_presence')).toMatchObject(both)
      await bo.call(ada)
      expect(await told('call.offer')).toMatchObject({ from: bo.jid, from_lid: bo.lid })
      const sent = messageIdOf(await gateway.sendText('main', bo.phone, 'hi'))
      await bo.markRead(await bo.receives('hi'))
      const ack = await world.nextEvent('message.ack', ({ payload }) => String(payload['ids']) === sent)
      expect(ack.payload).toMatchObject(both)
      const own = await ada.sendText(bo, 'from my phone')
      expect(await told('message', own.id)).toMatchObject({
        chat_id: bo.jid,
        chat_lid: bo.lid,
        from: ada.jid,
        from_lid: ada.lid,
        is_from_me: true,
      })
    },
    allKinds,
  )
})
