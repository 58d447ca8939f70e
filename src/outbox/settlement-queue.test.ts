import { expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { asDeviceId, asEventId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { describeEachDialect } from '../db/test-database.ts'
import type { InTransaction } from '../db/transaction.ts'
import { DeliveryStore } from './delivery-store.ts'
import { addDevice, anEvent, countDeliveries, outboxTo } from './outbox-fixtures.ts'
import { SettlementQueue } from './settlement-queue.ts'

const aTry = { startedAt: new Date(0), durationMs: 1 }

describeEachDialect('SettlementQueue', (open) => {
  const pending = async (database: OpenDatabase, count: number) => {
    const device = await addDevice(database)
    const outbox = outboxTo(['hook'])
    await database.inTransaction(async (tx) => {
      for (let index = 0; index < count; index += 1) await outbox.append(tx, device, anEvent())
    })
    const marks = await new DeliveryStore().pendingMarks(database.db, 'hook', 0, count)
    return marks.map(({ id }) => id)
  }
  const queueOn = (inTransaction: InTransaction, clock: ManualClock) =>
    new SettlementQueue({ inTransaction, store: new DeliveryStore(), clock, logger: silentLogger })

  it('writes what waits while a commit runs in the next one, however many they are', async () => {
    const database = await open()
    const ids = await pending(database, 50)
    let commits = 0
    const counting: InTransaction = (work) => {
      commits += 1
      return database.inTransaction(work)
    }
    const queue = queueOn(counting, new ManualClock())
    await Promise.all(ids.map((id) => queue.settle({ state: 'delivered', id, status: 200, ...aTry })))
    expect(commits).toBe(2)
    expect(await countDeliveries(database)).toEqual({ delivered: 50 })
  })

  it('tries a failing database again every second, and until then tells nobody that it is done', async () => {
    const database = await open()
    const [id = 0] = await pending(database, 1)
    const clock = new ManualClock()
    const tried = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let tries = 0
    const failingOnce: InTransaction = async (work) => {
      tries += 1
      tried[tries - 1]?.resolve()
      if (tries === 1) throw new Error('the disk is full')
      return database.inTransaction(work)
    }
    const queue = queueOn(failingOnce, clock)
    let isDone = false
    const settled = queue
      .settle({
        state: 'dead',
        id,
        status: 500,
        error: 'answered 500',
        ...aTry,
        endpointId: 'hook',
        deviceId: asDeviceId('main'),
        eventId: asEventId('E'),
        attempt: 1,
      })
      .then(() => {
        isDone = true
      })
    await tried[0]?.promise
    await countDeliveries(database)
    expect(isDone).toBe(false)
    clock.advance(1000)
    await settled
    expect(await countDeliveries(database)).toEqual({ dead: 1 })
  })

  it('ends with a database that never comes back', async () => {
    const database = await open()
    const [id = 0] = await pending(database, 1)
    const failing: InTransaction = () => Promise.reject(new Error('gone'))
    const queue = queueOn(failing, new ManualClock())
    const settled = queue.settle({ state: 'delivered', id, status: 200, ...aTry })
    await queue.close()
    await settled
    expect(await countDeliveries(database)).toEqual({ pending: 1 })
  })
})
