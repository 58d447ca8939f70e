import type { Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually, type Gateway } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

interface Listed {
  readonly jid: string
  readonly unread_count: number
}

/** How many messages are unread in a chat, as the list of chats shows it; null when it is not there. */
async function unreadIn(gateway: Gateway, jid: string): Promise<number | null> {
  const { data } = resultsOf<{ data: Listed[] }>(await gateway.call('GET', '/chats', { device: 'main' }))
  return data.find((chat) => chat.jid === jid)?.unread_count ?? null
}

function becomes(gateway: Gateway, jid: string, count: number): Promise<true> {
  return eventually(
    `${count} unread`,
    async () => (await unreadIn(gateway, jid)) === count || undefined,
    () => unreadIn(gateway, jid),
  )
}

/** A text that was told of. */
async function texted({ world }: Stage, from: Person, to: Parameters<Person['sendText']>[0], text: string) {
  const sent = await from.sendText(to, text)
  await world.nextEvent('message', ({ payload }) => payload.id === sent.id)
  return sent
}

function read(gateway: Gateway, id: string, phone: string) {
  return gateway.call('POST', `/message/${id}/read`, { device: 'main', body: { phone } })
}

describe('what is unread in a chat', () => {
  scenario('are the messages of others, not what is done to them, until one is read here', async (stage) => {
    const { gateway, world } = stage
    const { ada, bo } = await stage.linkedPair()
    const first = await texted(stage, bo, ada, 'one')
    expect(await unreadIn(gateway, bo.jid)).toBe(1)
    const second = await texted(stage, bo, ada, 'two')
    await bo.edit(second, 'zwei')
    await world.nextEvent('message.edited')
    await bo.reactTo(second, '👍')
    await world.nextEvent('message.reaction')
    const third = await texted(stage, bo, ada, 'three')
    await bo.revoke(third)
    await world.nextEvent('message.revoked')
    expect(await unreadIn(gateway, bo.jid)).toBe(3)
    expect((await gateway.sendText('main', bo.phone, 'mine')).status).toBe(200)
    const fromPhone = await ada.sendText(bo, 'mine too')
    await world.nextEvent('message', ({ payload }) => payload.id === fromPhone.id)
    expect(await unreadIn(gateway, bo.jid)).toBe(3)

    // Whoever reads one has read those before it.
    expect((await read(gateway, second.id, bo.phone)).status).toBe(200)
    expect(await unreadIn(gateway, bo.jid)).toBe(1)
    expect((await read(gateway, first.id, bo.phone)).status).toBe(200)
    expect(await unreadIn(gateway, bo.jid)).toBe(1)
    expect((await read(gateway, third.id, bo.phone)).status).toBe(200)
    expect(await unreadIn(gateway, bo.jid)).toBe(0)
    const messages = resultsOf<{ chat_info: Listed }>(
      await gateway.call('GET', `/chat/${bo.jid}/messages`, { device: 'main' }),
    )
    expect(messages.chat_info.unread_count).toBe(0)
  })

  scenario(
    'is read when another device of the account tells so, message by message or for the chat',
    async (stage) => {
      const { gateway, world } = stage
      const { ada, bo } = await stage.linkedPair()
      const group = world.simulator.addGroup({ subject: 'Two', owner: bo, members: [ada, bo] })
      for (const to of [ada, group]) {
        const jid = to === ada ? bo.jid : group.jid
        await texted(stage, bo, to, 'one')
        const second = await texted(stage, bo, to, 'two')
        expect(await unreadIn(gateway, jid)).toBe(2)
        await ada.markRead(second)
        await becomes(gateway, jid, 0)
        await texted(stage, bo, to, 'three')
        expect(await unreadIn(gateway, jid)).toBe(1)
        await ada.settings.markChatRead(to === ada ? bo : group)
        await becomes(gateway, jid, 0)
        await ada.settings.markChatRead(to === ada ? bo : group, false)
        await becomes(gateway, jid, 1)
      }
    },
  )

  scenario('is not what the phone read while the gateway was away', async (stage) => {
    const { gateway, world } = stage
    const { ada, bo, cy } = {
      ...(await stage.linkedPair()),
      cy: stage.world.simulator.addPerson({ name: 'Cy' }),
    }
    await gateway.stop()
    const seen = [await bo.sendText(ada, 'one'), await cy.sendText(ada, 'hello')]
    for (const message of seen) await ada.markRead(message)
    const unseen = await bo.sendText(ada, 'two')
    const restarted = await world.startGateway()
    await world.nextEvent('message', ({ payload }) => payload.id === unseen.id)
    await world.nextEvent('message', ({ payload }) => payload.id === seen[1]?.id)
    await becomes(restarted, bo.jid, 1)
    await becomes(restarted, cy.jid, 0)
  })

  scenario(
    'is nothing where everything is marked as read by itself',
    async (stage) => {
      const gateway = await stage.start({ WHATSAPP_AUTO_MARK_READ: 'true' })
      const { ada, bo } = await stage.linkedPair()
      const sent = await texted(stage, bo, ada, 'one')
      await bo.getsReceipt(sent, 'read')
      await becomes(gateway, bo.jid, 0)
    },
    { startsGateway: false },
  )

  scenario('goes with messages that are deleted', async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const first = await texted(stage, bo, ada, 'one')
    await texted(stage, bo, ada, 'two')
    await ada.settings.deleteForMe(first)
    await becomes(gateway, bo.jid, 1)
    await ada.settings.clearChat(bo)
    await becomes(gateway, bo.jid, 0)
  })
})
