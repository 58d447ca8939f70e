import { CompiledQuery, type RootOperationNode, sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import { ManualClock, systemClock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { addDevice, anEvent, outboxTo } from '../../outbox/outbox-fixtures.ts'
import { OutboxRetention } from '../../outbox/outbox-retention.ts'
import { EventLogStore } from './event-log-store.ts'
import { EventReader } from './event-reader.ts'

const dayMs = 24 * 60 * 60_000

describeEachDialect('reading the event log', (open, dialect) => {
  let database: OpenDatabase
  let device: DeviceId
  let reader: EventReader

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    reader = new EventReader({ db: database.db, clock: systemClock })
    const outbox = outboxTo([])
    for (let count = 0; count < 5; count += 1)
      await database.inTransaction((tx) => outbox.append(tx, device, anEvent()))
  })

  it('goes on behind what was looked through, also where nothing fitted', async () => {
    expect(await reader.page({ kinds: ['device.qr'] }, 0, 10)).toEqual({ events: [], readTo: 5 })
    const part = await reader.page({}, 2, 2)
    expect([part.events.map(({ position }) => position), part.readTo]).toEqual([[3, 4], 4])
    expect((await reader.page({ deviceId: device, amongDevices: [device] }, 4, 10)).events).toHaveLength(1)
  })

  it('passes over places that were never taken', async () => {
    await database.db
      .updateTable('events')
      .set({ position: sql`position + 20000` })
      .where('position', '=', 5)
      .execute()
    const { events, readTo } = await reader.page({}, 0, 10)
    expect([events.length, readTo]).toEqual([5, 20_005])
  })

  it('takes a place beyond the end for the end', async () => {
    expect(await reader.beginBehind('999999')).toEqual({ place: 5, gap: null })
    expect(await reader.beginBehind('3')).toEqual({ place: 3, gap: null })
  })

  it('tells of events behind a place that were deleted for their age, and of none where none were', async () => {
    expect((await reader.beginBehind('0')).gap).toBeNull()
    const clock = new ManualClock(new Date(Date.now() + 10 * dayMs))
    const retention = new OutboxRetention({ ...database, clock, logger: silentLogger }, { eventDays: 5 })
    await retention.sweep()
    const outbox = outboxTo([])
    await database.inTransaction((tx) => outbox.append(tx, device, anEvent()))
    expect(await reader.beginBehind('0')).toEqual({ place: 0, gap: { after: 0, deletedTo: 5 } })
    expect(await reader.beginBehind('4')).toEqual({ place: 4, gap: { after: 4, deletedTo: 5 } })
    expect(await reader.beginBehind('5')).toEqual({ place: 5, gap: null })
    // A sweep that finds nothing forgets nothing.
    await new OutboxRetention({ ...database, clock: systemClock, logger: silentLogger }).sweep()
    expect((await reader.beginBehind('4')).gap).toEqual({ after: 4, deletedTo: 5 })
  })

  it('finds the events of a device by their place, sorting nothing', async () => {
    if (dialect !== 'sqlite') return
    const nodes: RootOperationNode[] = []
    const capturing = database.db.withPlugin({
      transformQuery({ node }) {
        nodes.push(node)
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const range = { after: 0, upTo: 5, limit: 10 }
    const store = new EventLogStore()
    await store.page(capturing, { deviceId: device }, range)
    await store.page(capturing, { amongDevices: [device, 'other'] }, range)
    expect(nodes).toHaveLength(2)
    for (const node of nodes) {
      const { sql, parameters } = database.db.getExecutor().compileQuery(node, { queryId: 'explained' })
      const plan = await database.db.executeQuery(
        CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
      )
      expect(JSON.stringify(plan.rows)).toContain('INTEGER PRIMARY KEY')
      expect(JSON.stringify(plan.rows)).not.toMatch(/temp b-tree/i)
    }
  })
})
