import { beforeEach, expect, it } from 'vitest'
import { ManualClock, systemClock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { addDevice, anEvent, outboxTo } from '../../outbox/outbox-fixtures.ts'
import { EventReader } from './event-reader.ts'
import { EventStream } from './event-stream.ts'

describeEachDialect('following the event log', (open) => {
  let database: OpenDatabase
  let device: DeviceId
  let clock: ManualClock
  let stream: EventStream
  let reader: EventReader

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    clock = new ManualClock()
    reader = new EventReader({ db: database.db, clock: systemClock })
    stream = new EventStream({ reader, clock, logger: silentLogger })
  })

  const append = async (count: number) => {
    const outbox = outboxTo([], () => stream.wake())
    await Promise.all(
      Array.from({ length: count }, async () => {
        await database.inTransaction((tx) => outbox.append(tx, device, anEvent()))
        outbox.wake()
      }),
    )
  }
  const follower = () => {
    const client = { seqs: [] as number[], isStuck: false, isOver: false }
    const end = stream.follow({
      filter: {},
      after: 0,
      isFull: () => client.isStuck,
      take: ({ seq }) => client.seqs.push(seq),
      onEnd: () => {
        client.isOver = true
      },
    })
    return { client, end }
  }
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  it('brings everything once and in order to everybody, however much is written at the same time', async () => {
    const first = follower()
    await append(120)
    const second = follower()
    await append(120)
    for (const { client } of [first, second]) {
      await expect.poll(() => client.seqs.length, { timeout: 10_000 }).toBe(240)
      expect(client.seqs).toEqual(upTo(240))
    }
  })

  it('waits for one that does not read without holding the others up, and cuts it off after half a minute', async () => {
    const slow = follower()
    slow.client.isStuck = true
    const other = follower()
    await append(30)
    await expect.poll(() => other.client.seqs.length).toBe(30)
    expect(slow.client.seqs).toEqual([])

    slow.client.isStuck = false
    stream.wake()
    await expect.poll(() => slow.client.seqs.length).toBe(30)

    slow.client.isStuck = true
    await append(1)
    await expect.poll(() => other.client.seqs.length).toBe(31)
    clock.advance(29_000)
    expect(slow.client.isOver).toBe(false)
    clock.advance(4_000)
    await expect.poll(() => slow.client.isOver).toBe(true)
    expect(stream.size).toBe(1)
  })

  it('ends with the gateway, and takes nobody in afterwards', () => {
    const before = follower()
    stream.stop()
    expect([before.client.isOver, follower().client.isOver, stream.size]).toEqual([true, true, 0])
  })
})
