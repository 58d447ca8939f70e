import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEachDialect } from '../../db/test-database.ts'
import {
  ana,
  anasLid,
  anId,
  aReceipt,
  at,
  ben,
  group,
  type HistoryFixture,
  openHistory,
  received,
  scope,
  startedAt,
} from '../../inbox/history-fixture.ts'

const mine = anId('MINE')
const day = 24 * 3600_000

const applySent = (history: HistoryFixture) =>
  history.database.inTransaction((tx) => history.messageLog.applySent(tx, scope, mine, at(2)))
const accepted = { type: 'message.accepted', chat: ana, id: mine, at: at(2) } as const
const refused = { type: 'message.refused', chat: ana, id: mine, whatsappCode: 463 } as const
const expire = (history: HistoryFixture, olderThan: Date) =>
  history.database.inTransaction((tx) => history.messageLog.expirePending(tx, olderThan))

describeEachDialect('own messages', (open) => {
  test('a reserved message is pending, and sent once WhatsApp accepted it', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    expect(await history.statusOf()).toBe('pending')
    await history.database.inTransaction((tx) =>
      history.messageLog.storeRaw(tx, scope, mine, new Uint8Array([7])),
    )
    await applySent(history)
    expect(await history.messages.get(scope, mine)).toMatchObject({
      status: 'sent',
      sentAt: at(2),
      isFromApi: true,
      content: 'Hi Ana',
    })
    expect(await history.messages.rawMessage(scope.deviceId, mine)).toEqual(Buffer.from([7]))
    expect(await history.ladder()).toMatchObject([
      { payload: { id: mine, chat_id: ana, status: 'queued' } },
      { payload: { id: mine, chat_id: ana, status: 'sent' } },
    ])
    expect(await history.events()).toEqual([])
  })

  test('a reserved message has its time in whole seconds, as those that WhatsApp dates', async () => {
    const history = await openHistory(await open())
    const { message } = await history.database.inTransaction((tx) =>
      history.messageLog.reserve(tx, scope, {
        id: mine,
        chat: ana,
        content: 'late in its second',
        contentType: 'conversation',
        at: new Date(at(3).getTime() + 999),
        repliedTo: null,
      }),
    )
    expect(message.sentAt).toEqual(at(3))
    expect(await history.messages.get(scope, mine)).toMatchObject({ sentAt: at(3) })
  })

  test('an id that is taken gives back what it was taken for', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await applySent(history)
    const again = await history.database.inTransaction((tx) =>
      history.messageLog.reserve(tx, scope, {
        id: mine,
        chat: ben,
        content: 'something else',
        contentType: 'conversation',
        at: at(9),
        repliedTo: null,
      }),
    )
    expect(again).toMatchObject({ isNew: false, message: { status: 'sent', content: 'Hi Ana' } })
    expect(await history.chats.get(scope, ben)).toBeNull()
  })

  test('a receipt that overtakes the ack settles the message, and the ack takes nothing back', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await history.apply(aReceipt({ receiptType: 'read' }))
    expect(await history.statusOf()).toBe('read')
    await history.apply(accepted)
    await applySent(history)
    expect(await history.statusOf()).toBe('read')
    expect((await history.events()).map((event) => event.kind)).toEqual(['message.ack'])
  })

  test('a refusal is kept with its code', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await history.apply(refused)
    expect(await history.messages.get(scope, mine)).toMatchObject({
      status: 'failed',
      failure: 'reachout_timelocked',
    })
    expect(await history.ladder()).toMatchObject([
      { payload: { status: 'queued' } },
      { payload: { status: 'failed', error: 'reachout_timelocked' } },
    ])
  })

  test('an outcome that comes after its sender was told "unknown" is announced once', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await history.database.inTransaction((tx) => history.messageLog.markUncertain(tx, scope, mine))
    await history.apply(accepted, accepted)
    expect(await history.messages.get(scope, mine)).toMatchObject({ status: 'sent', failure: null })
    expect(await history.ladder()).toMatchObject([
      { payload: { status: 'queued' } },
      { payload: { id: mine, chat_id: ana, status: 'sent' } },
    ])
  })

  test('a message without any outcome becomes unknown after its time, with an event; proof still counts', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await history.reserve(anId('SETTLED'))
    await history.database.inTransaction((tx) =>
      history.messageLog.applySent(tx, scope, anId('SETTLED'), at(1)),
    )
    expect(await expire(history, startedAt)).toBe(0)
    history.clock.advance(day + 1000)
    const dayAgo = new Date(history.clock.now().getTime() - day)
    expect(await expire(history, dayAgo)).toBe(1)
    expect(await expire(history, dayAgo)).toBe(0)
    expect(await history.messages.get(scope, mine)).toMatchObject({
      status: 'unknown',
      failure: 'send_outcome_unknown',
    })
    await history.apply(aReceipt())
    expect(await history.statusOf()).toBe('delivered')
    expect((await history.ladder()).filter(({ payload }) => payload['id'] === mine)).toMatchObject([
      { payload: { status: 'queued' } },
      { payload: { status: 'unknown', error: 'send_outcome_unknown' } },
      { payload: { status: 'delivered' } },
    ])
    expect(await history.events()).toMatchObject([
      { kind: 'message.ack', payload: { ids: [mine], receipt_type: 'delivered' } },
    ])
  })

  test('in whatever order and how often facts arrive, the status ends the same', {
    timeout: 60_000,
  }, async () => {
    const database = await open()
    const history = await openHistory(database)
    const facts = {
      sent: (id: typeof mine) =>
        database.inTransaction((tx) => history.messageLog.applySent(tx, scope, id, at(2))),
      accepted: (id: typeof mine) => history.apply({ ...accepted, id }),
      echo: (id: typeof mine) => history.apply(received({ id, isFromMe: true, sender: scope.account })),
      refused: (id: typeof mine) => history.apply({ ...refused, id }),
      delivered: (id: typeof mine) => history.apply(aReceipt({ messageIds: [id], fromDevice: 2 })),
      read: (id: typeof mine) => history.apply(aReceipt({ messageIds: [id], receiptType: 'read' })),
      played: (id: typeof mine) => history.apply(aReceipt({ messageIds: [id], receiptType: 'played' })),
      again: (id: typeof mine) => history.reserve(id),
      expired: () => expire(history, new Date(startedAt.getTime() + day)),
    }
    type Fact = keyof typeof facts
    const rank: readonly Fact[] = ['expired', 'refused', 'sent', 'delivered', 'read', 'played']
    const statuses = ['unknown', 'failed', 'sent', 'delivered', 'read', 'played']
    const names = Object.keys(facts) as Fact[] // the literal's keys are these
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 8 }), async (order) => {
        run += 1
        const id = anId(`RUN${run}`)
        await history.reserve(id)
        for (const name of order) await facts[name](id)
        const best = Math.max(
          ...order.map((name) => rank.indexOf(name === 'accepted' || name === 'echo' ? 'sent' : name)),
          -1,
        )
        expect(await history.statusOf(id)).toBe(best === -1 ? 'pending' : statuses[best])
      }),
      { numRuns: 60 },
    )
  })
})

