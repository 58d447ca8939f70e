import { CompiledQuery, type RootOperationNode } from 'kysely'
import { expect, it } from 'vitest'
import { asDeviceId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { DeliveryRecordStore } from './delivery-record-store.ts'

describeEachDialect('records of deliveries', (open, dialect) => {
  it('are found in their order, and none is sorted that is not shown', async () => {
    if (dialect !== 'sqlite') return
    const { db } = await open()
    const nodes: RootOperationNode[] = []
    const capturing = db.withPlugin({
      transformQuery({ node }) {
        nodes.push(node)
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const store = new DeliveryRecordStore()
    for (const state of [undefined, 'pending', 'delivered', 'dead'] as const) {
      const filter = { limit: 10, ...(state === undefined ? {} : { state }) }
      await store.list(capturing, { ...filter, endpointId: 'hook' })
      // Those that wait or were given up are few among all, and have an index of their own.
      if (state === 'pending' || state === 'dead') continue
      await store.list(capturing, filter)
      await store.list(capturing, { ...filter, deviceId: asDeviceId('main'), before: 99 })
    }
    await store.pastEvents(capturing, { deviceId: asDeviceId('main'), kinds: ['message'] }, 0, 10)
    expect(nodes).toHaveLength(9)
    for (const node of nodes) {
      const { sql, parameters } = db.getExecutor().compileQuery(node, { queryId: 'explained' })
      const plan = await db.executeQuery(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]))
      expect(JSON.stringify(plan.rows), sql).not.toMatch(/temp b-tree/i)
    }
  })
})
