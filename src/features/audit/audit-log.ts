import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { type AuditEntry, type AuditFact, type ChainLink, chained, cleaned, fits } from './audit-entry.ts'
import type { AuditFilter, AuditStore } from './audit-store.ts'

export interface AuditLogDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly store: AuditStore
  readonly clock: Clock
  /** For how many days entries are kept; 0 for ever. */
  readonly keepDays: number
}

/** What became of checking the chain. */
export interface AuditVerdict {
  readonly isIntact: boolean
  /** How many entries were found good, up to the first that is not. */
  readonly goodEntries: number
  /** Where the chain breaks; null when it does not. */
  readonly brokenAt: number | null
  readonly problem: 'changed' | 'missing' | 'cut-off' | null
}

const dayMs = 86_400_000
const batch = 500
/** While the database cannot be written, so many facts are kept, the newest. */
const mostKept = 10_000
const retryAfterMs = 1_000

/** The audit log: appends facts to the chain, shows and checks it. */
export class AuditLog {
  readonly #deps: AuditLogDeps
  #waiting: AuditFact[] = []
  #writing: Promise<void> | null = null
  #cancelRetry: (() => void) | null = null

  constructor(deps: AuditLogDeps) {
    this.#deps = deps
  }

  /**
   * Adds a fact; resolves once it is committed. Facts that wait at the same moment share a commit. Rejects when it could not
   * be written now: it is kept in memory then, and written as soon as that is possible.
   */
  async record(fact: AuditFact): Promise<void> {
    this.#waiting.push(fact)
    // Whoever comes while a batch is being written goes with the next one.
    if (this.#writing !== null) await this.#writing.catch(() => undefined)
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    await this.#writing
  }

  /** Entries that fit, newest first. */
  list(filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    return this.#deps.store.newest(this.#deps.db, filter, limit)
  }

  /** Checks every entry that is kept against the one before it, and the last against where the chain ends. */
  async verify(): Promise<AuditVerdict> {
    const { db, store } = this.#deps
    const { start, end } = await store.ends(db)
    let last: ChainLink = start
    const broken = (brokenAt: number, problem: AuditVerdict['problem']): AuditVerdict => ({
      isIntact: false,
      goodEntries: last.position - start.position,
      brokenAt,
      problem,
    })
    for (;;) {
      const entries = await store.after(db, last.position, batch)
      // Entries behind the end as read above were added since.
      for (const entry of entries.filter(({ position }) => position <= end.position)) {
        if (entry.position !== last.position + 1) return broken(last.position + 1, 'missing')
        if (!fits(last, entry)) return broken(entry.position, 'changed')
        last = entry
      }
      if (entries.length < batch || last.position >= end.position) break
      await nextTurn()
    }
    if (last.position < end.position) return broken(last.position + 1, 'cut-off')
    if (last.hash !== end.hash) return broken(last.position, 'changed')
    return { isIntact: true, goodEntries: last.position - start.position, brokenAt: null, problem: null }
  }

  /** Deletes entries older than they are kept for, in small commits. */
  async sweep(): Promise<void> {
    const { inTransaction, store, clock, keepDays } = this.#deps
    if (keepDays === 0) return
    const before = new Date(clock.now().getTime() - keepDays * dayMs)
    while ((await inTransaction((tx) => store.deleteOldest(tx, before, batch))) === batch) await nextTurn()
  }

  /** Resolves once everything that was recorded so far is committed. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing.catch(() => undefined)
  }

  /** As `settled`; what could not be written by then is lost. */
  async stop(): Promise<void> {
    await this.settled()
    this.#cancelRetry?.()
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting
    const facts = waiting.map(cleaned)
    this.#waiting = []
    try {
      await this.#append(facts)
    } catch (error) {
      this.#waiting = [...waiting, ...this.#waiting].slice(-mostKept)
      this.#retryLater()
      throw error
    }
  }

  #retryLater(): void {
    this.#cancelRetry ??= this.#deps.clock.after(retryAfterMs, () => {
      this.#cancelRetry = null
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null
      })
      this.#writing.catch(() => undefined)
    })
  }

  async #append(facts: readonly AuditFact[]): Promise<void> {
    const { inTransaction, store } = this.#deps
    await inTransaction(async (tx) => {
      let last: ChainLink = await store.lockEnd(tx)
      const entries = facts.map((fact) => {
        const entry = chained(last, fact)
        last = entry
        return entry
      })
      for (let from = 0; from < entries.length; from += batch) {
        await store.add(tx, entries.slice(from, from + batch))
      }
    })
  }
}
