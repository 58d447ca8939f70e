import { expect, test } from 'vitest'
import { asDeviceId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import { IdentityStore } from './identity-store.ts'

const device = asDeviceId('main')
const lid = parseJid('111@lid')
const phone = parseJid('62811@s.whatsapp.net')
const newPhone = parseJid('62822@s.whatsapp.net')
const group = parseJid('123-456@g.us')
const now = new Date('2026-01-05T10:00:00Z')

describeEachDialect('identities', (open) => {
  test('both forms lead to each other, on their device only, also after a restart', async () => {
    const { db, inTransaction } = await open()
    const learnt = await inTransaction((tx) => new IdentityStore().learn(tx, device, lid, phone, now))
    expect(learnt).toBe(true)
    const store = new IdentityStore()
    expect(await store.phoneOf(db, device, lid)).toBe(phone)
    expect(await store.lidOf(db, device, phone)).toBe(lid)
    expect(await store.phoneOf(db, device, lid)).toBe(phone)
    expect(await store.phoneOf(db, asDeviceId('other'), lid)).toBeNull()
    expect(await store.lidOf(db, asDeviceId('other'), phone)).toBeNull()
    expect(await inTransaction((tx) => store.learn(tx, device, lid, phone, now))).toBe(false)
  })

  test('the other forms of many addresses are found at once, on their device only', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    const pairs = Array.from({ length: 1_200 }, (_, index) => ({
      lid: parseJid(`${5_000 + index}@lid`),
      phone: parseJid(`62${5_000 + index}@s.whatsapp.net`),
    }))
    await inTransaction(async (tx) => {
      for (const pair of pairs) await store.learn(tx, device, pair.lid, pair.phone, now)
      await store.learn(tx, asDeviceId('other'), lid, phone, now)
    })
    const asked = [...pairs.map((pair, index) => (index % 2 === 0 ? pair.lid : pair.phone)), lid, group]
    const forms = await store.otherForms(db, device, asked)
    for (const [index, pair] of pairs.entries()) {
      if (index % 2 === 0) expect(forms.get(pair.lid)).toBe(pair.phone)
      else expect(forms.get(pair.phone)).toBe(pair.lid)
    }
    expect([forms.has(lid), forms.has(group)]).toEqual([false, false])
    const oneKind = await store.otherForms(db, device, asked.slice(0, 1))
    expect(oneKind.get(asked[0] ?? lid)).toBe(pairs[0]?.phone)
    expect((await store.otherForms(db, device, [])).size).toBe(0)
  })

  test('a new phone number replaces the old one', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    expect(await store.phoneOf(db, device, lid)).toBeNull()
    expect(await store.lidOf(db, device, phone)).toBeNull()
    await inTransaction((tx) => store.learn(tx, device, lid, phone, now))
    expect(await store.phoneOf(db, device, lid)).toBe(phone)
    expect(await store.lidOf(db, device, phone)).toBe(lid)
    expect(await inTransaction((tx) => store.learn(tx, device, lid, newPhone, now))).toBe(true)
    expect(await store.phoneOf(db, device, lid)).toBe(newPhone)
    expect(await new IdentityStore().phoneOf(db, device, lid)).toBe(newPhone)
    expect(await new IdentityStore().lidOf(db, device, phone)).toBeNull()
    expect(await store.lidOf(db, device, phone)).toBeNull()
  })

  test('of many pairs those that are news are kept, the rest is not written', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    const pairs = Array.from({ length: 1_200 }, (_, index) => ({
      lid: parseJid(`${5_000 + index}@lid`),
      phone: parseJid(`62${5_000 + index}@s.whatsapp.net`),
    }))
    const first = pairs[0] ?? { lid, phone }
    await inTransaction((tx) => store.learn(tx, device, first.lid, phone, now))
    expect(await store.lidOf(db, device, phone)).toBe(first.lid)
    expect(await store.phoneOf(db, device, pairs[1]?.lid ?? lid)).toBeNull()
    const learn = (of: IdentityStore, at: Date) =>
      inTransaction((tx) => of.learnAll(tx, device, [{ lid: first.lid, phone }, ...pairs], at))
    // The later fact about a LID counts, also within one list.
    expect(await learn(store, now)).toEqual(pairs)
    expect(await store.lidOf(db, device, phone)).toBeNull()
    const later = new Date(now.getTime() + 60_000)
    for (const each of [store, new IdentityStore()]) {
      expect(await learn(each, later)).toEqual([])
      for (const pair of [first, pairs[1] ?? first, pairs[1_199] ?? first]) {
        expect(await each.phoneOf(db, device, pair.lid)).toBe(pair.phone)
        expect(await each.lidOf(db, device, pair.phone)).toBe(pair.lid)
      }
    }
    const { written } = await db
      .selectFrom('identities')
      .select((each) => each.fn.max('learned_at').as('written'))
      .executeTakeFirstOrThrow()
    expect(Number(written)).toBe(now.getTime())
    expect(
      await inTransaction((tx) => store.learnAll(tx, asDeviceId('other'), [{ lid, phone }], now)),
    ).toEqual([{ lid, phone }])
  })

  test('many pairs that an undone transaction learnt are learnt when they come again', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    const pairs = [
      { lid, phone },
      { lid: parseJid('222@lid'), phone: newPhone },
    ]
    const undone = inTransaction(async (tx) => {
      await store.learnAll(tx, device, pairs, now)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await inTransaction((tx) => store.learnAll(tx, device, pairs, now))).toEqual(pairs)
    expect(await inTransaction((tx) => store.learnAll(tx, device, pairs, now))).toEqual([])
    expect(await new IdentityStore().phoneOf(db, device, lid)).toBe(phone)
  })

  test('an address is shown by phone number when that is known or came along', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    expect(await store.addressOf(db, device, lid)).toEqual({ jid: lid, lid })
    expect(await store.addressOf(db, device, lid, phone)).toEqual({ jid: phone, lid })
    expect(await store.addressOf(db, device, phone)).toEqual({ jid: phone, lid: null })
    expect(await store.addressOf(db, device, phone, lid)).toEqual({ jid: phone, lid })
    expect(await store.addressOf(db, device, group, lid)).toEqual({ jid: group, lid: null })
    await inTransaction((tx) => store.learn(tx, device, lid, phone, now))
    expect(await store.addressOf(db, device, lid)).toEqual({ jid: phone, lid })
    expect(await store.addressOf(db, device, phone)).toEqual({ jid: phone, lid })
  })

  test('what an undone transaction learnt is learnt when it comes again', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    const undone = inTransaction(async (tx) => {
      await store.learn(tx, device, lid, phone, now)
      await store.learn(tx, device, lid, phone, now)
      throw new Error('undone')
    })
    const again = inTransaction((tx) => store.learn(tx, device, lid, phone, now))
    await expect(undone).rejects.toThrow('undone')
    await again
    expect(await inTransaction((tx) => store.learn(tx, device, lid, phone, now))).toBe(false)
    expect(await new IdentityStore().phoneOf(db, device, lid)).toBe(phone)
  })

  test('what an undone transaction learnt is forgotten with the cache', async () => {
    const { db, inTransaction } = await open()
    const store = new IdentityStore()
    const undone = inTransaction(async (tx) => {
      await store.learn(tx, device, lid, phone, now)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    store.clearCache()
    expect(await store.phoneOf(db, device, lid)).toBeNull()
    expect(await inTransaction((tx) => store.learn(tx, device, lid, phone, now))).toBe(true)
  })
})
