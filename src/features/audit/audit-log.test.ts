import { beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { AuditLog } from './audit-log.ts'
import { AuditStore } from './audit-store.ts'

describeEachDialect('AuditLog', (open) => {
  let database: OpenDatabase
  let clock: ManualClock
  let audit: AuditLog

  beforeEach(async () => {
    database = await open()
    clock = new ManualClock()
    audit = new AuditLog({ ...database, store: new AuditStore(), clock, keepDays: 10 })
  })

  function record(operation: string): Promise<void> {
    const fact = { actor: 'u', address: '::1', operation, deviceId: '', subject: '', status: 200 }
    return audit.record({ ...fact, at: clock.now() })
  }

  it('is intact while it is empty', async () => {
    expect(await audit.verify()).toEqual({ isIntact: true, goodEntries: 0, brokenAt: null, problem: null })
    expect(await audit.list({}, 10)).toEqual([])
  })

  it('keeps facts in the order they came, each once, however they came together', async () => {
    await Promise.all(['a', 'b', 'c'].map(record))
    const more = ['d', 'e'].map(record)
    await audit.settled()
    await Promise.all([...more, record('f')])
    const entries = await audit.list({}, 10)
    expect(entries.map(({ operation }) => operation)).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
    expect(await audit.verify()).toMatchObject({ isIntact: true, goodEntries: 6 })
  })

  it('writes later what could not be written, and says so', async () => {
    let isDown = true
    const inTransaction: OpenDatabase['inTransaction'] = (work) =>
      isDown ? Promise.reject(new Error('the database is away')) : database.inTransaction(work)
    audit = new AuditLog({ ...database, inTransaction, store: new AuditStore(), clock, keepDays: 0 })
    await expect(record('a')).rejects.toThrow('the database is away')
    await expect(record('b')).rejects.toThrow('the database is away')
    isDown = false
    await record('c')
    clock.advance(1_000)
    await audit.settled()
    expect((await audit.list({}, 10)).map(({ operation }) => operation)).toEqual(['c', 'b', 'a'])
    expect(await audit.verify()).toMatchObject({ isIntact: true, goodEntries: 3 })
  })

  it('writes it by itself when nothing else comes', async () => {
    let failures = 2
    const inTransaction: OpenDatabase['inTransaction'] = (work) =>
      failures-- > 0 ? Promise.reject(new Error('the database is away')) : database.inTransaction(work)
    audit = new AuditLog({ ...database, inTransaction, store: new AuditStore(), clock, keepDays: 0 })
    await expect(record('a')).rejects.toThrow('the database is away')
    for (let second = 0; second < 2; second += 1) {
      clock.advance(1_000)
      await audit.settled()
    }
    expect(await audit.verify()).toMatchObject({ isIntact: true, goodEntries: 1 })
  })

  it('holds texts that an engine cannot', async () => {
    await record('a\u0000b')
    expect(await audit.verify()).toMatchObject({ isIntact: true, goodEntries: 1 })
  })

  it('forgets the oldest after its days, and is intact from there', async () => {
    for (const operation of ['a', 'b', 'c']) await record(operation)
    clock.advance(6 * 86_400_000)
    for (const operation of ['d', 'e']) await record(operation)
    await audit.sweep()
    expect(await audit.verify()).toMatchObject({ goodEntries: 5 })
    clock.advance(5 * 86_400_000)
    await audit.sweep()
    expect((await audit.list({}, 10)).map(({ operation }) => operation)).toEqual(['e', 'd'])
    expect(await audit.verify()).toMatchObject({ isIntact: true, goodEntries: 2 })
    await record('f')
    expect((await audit.list({}, 1))[0]).toMatchObject({ position: 6, operation: 'f' })
    expect(await audit.verify()).toMatchObject({ isIntact: true, goodEntries: 3 })
  })
})
