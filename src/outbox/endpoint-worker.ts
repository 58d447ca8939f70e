import { setImmediate } from 'node:timers/promises'
import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import type { Db } from '../db/database.ts'
import type { DeliveryStore, PendingDelivery, PendingMark } from './delivery-store.ts'
import { EndpointOutage } from './endpoint-outage.ts'
import type { DeliveryOutcome, EventSink } from './event-sink.ts'
import { PendingScan } from './pending-scan.ts'
import type { SettlementQueue } from './settlement-queue.ts'

/** What all workers share. `lanesAtOnce`: tries in flight per endpoint. */
export interface EndpointWorkerDeps {
  readonly db: Db
  readonly store: DeliveryStore
  readonly settlements: SettlementQueue
  readonly clock: Clock
  readonly logger: Logger
  readonly lanesAtOnce: number
}

interface Lane {
  readonly key: string
  readonly deviceId: DeviceId
  readonly lane: string
  /** Everything up to this id has been handed over (or given up), although it may not be written down yet. */
  handledTo: number
  /** Up to here rows have been loaded; a mark above it means there is more. */
  loadedTo: number
  hasMore: boolean
  /** Resolves when the last outcome is written down: one may be on its way to the disk while the next try is under way. */
  settled: Promise<void>
  /** Ends the wait before the next try; null unless waiting. */
  endWait: (() => void) | null
  /** Try the head even if its time has not come. */
  isDueNow: boolean
  /** What an event here waited for has come, maybe while the lane was at work: look again before waiting. */
  isReleased: boolean
}

/** A try that has ended. */
interface Tried {
  readonly delivery: PendingDelivery
  /** Counts from 1. */
  readonly attempt: number
  readonly startedAt: Date
  readonly durationMs: number
  readonly outcome: DeliveryOutcome
}

const batchSize = 16
const maxLanesInMemory = 10_000
const troubleMs = 1000
/** An event that seems to wait for longer was written by a clock that was set back since. */
const longestHoldMs = 60_000

/**
 * Delivers one endpoint's events, independently of all other endpoints: the lanes side by side, each lane's events one
 * after another, a failed one again and again until its sink gives it up, holding back only its own lane. Keeps no more
 * in memory than the lanes at work and the names of those that wait.
 */
export class EndpointWorker {
  readonly #deps: EndpointWorkerDeps
  readonly #scan: PendingScan
  readonly #outage: EndpointOutage
  readonly #abort = new AbortController()
  readonly #lanes = new Map<string, Lane>()
  #sink: EventSink
  #ready: Lane[] = []
  #running = 0
  #isScanWanted = false
  #isScanning = false
  #isStopping = false
  #cancelPause: (() => void) | null = null
  #whenIdle: (() => void)[] = []

  constructor(deps: EndpointWorkerDeps, sink: EventSink) {
    this.#deps = { ...deps, logger: deps.logger.child({ endpointId: sink.id }) }
    this.#sink = sink
    this.#scan = new PendingScan({ ...deps, endpointId: sink.id })
    this.#outage = new EndpointOutage(deps.clock, deps.lanesAtOnce)
  }

  /** Takes another sink for the same endpoint from the next try on. */
  set sink(sink: EventSink) {
    this.#sink = sink
  }

  /** Looks for work soon. */
  wake(): void {
    this.#isScanWanted = true
    if (!this.#isScanning && !this.#isStopping) void this.#lookForWork()
  }

  /** Tries now whatever waits for its next try. */
  hurry(): void {
    this.#endAllWaits()
    this.wake()
  }

  /** An event of this lane has got what it waited for. */
  release(deviceId: DeviceId, lane: string): void {
    const held = this.#lanes.get(`${deviceId}\n${lane}`)
    if (held === undefined) return
    held.isReleased = true
    held.endWait?.()
  }

  /** Starts no further try; lets those in flight end within `graceMs`, then aborts them (they are made again later). */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    this.#cancelPause?.()
    for (const lane of this.#lanes.values()) lane.endWait?.()
    if (this.#running === 0) return
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle.push(resolve)
    })
    const cancel = this.#deps.clock.after(graceMs, () => this.#abort.abort())
    await idle
    cancel()
  }