describeEachDialect('receipts', (open) => {
  test('in a group the status is told once for the message, and once more per member', async () => {
    const history = await openHistory(await open())
    const record = { id: mine, content: 'Hi', contentType: 'conversation', at: at(1), repliedTo: null }
    await history.database.inTransaction((tx) =>
      history.messageLog.reserve(tx, scope, { ...record, chat: group }),
    )
    const from = (member: typeof ana) => aReceipt({ chat: group, from: member, participant: member })
    await history.apply(from(ana), from(ben), from(ben))
    expect((await history.ladder()).map(({ payload }) => [payload['status'], payload['recipient']])).toEqual([
      ['queued', undefined],
      ['delivered', undefined],
      ['delivered', ana],
      ['delivered', ben],
    ])
  })

  test('a receipt for several messages is one event with those that it is news for', async () => {
    const history = await openHistory(await open())
    const ids = ['A', 'B', 'C'].map(anId)
    for (const id of ids) await history.reserve(id)
    await history.apply(aReceipt({ messageIds: ids.slice(0, 1) }))
    await history.apply(aReceipt({ messageIds: ids }), aReceipt({ messageIds: ids }))
    const chat = await history.chats.get(scope, ana)
    expect(await history.events()).toMatchObject([
      { kind: 'message.ack', lane: chat?.id, payload: { ids: ids.slice(0, 1) } },
      { kind: 'message.ack', lane: chat?.id, payload: { ids: ids.slice(1), receipt_type: 'delivered' } },
    ])
    expect(await history.messages.receipts(scope, ids[0] ?? mine)).toEqual([
      { recipient: ana, receiptType: 'delivered', at: at(3) },
    ])
  })

  test('only the phone is announced; a companion moves the status all the same', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await history.apply(aReceipt({ fromDevice: 5, receiptType: 'read' }))
    expect(await history.statusOf()).toBe('read')
    expect(await history.events()).toEqual([])
    await history.apply(aReceipt({ receiptType: 'read' }))
    expect(await history.events()).toMatchObject([{ kind: 'message.ack', payload: { receipt_type: 'read' } }])
  })

  test('played counts as status and is no ack event', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await history.apply(aReceipt({ receiptType: 'played' }))
    expect(await history.statusOf()).toBe('played')
    expect(await history.events()).toEqual([])
  })

  test('every member of a group is one receipt', async () => {
    const history = await openHistory(await open())
    await history.apply({ type: 'identity.learned', lid: anasLid, phone: ana })
    const inGroup = { chat: group, from: group }
    await history.apply(
      aReceipt({ ...inGroup, participant: anasLid }),
      aReceipt({ ...inGroup, participant: ben }),
      aReceipt({ ...inGroup, participant: anasLid }),
    )
    expect(await history.events()).toMatchObject([
      { payload: { chat_id: group, from: ana, from_lid: anasLid } },
      { payload: { chat_id: group, from: ben } },
    ])
  })

  test('reading on another device of ours does not touch the messages we received', async () => {
    const history = await openHistory(await open())
    await history.apply(received())
    await history.apply(
      aReceipt({ messageIds: [anId('FROMANA')], from: scope.account, receiptType: 'read-self' }),
    )
    expect(await history.statusOf(anId('FROMANA'))).toBe('delivered')
    expect(await history.events()).toMatchObject([
      { kind: 'message' },
      { kind: 'message.ack', payload: { receipt_type: 'read-self', chat_id: ana } },
    ])
  })
})
