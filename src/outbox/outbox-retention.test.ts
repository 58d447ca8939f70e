import { beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { addDevice, anEvent, countDeliveries } from './outbox-fixtures.ts'
import { OutboxRetention } from './outbox-retention.ts'
import { SqlOutbox } from './outbox-store.ts'

const day = 24 * 60 * 60_000

describeEachDialect('OutboxRetention', (open) => {
  let database: OpenDatabase
  let device: DeviceId
  let clock: ManualClock

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    clock = new ManualClock()
  })

  const append = (count: number) => {
    const outbox = new SqlOutbox({
      endpoints: { wanting: () => ['hook'] },
      clock,
      onWake: () => undefined,
    })
    return database.inTransaction(async (tx) => {
      for (let index = 0; index < count; index += 1) await outbox.append(tx, device, anEvent())
    })
  }
  const newRetention = () =>
    new OutboxRetention({ ...database, clock, logger: silentLogger }, { eventDays: 5, deliveryDays: 5 })
  const seqs = async () =>
    (await database.db.selectFrom('events').select('seq').orderBy('seq').execute()).map(({ seq }) => seq)

  it('deletes what is older than the days to keep, over as many commits as it takes, and nothing younger', async () => {
    await append(1100)
    clock.advance(3 * day)
    await append(2)
    clock.advance(2 * day + 1)
    await append(1)
    expect(await newRetention().sweep()).toEqual({ deliveries: 1100, events: 1100 })
    expect(await seqs()).toEqual([1101, 1102, 1103])
    expect(await countDeliveries(database)).toEqual({ pending: 3 })
    expect(await newRetention().sweep()).toEqual({ deliveries: 0, events: 0 })
  })

  it('keeps what may still be tried, however few days there are to keep', async () => {
    await append(1)
    const retention = new OutboxRetention(
      { ...database, clock, logger: silentLogger },
      { eventDays: 2, deliveryDays: 1, triedForMs: 3 * day },
    )
    clock.advance(3 * day)
    expect(await retention.sweep()).toEqual({ deliveries: 0, events: 0 })
    clock.advance(2 * day)
    expect(await retention.sweep()).toEqual({ deliveries: 1, events: 1 })
  })

  it('goes on numbering where it was, and survives an empty log', async () => {
    expect(await newRetention().sweep()).toEqual({ deliveries: 0, events: 0 })
    await append(2)
    clock.advance(6 * day)
    await newRetention().sweep()
    await append(1)
    expect(await seqs()).toEqual([3])
  })

  it('sweeps by itself, hour by hour, until it is stopped', async () => {
    await append(1)
    clock.advance(6 * day)
    const retention = newRetention()
    retention.start()
    clock.advance(60 * 60_000)
    await expect.poll(async () => (await seqs()).includes(1)).toBe(false)
    await retention.stop()
    await append(1)
    clock.advance(6 * day)
    expect(await seqs()).toEqual([2])
  })
})
