import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEachDialect } from '../../db/test-database.ts'
import {
  ana,
  anasLid,
  anId,
  at,
  ben,
  group,
  type HistoryFixture,
  openHistory,
  received,
  scope,
} from '../../inbox/history-fixture.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'

const all = { limit: 100, offset: 0 }
const names = async (history: HistoryFixture, filter: object = {}) =>
  (await history.chats.list(scope, { ...all, ...filter })).chats.map((chat) => chat.name)

describeEachDialect('chats', (open) => {
  test('are listed newest first, by page, with the number of all', async () => {
    const history = await openHistory(await open())
    for (let index = 0; index < 7; index += 1) {
      const person = parseJid(`62800000000${index}@s.whatsapp.net`)
      await history.apply(
        received({
          id: anId(`M${index}`),
          chat: person,
          sender: person,
          pushName: `P${index}`,
          sentAt: at(index),
        }),
      )
    }
    const page = await history.chats.list(scope, { limit: 3, offset: 2 })
    expect(page.chats.map((chat) => chat.name)).toEqual(['P4', 'P3', 'P2'])
    expect(page.total).toBe(7)
  })

  test('are found by part of the name in any case and script, and by being archived', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ id: anId('1'), pushName: 'Ána_100%' }),
      received({ id: anId('2'), chat: ben, sender: ben, pushName: 'Борис' }),
      { type: 'chat.updated', chat: { jid: ben, isArchived: true } },
    )
    expect(await names(history, { search: 'áNA' })).toEqual(['Ána_100%'])
    expect(await names(history, { search: 'борИ' })).toEqual(['Борис'])
    expect(await names(history, { search: '0%' })).toEqual(['Ána_100%'])
    expect(await names(history, { search: '_00' })).toEqual([])
    expect(await names(history, { isArchived: true })).toEqual(['Борис'])
    expect(await names(history, { isArchived: false })).toEqual(['Ána_100%'])
  })

  test('time never moves backwards and a timer of 0 comes only from the chat itself', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ id: anId('1'), sentAt: at(50), expirationSeconds: 86_400 }),
      received({ id: anId('2'), sentAt: at(20), expirationSeconds: 0 }),
    )
    expect(await history.chats.get(scope, ana)).toMatchObject({
      lastMessageAt: at(50),
      expirationSeconds: 86_400,
    })
    expect(await history.chats.expirationSeconds(scope, ana)).toBe(86_400)
    await history.apply({ type: 'chat.updated', chat: { jid: ana, expirationSeconds: 0 } })
    expect(await history.chats.expirationSeconds(scope, ana)).toBe(0)
    expect(await history.chats.expirationSeconds(scope, ben)).toBe(0)
  })

  test('a given name wins over a push name, a push name over the number', async () => {
    const history = await openHistory(await open())
    await history.apply(received({ pushName: '' }))
    expect(await names(history)).toEqual(['628120000002'])
    await history.apply({ type: 'contact.updated', contact: { jid: ana, pushName: 'ana*' } })
    expect(await names(history)).toEqual(['ana*'])
    await history.apply({ type: 'contact.updated', contact: { jid: ana, name: 'Ana Santos' } })
    await history.apply(received({ id: anId('2'), pushName: 'other' }))
    expect(await names(history)).toEqual(['Ana Santos'])
    expect(await history.contacts.get(scope, ana)).toMatchObject({ name: 'Ana Santos', pushName: 'other' })
    expect(await history.contacts.displayNames(scope, [ana, ben])).toEqual(
      new Map([
        [ana, 'Ana Santos'],
        [ben, '628130000003'],
      ]),
    )
  })

  test('an older message does not bring back an older push name', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ id: anId('1'), sentAt: at(10), pushName: 'New' }),
      received({ id: anId('2'), sentAt: at(5), pushName: 'Old' }),
    )
    expect(await names(history)).toEqual(['New'])
    expect(await history.contacts.displayName(scope, ana)).toBe('New')
    await history.apply(received({ id: anId('3'), sentAt: at(4), chat: group, sender: ben, pushName: 'Ben' }))
    await history.apply(
      received({ id: anId('4'), sentAt: at(3), chat: group, sender: anasLid, pushName: 'Lid' }),
    )
    expect(await history.contacts.displayName(scope, ben)).toBe('Ben')
    expect(await history.contacts.displayName(scope, anasLid)).toBe('Lid')
  })

  test('a group is not named after who writes in it', async () => {
    const history = await openHistory(await open())
    await history.apply(received({ chat: group }))
    await history.apply({ type: 'chat.updated', chat: { jid: group, name: 'The crew' } })
    await history.apply(received({ id: anId('2'), chat: group }))
    expect(await names(history)).toEqual(['The crew'])
  })

  test('a fact about an unknown chat makes one only when it has a time', async () => {
    const history = await openHistory(await open())
    await history.apply({ type: 'chat.updated', chat: { jid: ana, isPinned: true } })
    expect(await names(history)).toEqual([])
    await history.apply({ type: 'chat.updated', chat: { jid: ana, isPinned: true, lastMessageAt: at(1) } })
    expect(await history.chats.get(scope, ana)).toMatchObject({ isPinned: true, lastMessageAt: at(1) })
  })

  test('in whatever order a person is met, there is one chat and one contact at the end', {
    timeout: 60_000,
  }, async () => {
    const history = await openHistory(await open())
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 9 }), async (order) => {
        run += 1
        const phone = parseJid(`6289${run}@s.whatsapp.net`)
        const lid = parseJid(`9900${run}@lid`)
        const overPhone = { chat: phone, sender: phone }
        const overLid = { chat: lid, sender: lid }
        const facts: WhatsAppEvent[] = [
          { type: 'identity.learned', lid, phone },
          received({ ...overPhone, id: anId(`A${run}`), sentAt: at(10) }),
          received({ ...overLid, id: anId(`B${run}`), sentAt: at(20), expirationSeconds: 60 }),
          received({ ...overLid, id: anId(`A${run}`), sentAt: at(10) }),
          { type: 'contact.updated', contact: { jid: lid, name: `Given ${run}` } },
          { type: 'chat.updated', chat: { jid: phone, alt: lid, isPinned: true } },
        ]
        for (const index of order) await history.apply(facts[index] ?? received())
        await history.apply(...facts)

        const listed = (await history.chats.list(scope, all)).chats.filter(
          (chat) => chat.jid === phone || chat.jid === lid,
        )
        expect(listed).toMatchObject([
          { jid: phone, lid, name: `Given ${run}`, lastMessageAt: at(20), messageCount: 2, isPinned: true },
        ])
        const chat = await history.chats.get(scope, lid)
        expect(chat).toEqual(listed[0])
        const page = await history.messages.page(scope, listed[0] ?? { id: '', messageCount: 0 }, all)
        expect(page.messages.map((message) => message.id)).toEqual([anId(`B${run}`), anId(`A${run}`)])
        const contacts = (await history.contacts.list(scope)).filter(
          (contact) => contact.lid === lid || contact.jid === lid || contact.jid === phone,
        )
        expect(contacts).toMatchObject([{ jid: phone, lid, name: `Given ${run}` }])
      }),
      { numRuns: 40 },
    )
    const counted = await history.database.db
      .selectFrom('chats')
      .select((select) => [
        'message_count',
        select
          .selectFrom('messages')
          .select((inner) => inner.fn.countAll<number>().as('n'))
          .whereRef('messages.chat_id', '=', 'chats.id')
          .as('counted'),
      ])
      .execute()
    for (const row of counted) expect(row.message_count).toBe(row.counted)
  })

  test('merging takes over what the newer chat knows and moves reactions', async () => {
    const history = await openHistory(await open())
    const reaction = (chat: typeof ana, id: string) =>
      ({
        type: 'message.reacted',
        message: { ...fromChat(chat), id: anId(id), text: '' },
        emoji: '👍',
        chat,
        targetId: anId('LIDMSG'),
        targetIsFromMe: false,
      }) as const
    const fromChat = (chat: typeof ana) => {
      const event = received({ chat, sender: chat, pushName: '' })
      if (event.type !== 'message.received') throw new Error('expected a message')
      return event.message
    }
    await history.apply(
      received({ id: anId('1'), sentAt: at(1), pushName: '' }),
      received({ id: anId('2'), sentAt: at(2), pushName: '' }),
    )
    history.clock.advance(1000)
    await history.apply(
      received({ id: anId('LIDMSG'), chat: anasLid, sender: anasLid, sentAt: at(9), pushName: 'Ana' }),
      reaction(anasLid, 'R'),
      { type: 'chat.updated', chat: { jid: anasLid, expirationSeconds: 60, isArchived: true } },
    )
    await history.apply({ type: 'identity.learned', lid: anasLid, phone: ana })
    const chat = await history.chats.get(scope, ana)
    expect(chat).toMatchObject({
      lid: anasLid,
      name: 'Ana',
      expirationSeconds: 60,
      isArchived: true,
      lastMessageAt: at(9),
      messageCount: 3,
    })
    const reactions = await history.messages.reactions(scope, chat ?? { id: '' }, [anId('LIDMSG')])
    expect(reactions).toMatchObject([{ emoji: '👍' }])
  })

  test('a person who changes their number keeps the chat', async () => {
    const history = await openHistory(await open())
    await history.apply(received({ chatAlt: anasLid, senderAlt: anasLid }))
    await history.apply({ type: 'identity.learned', lid: anasLid, phone: ben })
    expect((await history.chats.list(scope, all)).chats).toMatchObject([{ jid: ben, lid: anasLid }])
  })
})
