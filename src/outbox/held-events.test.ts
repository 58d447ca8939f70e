import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { describeEachDialect } from '../db/test-database.ts'
import { addDevice, anEvent } from './outbox-fixtures.ts'
import { OutboxRelay } from './outbox-relay.ts'
import { SqlOutbox } from './outbox-store.ts'
import { RecordingSink } from './recording-sink.ts'

describeEachDialect('an event that waits for something', (open) => {
  let database: OpenDatabase
  let device: DeviceId
  let clock: ManualClock
  let sink: RecordingSink
  let relay: OutboxRelay
  let outbox: SqlOutbox

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    clock = new ManualClock()
    sink = new RecordingSink('hook')
    relay = startRelay()
    outbox = new SqlOutbox({
      endpoints: { wanting: () => ['hook'] },
      clock,
      onWake: () => relay.wake(),
      onRelease: (deviceId, lane) => relay.release(deviceId, lane),
    })
    // The held one, one behind it, and one of another lane.
    await database.inTransaction(async (tx) => {
      await outbox.append(tx, device, anEvent({ dedupeKey: 'held', holdMs: 10_000 }))
      await outbox.append(tx, device, anEvent({ dedupeKey: 'behind' }))
      await outbox.append(tx, device, anEvent({ dedupeKey: 'elsewhere', lane: 'chat-2' }))
    })
    outbox.wake()
    await sink.until(() => sink.delivered.length > 0)
  })
  afterEach(async () => {
    await relay.stop(0)
  })

  function startRelay(): OutboxRelay {
    const { db, inTransaction } = database
    const started = new OutboxRelay({ db, inTransaction, clock, logger: silentLogger })
    started.start([sink])
    return started
  }

  async function complete(): Promise<void> {
    await database.inTransaction((tx) =>
      outbox.complete(tx, device, 'held', (body) => ({ ...body, isWhole: true })),
    )
    outbox.released(device, 'chat-1')
  }

  const seqs = () => sink.delivered.map(({ envelope }) => envelope.seq)

  it('holds up its own lane alone', () => {
    expect(seqs()).toEqual([3])
  })

  it('goes as soon as that has come, as it has become, and before what is behind it', async () => {
    await complete()
    await sink.until(() => sink.delivered.length === 3)
    expect(seqs()).toEqual([3, 1, 2])
    expect(sink.delivered[1]?.envelope.body).toMatchObject({ isWhole: true })
  })

  it('goes on waiting when a part of that has come, and goes with the part when the rest does not come in time', async () => {
    await database.inTransaction((tx) => outbox.amend(tx, device, 'held', (body) => ({ ...body, parts: 1 })))
    outbox.released(device, 'chat-1')
    clock.advance(9_999)
    expect(seqs()).toEqual([3])
    clock.advance(1)
    await sink.until(() => sink.delivered.length === 3)
    expect(seqs()).toEqual([3, 1, 2])
    expect(sink.delivered[1]?.envelope.body).toMatchObject({ parts: 1 })
    expect(await database.inTransaction((tx) => outbox.amend(tx, device, 'behind', null))).toBeNull()
  })

  it('goes as it is when that does not come in time, and is not sent again when it comes later', async () => {
    clock.advance(9_999)
    expect(seqs()).toEqual([3])
    clock.advance(1)
    await sink.until(() => sink.delivered.length === 3)
    expect(seqs()).toEqual([3, 1, 2])
    await complete()
    await relay.stop()
    relay = startRelay()
    await relay.stop()
    expect(seqs()).toEqual([3, 1, 2])
  })

  it('goes as it has become also when its time was up while what is before it was being sent', async () => {
    await relay.stop()
    let endFirst: () => void = () => undefined
    const first = new Promise<void>((resolve) => {
      endFirst = resolve
    })
    sink = new RecordingSink('hook', {
      async answer({ envelope }) {
        if (envelope.seq === 4) await first
        return { result: 'done', status: 200 }
      },
    })
    await database.inTransaction(async (tx) => {
      await outbox.append(tx, device, anEvent({ dedupeKey: 'before', lane: 'chat-3' }))
      await outbox.append(tx, device, anEvent({ dedupeKey: 'held too', lane: 'chat-3', holdMs: 10_000 }))
    })
    relay = startRelay()
    await sink.until(() => sink.attempts.some(({ envelope }) => envelope.seq === 4))
    clock.advance(9_999)
    await database.inTransaction((tx) =>
      outbox.complete(tx, device, 'held too', (body) => ({ ...body, isWhole: true })),
    )
    clock.advance(1)
    endFirst()
    await sink.until(() => seqs().includes(5))
    const sent = sink.delivered.find(({ envelope }) => envelope.seq === 5)
    expect(sent?.envelope.body).toMatchObject({ isWhole: true })
  })

  it('waits on after a restart, and no longer than it would have', async () => {
    await relay.stop()
    clock.advance(5_000)
    relay = startRelay()
    clock.advance(5_000)
    relay.wake()
    await sink.until(() => sink.delivered.length === 3)
    expect(seqs()).toEqual([3, 1, 2])
  })

  it('does not wait for ever when the clock is set back', async () => {
    await relay.stop()
    clock = new ManualClock(new Date(clock.now().getTime() - 3_600_000))
    relay = startRelay()
    await sink.until(() => sink.delivered.length === 3)
  })
})
