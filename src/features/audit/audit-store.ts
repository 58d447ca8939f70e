import type { Db, Tx } from '../../db/database.ts'
import { type AuditEntry, beginning, type ChainLink } from './audit-entry.ts'

/** Which entries: everything given has to hold. */
export interface AuditFilter {
  readonly actor?: string
  readonly deviceId?: string
  readonly operation?: string
  /** Only entries before this position. */
  readonly before?: number
}

/** Rows of `audit_log`, and the two ends of the chain. */
export class AuditStore {
  /** The end of the chain, held until the transaction ends so that nobody else adds to it. */
  async lockEnd(tx: Tx): Promise<ChainLink> {
    await tx
      .insertInto('audit_chain')
      .values({ name: 'end', ...beginning })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    // An update is a lock on both engines.
    return tx
      .updateTable('audit_chain')
      .set({ name: 'end' })
      .where('name', '=', 'end')
      .returning(['position', 'hash'])
      .executeTakeFirstOrThrow()
  }

  async add(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
    const last = entries.at(-1)
    if (last === undefined) return
    await tx
      .insertInto('audit_log')
      .values(
        entries.map((entry) => ({
          position: entry.position,
          at: entry.at.getTime(),
          actor: entry.actor,
          address: entry.address,
          operation: entry.operation,
          device_id: entry.deviceId,
          subject: entry.subject,
          status: entry.status,
          hash: entry.hash,
        })),
      )
      .execute()
    await this.#put(tx, 'end', last)
  }

  /** The two ends: what the first entry is chained to, and the last entry. */
  async ends(db: Db): Promise<{ readonly start: ChainLink; readonly end: ChainLink }> {
    const rows = await db.selectFrom('audit_chain').selectAll().execute()
    const named = (name: string) => {
      const row = rows.find((candidate) => candidate.name === name)
      return row === undefined ? beginning : { position: row.position, hash: row.hash }
    }
    return { start: named('start'), end: named('end') }
  }

  /** Entries behind a position, oldest first. */
  async after(db: Db, position: number, limit: number): Promise<AuditEntry[]> {
    const rows = await db
      .selectFrom('audit_log')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(fromRow)
  }

  /** Entries that fit, newest first. */
  async newest(db: Db, filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    let query = db.selectFrom('audit_log').selectAll().orderBy('position', 'desc').limit(limit)
    if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor)
    if (filter.deviceId !== undefined) query = query.where('device_id', '=', filter.deviceId)
    if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation)
    if (filter.before !== undefined) query = query.where('position', '<', filter.before)
    return (await query.execute()).map(fromRow)
  }

  /** Deletes the oldest entries made before `before`; the chain begins behind them then. Resolves to how many went. */
  async deleteOldest(tx: Tx, before: Date, limit: number): Promise<number> {
    const { start } = await this.ends(tx)
    const oldest = await this.after(tx, start.position, limit)
    const firstToKeep = oldest.findIndex(({ at }) => at >= before)
    const doomed = firstToKeep === -1 ? oldest : oldest.slice(0, firstToKeep)
    const last = doomed.at(-1)
    if (last === undefined) return 0
    await tx.deleteFrom('audit_log').where('position', '<=', last.position).execute()
    await this.#put(tx, 'start', last)
    return doomed.length
  }

  async #put(tx: Tx, name: 'start' | 'end', { position, hash }: ChainLink): Promise<void> {
    await tx
      .insertInto('audit_chain')
      .values({ name, position, hash })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ position, hash }))
      .execute()
  }
}

function fromRow(row: {
  position: number
  at: number
  actor: string
  address: string
  operation: string
  device_id: string
  subject: string
  status: number
  hash: string
}): AuditEntry {
  return {
    position: row.position,
    at: new Date(row.at),
    actor: row.actor,
    address: row.address,
    operation: row.operation,
    deviceId: row.device_id,
    subject: row.subject,
    status: row.status,
    hash: row.hash,
  }
}
