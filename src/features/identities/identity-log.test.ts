import { expect, test } from 'vitest'
import { describeEachDialect } from '../../db/test-database.ts'
import {
  ana,
  anasLid,
  anId,
  at,
  ben,
  bensLid,
  type HistoryFixture,
  openHistory,
  received,
  scope,
} from '../../inbox/history-fixture.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import { IdentityStore } from './identity-store.ts'

const crowd = Array.from({ length: 3_000 }, (_, index) => ({
  lid: parseJid(`${700_000 + index}@lid`),
  phone: parseJid(`6285${700_000 + index}@s.whatsapp.net`),
}))

/** When something about who is who was written last, and how much is kept. */
async function lastWritten({ database }: HistoryFixture) {
  const { rows, at: writtenAt } = await database.db
    .selectFrom('identities')
    .select((each) => [each.fn.countAll().as('rows'), each.fn.max('learned_at').as('at')])
    .executeTakeFirstOrThrow()
  return { rows: Number(rows), at: new Date(Number(writtenAt)) }
}

describeEachDialect('who is who, told by a list', (open) => {
  test('three thousand members are learnt in one go, and written once', async () => {
    const database = await open()
    const history = await openHistory(database)
    const before = history.clock.now()
    await history.apply({ type: 'identities.learned', pairs: crowd })
    expect(await lastWritten(history)).toEqual({ rows: 3_000, at: before })
    const { lid, phone } = crowd[2_999] ?? { lid: anasLid, phone: ana }
    expect(await new IdentityStore().phoneOf(database.db, scope.deviceId, lid)).toBe(phone)

    history.clock.advance(60_000)
    await history.apply({ type: 'identities.learned', pairs: crowd })
    expect(await lastWritten(history)).toEqual({ rows: 3_000, at: before })
    expect(await history.events()).toEqual([])
  })

  test('chats and contacts that stood under a LID of the list stand under the number, each told once', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ id: anId('ANA'), chat: anasLid, sender: anasLid, pushName: 'Ana' }),
      received({ id: anId('BEN'), chat: bensLid, sender: bensLid, pushName: 'Ben' }),
      received({ id: anId('BEN2'), chat: ben, sender: ben, pushName: 'Benny', sentAt: at(5) }),
    )
    const told = (await history.events()).length
    const pairs = [...crowd.slice(0, 400), { lid: anasLid, phone: ana }, { lid: bensLid, phone: ben }]
    await history.apply({ type: 'identities.learned', pairs })
    expect(await history.chats.get(scope, ana)).toMatchObject({ jid: ana, lid: anasLid, messageCount: 1 })
    expect(await history.chats.get(scope, bensLid)).toMatchObject({ jid: ben, lid: bensLid, messageCount: 2 })
    const { total } = await history.chats.list(scope, { limit: 10, offset: 0 })
    expect(total).toBe(2)
    const contacts = await history.contacts.list(scope)
    expect(contacts.map(({ jid, lid, pushName }) => [jid, lid, pushName])).toEqual([
      [ana, anasLid, 'Ana'],
      [ben, bensLid, 'Benny'],
    ])
    const news = (await history.events()).slice(told)
    expect(news.map(({ kind, payload }) => [kind, payload['jid'], payload['lid']])).toEqual([
      ['contact.identity_resolved', ana, anasLid],
      ['contact.identity_resolved', ben, bensLid],
    ])
    await history.apply({ type: 'identities.learned', pairs })
    expect(await history.events()).toHaveLength(told + 2)
  })

  test('who has a new number in a list is known by it, with the contact there was', async () => {
    const history = await openHistory(await open())
    await history.apply(
      { type: 'identity.learned', lid: anasLid, phone: ana },
      received({ id: anId('ANA'), chat: ana, chatAlt: anasLid, sender: ana, senderAlt: anasLid }),
      { type: 'identities.learned', pairs: [...crowd.slice(0, 30), { lid: anasLid, phone: ben }] },
    )
    expect(await history.chats.get(scope, anasLid)).toMatchObject({ jid: ben, lid: anasLid, messageCount: 1 })
    const contacts = await history.contacts.list(scope)
    expect(contacts.map(({ jid, lid, pushName }) => [jid, lid, pushName])).toEqual([[ben, anasLid, 'Ana']])
  })
})
