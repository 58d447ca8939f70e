import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../db/database.ts'
import { EventLogStore, type LoggedEvent, type LoggedEventFilter } from './event-log-store.ts'

/** How often, and for how long, it is looked whether everything below the end is there. */
const lookAgainMs = 20
const mostLooks = 250

/** Reads the event log in an order that never changes afterwards: what was read once is complete up to there. */
export class EventReader {
  readonly #db: Db
  readonly #clock: Clock
  readonly #store = new EventLogStore()

  constructor(deps: { readonly db: Db; readonly clock: Clock }) {
    this.#db = deps.db
    this.#clock = deps.clock
  }

  /** Events behind the place `after`, oldest first, as far as they are complete. */
  async page(filter: LoggedEventFilter, after: number, limit: number): Promise<LoggedEvent[]> {
    return this.#store.page(this.#db, filter, { after, upTo: await this.end(), limit })
  }

  /** The place up to which everything is there that will ever be. */
  async end(): Promise<number> {
    const end = await this.#store.end(this.#db)
    for (let look = 0; look < mostLooks; look += 1) {
      if (await this.#store.isFinal(this.#db, end)) break
      // Somebody holds a transaction open for longer than any of ours: what waits there comes late or never.
      await new Promise<void>((resolve) => this.#clock.after(lookAgainMs, resolve))
    }
    return end.position
  }

  /** Reads a cursor: a place (as answers give it), or the id of an event. Rejects with `event_not_found`. */
  async placeOf(cursor: string): Promise<number> {
    if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
    const position = await this.#store.positionOf(this.#db, cursor)
    if (position === null) throw new AppError('event_not_found', { details: { event: cursor } })
    return position
  }
}
