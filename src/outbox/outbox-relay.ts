import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import type { Db } from '../db/database.ts'
import type { InTransaction } from '../db/transaction.ts'
import { DeliveryStore } from './delivery-store.ts'
import { EndpointWorker } from './endpoint-worker.ts'
import type { EventSink } from './event-sink.ts'
import { SettlementQueue } from './settlement-queue.ts'

/** How the relay works; every member has a default. */
export interface OutboxRelayOptions {
  /** Tries in flight per endpoint. Default 16. */
  readonly lanesAtOnce?: number
  /** How often to look for work that no hint told of, in milliseconds. Default 2000. */
  readonly pollMs?: number
}

const settleGraceMs = 1000

/**
 * Hands committed events to the sinks, at least once each, with the same event id every time and in order within a lane.
 * Everything it must remember is in the database: after a restart it goes on where it was. A crash between a receiver's
 * answer and the commit that writes it down repeats that delivery; that is the only doubling, and it is a few per endpoint.
 */
export class OutboxRelay {
  readonly #deps: { readonly db: Db; readonly clock: Clock; readonly logger: Logger }
  readonly #store = new DeliveryStore()
  readonly #settlements: SettlementQueue
  readonly #lanesAtOnce: number
  readonly #pollMs: number
  readonly #workers = new Map<string, EndpointWorker>()
  /** Workers of endpoints that are no longer delivered to, until their tries in flight have ended. */
  readonly #ending = new Set<Promise<void>>()
  #isRunning = false
  #cancelPoll: (() => void) | null = null

  constructor(
    deps: {
      readonly db: Db
      readonly inTransaction: InTransaction
      readonly clock: Clock
      readonly logger: Logger
    },
    options: OutboxRelayOptions = {},
  ) {
    this.#deps = deps
    this.#settlements = new SettlementQueue({ ...deps, store: this.#store })
    this.#lanesAtOnce = options.lanesAtOnce ?? 16
    this.#pollMs = options.pollMs ?? 2000
  }

  /** Starts delivering to these sinks. */
  start(sinks: readonly EventSink[]): void {
    this.#isRunning = true
    this.setSinks(sinks)
    this.#poll()
  }

  /** Delivers to these sinks from now on. Deliveries of an endpoint that is no longer among them stay pending. */
  setSinks(sinks: readonly EventSink[]): void {
    const wanted = new Map(sinks.map((sink) => [sink.id, sink]))
    for (const [id, worker] of this.#workers) {
      if (wanted.has(id)) continue
      this.#workers.delete(id)
      const ending = worker.stop(0).finally(() => this.#ending.delete(ending))
      this.#ending.add(ending)
    }
    for (const [id, sink] of wanted) {
      const known = this.#workers.get(id)
      if (known === undefined) this.#workers.set(id, this.#newWorker(sink))
      else known.sink = sink
    }
    this.wake()
  }

  /** Makes everything that waits for its next try at this endpoint due now. */
  hurry(endpointId: string): void {
    this.#workers.get(endpointId)?.hurry()
  }

  /** A hint that an event of this lane waits no longer for what it was held for. */
  release(deviceId: DeviceId, lane: string): void {
    for (const worker of this.#workers.values()) worker.release(deviceId, lane)
  }

  /** A hint that something was committed. Cheap; may be called any number of times. */
  wake(): void {
    if (!this.#isRunning) return
    for (const worker of this.#workers.values()) worker.wake()
  }

  /** Ends what is in flight within `graceMs`, then aborts it; resolves once every known outcome is written down. */
  async stop(graceMs = 5000): Promise<void> {
    this.#isRunning = false
    this.#cancelPoll?.()
    // A database that does not answer must not hold up the end: what it did not note is delivered again.
    const cancel = this.#deps.clock.after(graceMs + settleGraceMs, () => void this.#settlements.close())
    await Promise.all([...[...this.#workers.values()].map((worker) => worker.stop(graceMs)), ...this.#ending])
    cancel()
    this.#workers.clear()
    await this.#settlements.close()
  }

  #newWorker(sink: EventSink): EndpointWorker {
    return new EndpointWorker(
      {
        ...this.#deps,
        store: this.#store,
        settlements: this.#settlements,
        lanesAtOnce: this.#lanesAtOnce,
      },
      sink,
    )
  }

  #poll(): void {
    if (!this.#isRunning) return
    this.wake()
    this.#cancelPoll = this.#deps.clock.after(this.#pollMs, () => this.#poll())
  }
}
