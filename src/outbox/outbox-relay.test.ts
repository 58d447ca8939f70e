import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, ManualClock, systemClock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { describeEachDialect } from '../db/test-database.ts'
import type { DeliveryOutcome, EventSink } from './event-sink.ts'
import { addDevice, anEvent, countDeliveries, outboxTo } from './outbox-fixtures.ts'
import { OutboxRelay } from './outbox-relay.ts'
import { RecordingSink } from './recording-sink.ts'

const done: DeliveryOutcome = { result: 'done', status: 200 }
const failure: DeliveryOutcome = { result: 'retry', status: 500, error: 'answered 500' }

describeEachDialect('OutboxRelay', (open) => {
  let database: OpenDatabase
  let device: DeviceId
  let relays: OutboxRelay[]

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    relays = []
  })
  afterEach(async () => {
    for (const relay of relays) await relay.stop(0)
  })

  const startRelay = (sinks: readonly EventSink[], clock: Clock = systemClock, lanesAtOnce = 16) => {
    const relay = new OutboxRelay(
      { db: database.db, inTransaction: database.inTransaction, clock, logger: silentLogger },
      { lanesAtOnce },
    )
    relays.push(relay)
    relay.start(sinks)
    return relay
  }

  /** Appends `count` events, spread over `lanes` lanes in turn, many per commit. */
  const append = async (endpoints: readonly string[], count: number, lanes = 1, lanePrefix = 'chat') => {
    const outbox = outboxTo(endpoints)
    await database.inTransaction(async (tx) => {
      for (let index = 0; index < count; index += 1) {
        await outbox.append(tx, device, anEvent({ lane: `${lanePrefix}-${index % lanes}` }))
      }
    })
  }

  const seqsByLane = (sink: RecordingSink) =>
    Map.groupBy(
      sink.delivered.map(({ envelope }) => envelope),
      (envelope) => envelope.lane,
    )

  const expectEachLaneInOrder = (sink: RecordingSink) => {
    for (const [lane, envelopes] of seqsByLane(sink)) {
      const seqs = envelopes.map((envelope) => envelope.seq)
      expect(seqs, lane).toEqual([...seqs].sort((a, b) => a - b))
    }
  }

  describe('handing over', () => {
    it('hands every event over once, each lane in its order, and writes it down', async () => {
      const sink = new RecordingSink('hook')
      const relay = startRelay([sink])
      await append(['hook'], 120, 7)
      relay.wake()
      await sink.until(() => sink.delivered.length === 120)
      await relay.stop()
      expect(new Set(sink.delivered.map(({ envelope }) => envelope.id)).size).toBe(120)
      expectEachLaneInOrder(sink)
      expect(await countDeliveries(database)).toEqual({ delivered: 120 })
    })

    it('finds what no hint told of at the next poll', async () => {
      const clock = new ManualClock()
      const sink = new RecordingSink('hook')
      startRelay([sink], clock)
      await append(['hook'], 1)
      clock.advance(2000)
      await sink.until(() => sink.delivered.length === 1)
    })

    it('keeps each lane in order when the receiver fails at random and the relay is restarted again and again', async () => {
      await append(['hook'], 200, 9)
      let calls = 0
      const random = pseudoRandom(7)
      const sink = new RecordingSink('hook', {
        retryDelayMs: () => 1,
        answer: async () => {
          calls += 1
          return random() < 0.3 ? failure : done
        },
      })
      for (const target of [40, 90, 150, 200]) {
        const relay = startRelay([sink])
        if (target < 200) await append(['hook'], 10, 9)
        relay.wake()
        await sink.until(() => new Set(sink.delivered.map(({ envelope }) => envelope.id)).size >= target)
        await relay.stop()
      }
      const relay = startRelay([sink])
      await sink.until(() => sink.delivered.length >= 230)
      await relay.stop()
      expect(sink.delivered).toHaveLength(230)
      expect(new Set(sink.delivered.map(({ envelope }) => envelope.id)).size).toBe(230)
      expectEachLaneInOrder(sink)
      expect(calls).toBeGreaterThan(230)
      expect(await countDeliveries(database)).toEqual({ delivered: 230 })
    })

    it('keeps each lane in order while events are appended by many at once', async () => {
      const sink = new RecordingSink('hook')
      const relay = startRelay([sink])
      const outbox = outboxTo(['hook'], () => relay.wake())
      const other = await addDevice(database, 'other')
      await Promise.all(
        Array.from({ length: 150 }, async (_, index) => {
          const owner = index % 2 === 0 ? device : other
          await database.inTransaction((tx) =>
            outbox.append(tx, owner, anEvent({ lane: `${owner}-${index % 5}` })),
          )
          outbox.wake()
        }),
      )
      await sink.until(() => sink.delivered.length === 150)
      expectEachLaneInOrder(sink)
    })

    it('works through a backlog of more lanes and longer lanes than it holds in memory', async () => {
      await append(['hook'], 300, 100)
      await append(['hook'], 60, 1, 'busy')
      const sink = new RecordingSink('hook')
      startRelay([sink], systemClock, 4)
      await sink.until(() => sink.delivered.length === 360)
      expectEachLaneInOrder(sink)
    })
  })

  describe('a receiver in trouble', () => {
    it('holds back only the lane whose head fails, and tries it again after the delay with the same event id', async () => {
      const clock = new ManualClock()
      let isHealed = false
      const sink = new RecordingSink('hook', {
        answer: ({ envelope }) => (envelope.lane === 'chat-0' && !isHealed ? failure : done),
      })
      await append(['hook'], 20, 4)
      const relay = startRelay([sink], clock)
      await sink.until(() => sink.delivered.length === 15 && sink.attempts.length === 16)
      await append(['hook'], 8, 4)
      relay.wake()
      await sink.until(() => sink.delivered.length === 21)
      expect(seqsByLane(sink).get('chat-0')).toBeUndefined()
      isHealed = true
      clock.advance(1000)
      await sink.until(() => sink.delivered.length === 28)
      expectEachLaneInOrder(sink)
      const ofHead = sink.attempts.filter(({ envelope }) => envelope.seq === 1)
      expect(ofHead.map(({ attempt }) => attempt)).toEqual([1, 2])
      expect(new Set(ofHead.map(({ envelope }) => envelope.id)).size).toBe(1)
    })

    it('never lets an endpoint that does not answer hold up another', async () => {
      const release = Promise.withResolvers<DeliveryOutcome>()
      const stuck = new RecordingSink('stuck', { answer: () => release.promise })
      const healthy = new RecordingSink('healthy')
      await append(['stuck', 'healthy'], 100, 30)
      startRelay([stuck, healthy])
      await healthy.until(() => healthy.delivered.length === 100)
      expect(stuck.delivered).toHaveLength(0)
      await stuck.until(() => stuck.attempts.length === 16)
      release.resolve(done)
      await stuck.until(() => stuck.delivered.length === 100)
    })

    it('remembers the count of tries and the time of the next one over a restart', async () => {
      const clock = new ManualClock(new Date())
      const sink = new RecordingSink('hook', {
        answer: () => failure,
        retryDelayMs: (tries) => tries * 10_000,
      })
      await append(['hook'], 1)
      const first = startRelay([sink], clock)
      await sink.until(() => sink.attempts.length === 1)
      await first.stop()
      const second = startRelay([sink], clock)
      await append(['hook'], 1, 1, 'other')
      second.wake()
      await sink.until(() => sink.attempts.length === 2)
      expect(sink.attempts[1]?.envelope.lane).toBe('other-0')
      await settled(database, { attempts: 1, rows: 2 })
      clock.advance(10_000)
      await sink.until(() => sink.attempts.length === 4)
      expect(sink.attempts.slice(2).map(({ attempt }) => attempt)).toEqual([2, 2])
    })

    it('gives an event up when its sink says so, and goes on with the lane', async () => {
      const sink = new RecordingSink('hook', {
        answer: ({ envelope }) => (envelope.seq === 1 ? failure : done),
        retryDelayMs: () => null,
      })
      await append(['hook'], 3)
      const relay = startRelay([sink])
      await sink.until(() => sink.delivered.length === 2)
      await relay.stop()
      expect(await countDeliveries(database)).toEqual({ dead: 1, delivered: 2 })
    })

    it('probes an endpoint that is down with one try at a time, and resumes everything at the first success', async () => {
      const clock = new ManualClock()
      let isUp = false
      const firstFour = Promise.withResolvers<DeliveryOutcome>()
      const sink = new RecordingSink('hook', {
        answer: () => (isUp ? done : firstFour.promise),
        retryDelayMs: () => 600_000,
      })
      await append(['hook'], 60, 30)
      startRelay([sink], clock, 4)
      await sink.until(() => sink.attempts.length === 4)
      firstFour.resolve(failure)
      await settled(database, { attempts: 1, rows: 4 })
      clock.advance(1000)
      await sink.until(() => sink.attempts.length === 5)
      await settled(database, { attempts: 1, rows: 5 })
      isUp = true
      clock.advance(2000)
      await sink.until(() => sink.delivered.length === 60)
      expectEachLaneInOrder(sink)
    })
  })

  describe('stopping', () => {
    it('lets what is in flight end, and starts nothing more', async () => {
      const answer = Promise.withResolvers<DeliveryOutcome>()
      const sink = new RecordingSink('hook', { answer: () => answer.promise })
      await append(['hook'], 3)
      const relay = startRelay([sink])
      await sink.until(() => sink.attempts.length === 1)
      const stopping = relay.stop()
      answer.resolve(done)
      await stopping
      expect(sink.attempts).toHaveLength(1)
      expect(await countDeliveries(database)).toEqual({ delivered: 1, pending: 2 })
    })

    it('aborts what does not end in time, and makes that try again later without counting it', async () => {
      const hanging = new RecordingSink('hook', {
        answer: () => Promise.withResolvers<DeliveryOutcome>().promise,
      })
      await append(['hook'], 1)
      const relay = startRelay([hanging])
      await hanging.until(() => hanging.attempts.length === 1)
      await relay.stop(0)
      const sink = new RecordingSink('hook')
      startRelay([sink])
      await sink.until(() => sink.delivered.length === 1)
      expect(sink.attempts[0]?.attempt).toBe(1)
    })

    it('keeps the deliveries of an endpoint that is gone, for the time that it comes back', async () => {
      const other = new RecordingSink('other')
      await append(['gone', 'other'], 2)
      const relay = startRelay([other])
      await other.until(() => other.delivered.length === 2)
      const back = new RecordingSink('gone')
      relay.setSinks([other, back])
      await back.until(() => back.delivered.length === 2)
    })
  })
})

/** Waits until `rows` pending deliveries have that count of failed tries in the database. */
async function settled(database: OpenDatabase, expected: { attempts: number; rows: number }): Promise<void> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const rows = await database.db
      .selectFrom('deliveries')
      .select('id')
      .where('attempts', '=', expected.attempts)
      .execute()
    if (rows.length === expected.rows) return
    if (Date.now() > deadline) throw new Error(`${rows.length} rows, not ${expected.rows}`)
  }
}

/** A small generator with a seed, so that a failure can be repeated. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
