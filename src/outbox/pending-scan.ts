import type { Clock } from '../core/clock.ts'
import type { Db } from '../db/database.ts'
import type { DeliveryStore, PendingMark } from './delivery-store.ts'

const pageSize = 200
const overlapMs = 5000
const backlogOverlapMs = 1000
const fullScanMs = 300_000

/**
 * Goes through an endpoint's pending deliveries by id, page by page, to find lanes that have work.
 *
 * It starts again where it was 5 to 10 seconds ago, not where it stopped: on PostgreSQL a transaction that took its ids
 * early may commit late, behind the scan. What even that would miss is found by a scan of everything every 5 minutes.
 * Where a backlog grows, as at an endpoint that does not answer, it goes back only once a second: reading all of it again
 * at every wake would cost the other endpoints more than the deliveries themselves.
 */
export class PendingScan {
  readonly #db: Db
  readonly #store: DeliveryStore
  readonly #endpointId: string
  readonly #clock: Clock
  #cursor = 0
  #isCut = false
  #floor = 0
  #nextFloor = 0
  #floorAt: number
  #overlapAt = 0
  /** Marks found since it last went back. */
  #found = 0
  #fullScanAt: number

  constructor(deps: {
    readonly db: Db
    readonly store: DeliveryStore
    readonly endpointId: string
    readonly clock: Clock
  }) {
    this.#db = deps.db
    this.#store = deps.store
    this.#endpointId = deps.endpointId
    this.#clock = deps.clock
    this.#floorAt = deps.clock.now().getTime()
    this.#fullScanAt = this.#floorAt
  }

  /** True when the last pass was stopped half-way, so there is more to find. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Starts a pass, or goes on with one that was cut. */
  begin(): void {
    if (this.#isCut) {
      this.#isCut = false
      return
    }
    const now = this.#clock.now().getTime()
    if (now - this.#floorAt >= overlapMs) {
      this.#floor = this.#nextFloor
      this.#nextFloor = this.#cursor
      this.#floorAt = now
    }
    if (now - this.#fullScanAt >= fullScanMs) {
      this.#goBackTo(0, now)
      this.#fullScanAt = now
    } else if (this.#found < pageSize || now - this.#overlapAt >= backlogOverlapMs)
      this.#goBackTo(this.#floor, now)
  }

  /** The next page; `isLast` when nothing is behind it. */
  async next(): Promise<{ readonly marks: readonly PendingMark[]; readonly isLast: boolean }> {
    const marks = await this.#store.pendingMarks(this.#db, this.#endpointId, this.#cursor, pageSize)
    this.#cursor = marks.at(-1)?.id ?? this.#cursor
    this.#found += marks.length
    return { marks, isLast: marks.length < pageSize }
  }

  /** Stops the pass here; the next `begin` goes on from this place. */
  cut(): void {
    this.#isCut = true
  }

  #goBackTo(id: number, now: number): void {
    this.#cursor = id
    this.#found = 0
    this.#overlapAt = now
  }
}