  // === Finding work

  async #lookForWork(): Promise<void> {
    this.#isScanning = true
    try {
      while (this.#isScanWanted && !this.#isStopping) {
        this.#isScanWanted = false
        await this.#scanOnce()
      }
    } catch (thrown) {
      this.#deps.logger.error(
        { error: toError(thrown) },
        'could not look for deliveries, trying again at the next poll',
      )
    } finally {
      this.#isScanning = false
    }
  }

  async #scanOnce(): Promise<void> {
    this.#scan.begin()
    while (!this.#isStopping) {
      if (this.#isFull()) {
        this.#scan.cut()
        return
      }
      const page = await this.#scan.next()
      for (const mark of page.marks) this.#notice(mark)
      this.#startLanes()
      if (page.isLast) return
      await setImmediate()
    }
  }

  #isFull(): boolean {
    return this.#ready.length >= this.#deps.lanesAtOnce * 2 || this.#lanes.size >= maxLanesInMemory
  }

  #notice({ id, deviceId, lane }: PendingMark): void {
    const key = `${deviceId}\n${lane}`
    const known = this.#lanes.get(key)
    if (known !== undefined) {
      if (id > known.loadedTo) known.hasMore = true
      return
    }
    const found: Lane = {
      key,
      deviceId,
      lane,
      handledTo: 0,
      loadedTo: 0,
      hasMore: false,
      settled: Promise.resolve(),
      endWait: null,
      isDueNow: false,
      isReleased: false,
    }
    this.#lanes.set(key, found)
    this.#ready.push(found)
  }

  // === Running lanes

  #startLanes(): void {
    const pauseMs = this.#outage.pauseMs
    if (pauseMs > 0) this.#resumeAfter(pauseMs)
    const limit = this.#outage.isDown ? (pauseMs > 0 ? 0 : 1) : this.#deps.lanesAtOnce
    while (this.#running < limit && !this.#isStopping) {
      const lane = this.#ready.shift()
      if (lane === undefined) break
      this.#running += 1
      void this.#run(lane)
    }
    if (this.#scan.isCut && !this.#isFull()) this.wake()
  }

  #resumeAfter(pauseMs: number): void {
    this.#cancelPause?.()
    this.#cancelPause = this.#deps.clock.after(pauseMs, () => this.#startLanes())
  }

  async #run(lane: Lane): Promise<void> {
    try {
      const againAt = await this.#work(lane)
      // Only then: a lane that is forgotten while its rows still look pending would be found and sent again.
      if (againAt !== null || !lane.hasMore) await lane.settled
      if (againAt !== null) this.#wait(lane, againAt)
      else if (lane.hasMore) this.#ready.push(lane)
      else this.#lanes.delete(lane.key)
    } catch (thrown) {
      this.#deps.logger.error({ error: toError(thrown) }, 'could not work on a lane, trying again soon')
      this.#wait(lane, this.#in(troubleMs))
    }
    this.#running -= 1
    this.#startLanes()
    if (this.#running === 0) for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** Hands over what is at the head of the lane. Resolves to the time of the next try, or null when none has to wait. */
  async #work(lane: Lane): Promise<Date | null> {
    const { db, store, clock } = this.#deps
    lane.hasMore = false
    lane.isReleased = false
    const readAt = clock.now()
    const batch = await store.headOfLane(db, this.#sink.id, lane, lane.handledTo, batchSize)
    lane.loadedTo = batch.at(-1)?.id ?? lane.loadedTo
    if (batch.length === batchSize) lane.hasMore = true
    for (const delivery of batch) {
      // What was never tried is due, whatever a clock that was set back says.
      const isDue = delivery.attempts === 0 || lane.isDueNow || delivery.nextAttemptAt <= clock.now()
      if (this.#isStopping) return null
      if (!isDue) return delivery.nextAttemptAt
      if (isHeldAt(delivery, clock.now())) return delivery.heldUntil
      // What it waited for may have come since it was read: it is read again.
      if (isHeldAt(delivery, readAt)) return clock.now()
      lane.isDueNow = false
      const tried = await this.#try(delivery)
      await lane.settled
      if (tried === null) return null
      const { outcome } = tried
      if (outcome.result === 'retry') return await this.#failed(lane, tried, outcome)
      lane.handledTo = delivery.id
      lane.settled = this.#settleFinal(tried, outcome)
    }
    return null
  }

  /** Null when the try was aborted because of `stop`: nothing is known of it, so nothing is written down. */
  async #try(delivery: PendingDelivery): Promise<Tried | null> {
    const attempt = delivery.attempts + 1
    const startedAt = this.#deps.clock.now()
    const { envelope, traceparent } = delivery
    const outcome = await this.#sink.deliver({ envelope, attempt, traceparent }, this.#abort.signal)
    if (this.#abort.signal.aborted && outcome.result !== 'done') return null
    const durationMs = Math.max(0, this.#deps.clock.now().getTime() - startedAt.getTime())
    return { delivery, attempt, startedAt, durationMs, outcome }
  }

  #settleFinal(tried: Tried, outcome: Exclude<DeliveryOutcome, { result: 'retry' }>): Promise<void> {
    const { id, envelope } = tried.delivery
    if (outcome.result === 'done') {
      if (this.#outage.succeeded()) {
        this.#deps.logger.info({}, 'endpoint answers again')
        this.#endAllWaits()
      }
      const { startedAt, durationMs } = tried
      return this.#deps.settlements.settle({
        state: 'delivered',
        id,
        status: outcome.status,
        startedAt,
        durationMs,
      })
    }
    this.#deps.logger.warn({ eventId: envelope.id, reason: outcome.error }, 'event given up')
    return this.#deps.settlements.settle({ state: 'dead', ...this.#failureOf(tried, outcome) })
  }

  async #failed(
    lane: Lane,
    tried: Tried,
    outcome: Extract<DeliveryOutcome, { result: 'retry' }>,
  ): Promise<Date | null> {
    const { id, envelope } = tried.delivery
    const { clock, logger, settlements } = this.#deps
    const now = clock.now().getTime()
    const delayMs = this.#sink.retryDelayMs(tried.attempt, now - tried.delivery.queuedAt.getTime())
    if (delayMs === null) {
      lane.handledTo = id
      lane.hasMore = true
      await this.#settleFinal(tried, { ...outcome, result: 'drop' })
      return null
    }
    this.#outage.failed(lane.key)
    logger.debug({ eventId: envelope.id, attempt: tried.attempt, reason: outcome.error }, 'delivery failed')
    const nextAttemptAt = this.#in(Math.max(delayMs, outcome.notBeforeMs ?? 0))
    await settlements.settle({ state: 'retry', nextAttemptAt, ...this.#failureOf(tried, outcome) })
    return nextAttemptAt
  }

  #failureOf(
    { delivery: { id, envelope }, attempt, startedAt, durationMs }: Tried,
    { status, error }: { readonly status: number | null; readonly error: string },
  ) {
    const event = { endpointId: this.#sink.id, deviceId: envelope.deviceId, eventId: envelope.id }
    return { id, ...event, attempt, startedAt, durationMs, status, error }
  }

  #in(ms: number): Date {
    return new Date(this.#deps.clock.now().getTime() + ms)
  }

  #wait(lane: Lane, until: Date): void {
    if (this.#isStopping) return
    const ms = until.getTime() - this.#deps.clock.now().getTime()
    if (ms <= 0 || lane.isReleased) {
      this.#ready.push(lane)
      return
    }
    const cancel = this.#deps.clock.after(ms, () => lane.endWait?.())
    lane.endWait = () => {
      cancel()
      lane.endWait = null
      if (this.#isStopping) return
      this.#ready.push(lane)
      this.#startLanes()
    }
  }

  /** After an outage nobody waits for a time that was set while nothing could work. */
  #endAllWaits(): void {
    for (const lane of this.#lanes.values()) {
      if (lane.endWait === null) continue
      lane.isDueNow = true
      lane.endWait()
    }
  }
}

function isHeldAt({ heldUntil }: PendingDelivery, at: Date): boolean {
  if (heldUntil === null) return false
  const ms = heldUntil.getTime() - at.getTime()
  return ms > 0 && ms <= longestHoldMs
}
