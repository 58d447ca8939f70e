import { beforeEach, expect, it } from 'vitest'
import type { DeviceId } from '../core/ids.ts'
import { asDeviceId } from '../core/ids.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { addDevice, anEvent, countDeliveries, outboxTo } from './outbox-fixtures.ts'

describeEachDialect('SqlOutbox', (open) => {
  let database: OpenDatabase
  let device: DeviceId

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
  })

  const sequence = async (id = 'main') =>
    (
      await database.db
        .selectFrom('events')
        .select(['seq', 'lane'])
        .where('device_id', '=', id)
        .orderBy('seq')
        .execute()
    ).map((row) => row.seq)

  it('numbers the events of each device without gaps, and writes a delivery per endpoint', async () => {
    const outbox = outboxTo(['a', 'b'])
    const other = await addDevice(database, 'other')
    await database.inTransaction(async (tx) => {
      expect(await outbox.append(tx, device, anEvent())).toBe(true)
      expect(await outbox.append(tx, device, anEvent())).toBe(true)
      expect(await outbox.append(tx, other, anEvent())).toBe(true)
    })
    expect(await sequence()).toEqual([1, 2])
    expect(await sequence('other')).toEqual([1])
    expect(await countDeliveries(database)).toEqual({ pending: 6 })
  })

  it('appends a known dedupe key no second time, leaves no gap for it, and keeps devices apart', async () => {
    const outbox = outboxTo(['a'])
    const other = await addDevice(database, 'other')
    const event = anEvent()
    await database.inTransaction(async (tx) => {
      expect(await outbox.append(tx, device, event)).toBe(true)
      expect(await outbox.append(tx, device, event)).toBe(false)
      expect(await outbox.append(tx, device, anEvent())).toBe(true)
      expect(await outbox.append(tx, other, event)).toBe(true)
    })
    expect(await sequence()).toEqual([1, 2])
    expect(await countDeliveries(database)).toEqual({ pending: 3 })
  })

  it('leaves nothing behind when the transaction it wrote in fails', async () => {
    const outbox = outboxTo(['a'])
    const failing = database.inTransaction(async (tx) => {
      await outbox.append(tx, device, anEvent())
      throw new Error('the message could not be stored')
    })
    await expect(failing).rejects.toThrow('the message could not be stored')
    await database.inTransaction((tx) => outbox.append(tx, device, anEvent()))
    expect(await sequence()).toEqual([1])
    expect(await countDeliveries(database)).toEqual({ pending: 1 })
  })

  it('keeps numbers whole and delivery ids in their order when many write for one device at once', async () => {
    const outbox = outboxTo(['a'])
    const shared = anEvent()
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        database.inTransaction((tx) => outbox.append(tx, device, index % 3 === 0 ? shared : anEvent())),
      ),
    )
    expect(await sequence()).toEqual(Array.from({ length: 41 }, (_, index) => index + 1))
    const inDeliveryOrder = await database.db
      .selectFrom('deliveries')
      .innerJoin('events', 'events.id', 'deliveries.event_id')
      .select('events.seq')
      .orderBy('deliveries.id')
      .execute()
    expect(inDeliveryOrder.map((row) => row.seq)).toEqual(await sequence())
  })

  it('refuses events of a device that does not exist', async () => {
    const outbox = outboxTo(['a'])
    const appending = database.inTransaction((tx) => outbox.append(tx, asDeviceId('gone'), anEvent()))
    await expect(appending).rejects.toMatchObject({ code: 'device_not_found' })
  })
})
