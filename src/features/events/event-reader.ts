import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../db/database.ts'
import { EventLogStore, type LoggedEvent, type LoggedEventFilter } from './event-log-store.ts'

/** How often, and for how long, it is looked whether everything below the end is there. */
const lookAgainMs = 20
const mostLooks = 250
/** Longer than any transaction of ours: the database ends their statements and their silence before. */
const longestWriteMs = 120_000
/** So many places are looked through at a time: where few events fit a filter, the reading must not hold up everything else. */
const placesAtOnce = 5_000

/** A part of the log: what fits the filter up to the place `readTo`, with nothing left out. */
export interface LogPart {
  readonly events: readonly LoggedEvent[]
  readonly readTo: number
}

/** Events that somebody has not seen and that were deleted for their age: all behind `after`, up to and with `deletedTo`. */
export interface LogGap {
  readonly after: number
  readonly deletedTo: number
}

/** Where somebody begins to read, and what is missing there. */
export interface LogBeginning {
  readonly place: number
  readonly gap: LogGap | null
}

/** Reads the event log in an order that never changes afterwards: what was read once is complete up to there. */
export class EventReader {
  readonly #db: Db
  readonly #clock: Clock
  readonly #store = new EventLogStore()
  /** The place up to which the log was ever found complete. */
  #complete = 0
  /** Since when those are known that were waited for in vain. */
  #slowSince: ReadonlyMap<string, number> = new Map()

  constructor(deps: { readonly db: Db; readonly clock: Clock }) {
    this.#db = deps.db
    this.#clock = deps.clock
  }

  /** Events behind the place `after`, oldest first, as far as they are complete. */
  async page(filter: LoggedEventFilter, after: number, limit: number): Promise<LogPart> {
    const end = await this.complete()
    const events: LoggedEvent[] = []
    let readTo = after
    while (readTo < end && events.length < limit) {
      const part = await this.part(filter, { after: readTo, end, limit: limit - events.length })
      events.push(...part.events)
      readTo = part.readTo
      if (readTo < end) await setImmediate()
    }
    return { events, readTo }
  }

  /** The next step on the way from `after` to `end`: at most `limit` events, and not too many places that do not fit. */
  async part(
    filter: LoggedEventFilter,
    { after, end, limit }: { readonly after: number; readonly end: number; readonly limit: number },
  ): Promise<LogPart> {
    if (after >= end) return { events: [], readTo: after }
    const upTo = Math.min(end, after + placesAtOnce)
    const events = await this.#store.page(this.#db, filter, { after, upTo, limit })
    return { events, readTo: events.length < limit ? upTo : (events.at(-1)?.position ?? upTo) }
  }

  /**
   * The place up to which everything is there that will ever be. While somebody holds a transaction open, it is the place that
   * was known before; one that is open for longer than any of ours is passed over: what waits there may never come.
   */
  async complete(): Promise<number> {
    const { position, writers } = await this.#settled()
    const now = this.#clock.now().getTime()
    this.#slowSince = new Map(writers.map((writer) => [writer, this.#slowSince.get(writer) ?? now]))
    const isComplete = [...this.#slowSince.values()].every((since) => now - since >= longestWriteMs)
    if (isComplete) this.#complete = Math.max(this.#complete, position)
    return this.#complete
  }

  /**
   * Reads a cursor: a place (as answers give it), or the id of an event. A place beyond the end is of another log, as after the
   * data was replaced: it counts as the end, so that what comes next is not missed. Rejects with `event_not_found`.
   */
  async beginBehind(cursor: string): Promise<LogBeginning> {
    if (/^\d{1,15}$/.test(cursor)) {
      const after = Number(cursor)
      const [end, deletedTo] = await Promise.all([this.#store.end(this.#db), this.#store.deletedTo(this.#db)])
      return { place: Math.min(after, end.position), gap: after < deletedTo ? { after, deletedTo } : null }
    }
    const position = await this.#store.positionOf(this.#db, cursor)
    if (position === null) throw new AppError('event_not_found', { details: { event: cursor } })
    return { place: position, gap: null }
  }

  /** The end of the log, for those who only want to know what comes. */
  async beginAtEnd(): Promise<LogBeginning> {
    return { place: (await this.#settled()).position, gap: null }
  }

  /** Where the log ends, and who may still add something before that after a while of waiting; mostly nobody. */
  async #settled(): Promise<{ readonly position: number; readonly writers: readonly string[] }> {
    const end = await this.#store.end(this.#db)
    let writers = await this.#store.stillWriting(this.#db, end)
    for (let look = 0; look < mostLooks && writers.length > 0; look += 1) {
      await new Promise<void>((resolve) => this.#clock.after(lookAgainMs, resolve))
      writers = await this.#store.stillWriting(this.#db, end)
    }
    return { position: end.position, writers }
  }
}
