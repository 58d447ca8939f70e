import type { Person } from '@gatewa/simulator'
import { proto } from 'baileys'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { scenario } from '../scenario.ts'

describe('history that the phone shares after linking', () => {
  scenario('is stored and shown, and no webhook tells of it', async (stage) => {
    const { world, gateway } = stage
    const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
    const group = world.simulator.addGroup({ subject: 'Club', owner: bo, members: [ada, bo, cy] })
    const at = (minute: number) => Math.floor(Date.UTC(2026, 0, 1, 12, minute) / 1000)
    world.simulator.history.remember(ada.account, [
      {
        jid: bo.jid,
        lidJid: bo.lid,
        messages: [
          { id: 'OLD1', isFromMe: false, text: 'lunch?', at: at(1) },
          { id: 'OLD2', isFromMe: true, text: 'sure', at: at(2) },
        ],
      },
      {
        jid: group.jid,
        name: 'Club',
        messages: [{ id: 'OLD3', isFromMe: false, text: 'hello all', at: at(3), participant: cy.jid }],
      },
    ])
    await gateway.link(ada, 'main')
    await eventually('both chats', async () => (await gateway.chats('main')).length === 2 || undefined)
    await gateway.message('main', group.jid, ({ content }) => content === 'hello all')
    expect(await gateway.messages('main', bo.jid)).toMatchObject([
      { id: 'OLD2', content: 'sure', is_from_me: true, timestamp: '2026-01-01T12:02:00Z' },
      { id: 'OLD1', content: 'lunch?', is_from_me: false, sender_jid: bo.jid },
    ])
    expect(await gateway.messages('main', bo.lid)).toHaveLength(2)
    await bo.sendText(ada, 'and now')
    await world.nextEvent('message', ({ payload }) => payload.body === 'and now')
    expect(world.events('message')).toHaveLength(1)
    expect(await gateway.messages('main', bo.jid)).toHaveLength(3)
  })

  scenario('lies on the media host in parts, and may be cut off there without harm', async (stage) => {
    const { world, gateway } = stage
    const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
    const { history, media } = world.simulator
    history.usesMediaHost = true
    const at = Math.floor(Date.UTC(2026, 0, 1) / 1000)
    const past = (person: Person) => ({
      jid: person.jid,
      messages: [{ id: `OLD of ${person.name}`, isFromMe: false, text: 'long ago', at }],
    })
    history.remember(ada.account, [past(bo), past(cy)])
    await gateway.link(ada, 'main')
    for (const person of [bo, cy]) await gateway.message('main', person.jid, ({ id }) => id.startsWith('OLD'))

    const di = world.simulator.addPerson({ name: 'Di' })
    history.remember(ada.account, [past(di)])
    media.cutsDownloads = true
    for (const historySyncNotification of history.parts(ada.account, [])) {
      const type = proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION
      await ada.sendPeer(await ada.hasClientOnline(), { protocolMessage: { type, historySyncNotification } })
    }
    await di.sendText(ada, 'today')
    await world.nextEvent('message', ({ payload }) => payload.body === 'today')
    expect(await gateway.messages('main', di.jid)).toHaveLength(1)
  })
})
