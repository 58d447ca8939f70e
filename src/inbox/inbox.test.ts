import { describe, expect, test } from 'vitest'
import { asDeviceId } from '../core/ids.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { parseJid } from '../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import { aMessage, ana, anasLid, anId, at, openHistory, received, scope } from './history-fixture.ts'
import { toParts } from './inbox-parts.ts'

describeEachDialect('the inbox', (open) => {
  test('a batch that cannot be committed leaves nothing behind and can come again', async () => {
    const history = await openHistory(await open())
    const batch = [
      { type: 'identity.learned', lid: anasLid, phone: ana },
      received({ chat: anasLid, sender: anasLid }),
    ] as const
    const unknown = asDeviceId('unknown')
    await expect(history.inbox.apply(unknown, scope.account, batch)).rejects.toMatchObject({
      code: 'device_not_found',
    })
    expect(await history.identities.phoneOf(history.database.db, unknown, anasLid)).toBeNull()
    const { total } = await history.chats.list({ ...scope, deviceId: unknown }, { limit: 1, offset: 0 })
    expect(total).toBe(0)
    await history.apply(...batch)
    expect(await history.chats.get(scope, ana)).toMatchObject({ lid: anasLid, messageCount: 1 })
  })

  test('batches and sends at the same time all end up stored, each event with a number of its own', async () => {
    const history = await openHistory(await open())
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await history.reserve(anId(`OUT${index}`))
        await history.apply(received({ id: anId(`IN${index}`), sentAt: at(index) }), {
          type: 'message.accepted',
          chat: ana,
          id: anId(`OUT${index}`),
          at: at(index),
        })
      }),
    )
    expect(await history.chats.get(scope, ana)).toMatchObject({ messageCount: 80 })
    expect(await history.events()).toHaveLength(40)
  })

  test('what it has no word for is passed over', async () => {
    const history = await openHistory(await open())
    await history.apply({ type: 'unhandled', kind: 'newsletter' })
    expect(await history.events()).toEqual([])
  })
})

describe('parts', () => {
  test('a long batch and a long history are cut, in order, and nothing is lost', () => {
    const messages = Array.from({ length: 95 }, (_, index) => aMessage({ id: anId(`H${index}`) }))
    const synced: WhatsAppEvent = {
      type: 'history.synced',
      chats: [{ jid: ana }],
      contacts: [{ jid: ana }],
      messages,
      progress: 100,
    }
    const live = Array.from({ length: 50 }, (_, index) => received({ id: anId(`L${index}`) }))
    const parts = toParts([...live, synced, received()])
    expect(parts.map((part) => part.length)).toEqual([20, 20, 10, 1, 1, 1, 1, 1, 1, 1, 1])
    const histories = parts.flat().filter((event) => event.type === 'history.synced')
    expect(
      histories.map((event) => [event.contacts.length, event.chats.length, event.messages.length]),
    ).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 20],
      [0, 0, 20],
      [0, 0, 20],
      [0, 0, 20],
      [0, 0, 15],
    ])
    expect(histories.flatMap((event) => event.messages)).toEqual(messages)
    expect(parts.flat().filter((event) => event.type === 'message.received')).toHaveLength(51)
  })

  test('of a long list of people some hundred are learnt at a time, a short one beside what came with it', () => {
    const pairs = Array.from({ length: 600 }, (_, index) => ({
      lid: parseJid(`${1_000 + index}@lid`),
      phone: parseJid(`62${1_000 + index}@s.whatsapp.net`),
    }))
    const short: WhatsAppEvent = { type: 'identities.learned', pairs: pairs.slice(0, 2) }
    const parts = toParts([received(), short, { type: 'identities.learned', pairs }, received()])
    expect(parts.map((part) => part.length)).toEqual([2, 1, 1, 1, 1])
    const learnt = parts
      .slice(1)
      .flat()
      .filter((event) => event.type === 'identities.learned')
    expect(learnt.map((event) => event.pairs.length)).toEqual([250, 250, 100])
    expect(learnt.flatMap((event) => event.pairs)).toEqual(pairs)
  })
})
