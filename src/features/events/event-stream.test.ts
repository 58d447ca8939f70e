import { beforeEach, expect, it } from 'vitest'
import { ManualClock, systemClock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { addDevice, anEvent, outboxTo } from '../../outbox/outbox-fixtures.ts'
import type { LoggedEventFilter } from './event-log-store.ts'
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
  const follower = ({ filter = {}, after = 0 }: { filter?: LoggedEventFilter; after?: number } = {}) => {
    const client = { seqs: [] as number[], isStuck: false, isOver: false }
    const end = stream.follow({
      filter,
      after,
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

  it('does not let anybody wait until another is brought up from far behind', async () => {
    await append(1_501)
    const behind = follower()
    let seenMeanwhile = -1
    stream.follow({
      filter: {},
      after: 1_500,
      isFull: () => false,
      take: () => {
        seenMeanwhile = behind.client.seqs.length
      },
      onEnd: () => undefined,
    })
    await expect.poll(() => behind.client.seqs.length, { timeout: 10_000 }).toBe(1_501)
    expect(behind.client.seqs).toEqual(upTo(1_501))
    expect(seenMeanwhile).toBeGreaterThanOrEqual(0)
    expect(seenMeanwhile).toBeLessThan(500)
  })

  it('does not look again through what did not fit the filter', async () => {
    const parts: number[] = []
    const counted = Object.assign(Object.create(reader) as EventReader, {
      complete: () => reader.complete(),
      part: (filter: LoggedEventFilter, range: { after: number; end: number; limit: number }) => {
        if (range.after < range.end) parts.push(range.after)
        return reader.part(filter, range)
      },
    })
    stream = new EventStream({ reader: counted, clock, logger: silentLogger })
    const rare = follower({ filter: { kinds: ['device.qr'] } })
    for (let place = 0; place < 3; place += 1) {
      await append(1)
      await expect.poll(() => parts).toEqual(upTo(place + 1).map((count) => count - 1))
    }
    expect(rare.client.seqs).toEqual([])
  })

  it('ends with the gateway, and takes nobody in afterwards', () => {
    const before = follower()
    stream.stop()
    expect([before.client.isOver, follower().client.isOver, stream.size]).toEqual([true, true, 0])
  })
})
