import { beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { DeliveryStore } from './delivery-store.ts'
import { addDevice, anEvent, outboxTo } from './outbox-fixtures.ts'
import { PendingScan } from './pending-scan.ts'

describeEachDialect('PendingScan', (open) => {
  const clock = new ManualClock()
  let database: OpenDatabase
  let device: DeviceId
  let scan: PendingScan

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    scan = new PendingScan({ db: database.db, store: new DeliveryStore(), endpointId: 'dead', clock })
  })

  const append = (count: number) =>
    database.inTransaction(async (tx) => {
      for (let more = count; more > 0; more -= 1) await outboxTo(['dead']).append(tx, device, anEvent())
    })

  /** How many marks one pass reads. */
  const pass = async () => {
    let marks = 0
    scan.begin()
    for (;;) {
      const page = await scan.next()
      marks += page.marks.length
      if (page.isLast) return marks
    }
  }

  it('goes back a little at every pass, for what was committed late behind it', async () => {
    await append(3)
    expect(await pass()).toBe(3)
    expect(await pass()).toBe(3)
    clock.advance(5000)
    await pass()
    await append(1)
    clock.advance(5000)
    expect(await pass()).toBe(1)
  })

  it('reads a backlog again only once a second, and what is new at once', async () => {
    await append(450)
    expect(await pass()).toBe(450)
    await append(2)
    expect(await pass()).toBe(2)
    await append(1)
    expect(await pass()).toBe(1)
    expect(await pass()).toBe(0)
    clock.advance(1000)
    expect(await pass()).toBe(453)
  })
})
