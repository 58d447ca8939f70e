import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { ana, anId, at, ben, openHistory, received, scope } from '../../inbox/history-fixture.ts'
import { MessageRetention } from './message-retention.ts'

const dayMs = 86_400_000

describeEachDialect('messages that are kept for some days', (open) => {
  async function history() {
    const database = await open()
    const made = await openHistory(database)
    const clock = new ManualClock(at(0))
    const retention = (days: number) => new MessageRetention({ ...database, clock, days })
    const count = async (table: 'messages' | 'message_receipts' | 'reactions' | 'media_downloads') => {
      const row = await database.db
        .selectFrom(table)
        .select((select) => select.fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow()
      return Number(row.rows)
    }
    return { made, database, clock, retention, count }
  }

  const named = (name: string, sentAt: Date, chat = ana) =>
    received({ id: anId(name), chat, sender: chat, sentAt })

  it('go when they are older, in as many commits as it takes, and chats count what is left', async () => {
    const { made, clock, retention, count } = await history()
    const old = Array.from({ length: 450 }, (_, index) => named(`OLD${index}`, at(index)))
    await made.apply(...old, named('NEW', at(0)), named('BENS', at(2 * 86_400), ben))
    await made.apply(named('LATER', at(3 * 86_400)))
    clock.advance(2 * dayMs + 1_000_000)
    expect(await retention(2).sweep()).toBe(451)
    expect(await count('messages')).toBe(2)
    expect(await made.chats.get(scope, ana)).toMatchObject({ messageCount: 1 })
    expect(await made.chats.get(scope, ben)).toMatchObject({ messageCount: 1 })
    expect(await retention(2).sweep()).toBe(0)
  })

  it('take their reactions, receipts and the place of their media with them, and leave those of others', async () => {
    const { made, database, clock, retention, count } = await history()
    await made.apply(named('OLD', at(0)), named('NEW', at(2 * 86_400)))
    const belonging = async (name: string) => {
      const key = { device_id: scope.deviceId, account: scope.account, message_id: anId(name) }
      const chat = await made.chats.get(scope, ana)
      const { db } = database
      await db
        .insertInto('reactions')
        .values({ ...key, chat_id: chat?.id ?? '', sender: ana, emoji: '👍', at: 1 })
        .execute()
      await db
        .insertInto('message_receipts')
        .values({ ...key, recipient: ana, receipt_type: 'read', at: 1 })
        .execute()
      await db
        .insertInto('media_downloads')
        .values({
          ...key,
          position: 0,
          lane: '',
          event_key: '',
          state: 'done',
          attempts: 0,
          next_attempt_at: 0,
          failure: null,
          ref: null,
          created_at: 0,
          updated_at: 0,
        })
        .execute()
    }
    await belonging('OLD')
    await belonging('NEW')
    clock.advance(dayMs + 1)
    expect(await retention(1).sweep()).toBe(1)
    for (const table of ['reactions', 'message_receipts', 'media_downloads'] as const)
      expect(await count(table), table).toBe(1)
  })

  it('stay for ever with 0 days', async () => {
    const { made, clock, retention, count } = await history()
    await made.apply(named('OLD', at(0)))
    clock.advance(100_000 * dayMs)
    expect(await retention(0).sweep()).toBe(0)
    expect(await count('messages')).toBe(1)
  })

  it('are left from the next step on when the gateway stops', async () => {
    const { made, clock, retention, count } = await history()
    await made.apply(named('OLD', at(0)))
    clock.advance(3 * dayMs)
    const stopped = retention(1)
    stopped.stop()
    expect(await stopped.sweep()).toBe(0)
    expect(await count('messages')).toBe(1)
  })
})
