import type { Insertable } from 'kysely'
import type { DeviceId } from '../../core/ids.ts'
import type { Database, Db } from '../../db/database.ts'
import { PreparedQuery, prefersSingleRows, rowOf } from '../../db/prepared-query.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { JournaledStanza, StanzaJournal } from './stanza-journal.ts'

/** Rows per statement: engines limit the number of bound values. */
const rowsPerStatement = 200

/** The stanza journal in the database. */
export class StanzaJournalStore implements StanzaJournal {
  readonly #db: Db
  readonly #inTransaction: InTransaction

  constructor(deps: { db: Db; inTransaction: InTransaction }) {
    this.#db = deps.db
    this.#inTransaction = deps.inTransaction
  }

  async add(device: DeviceId, stanzas: readonly JournaledStanza[]): Promise<void> {
    if (stanzas.length === 0) return
    const rows = stanzas.map(({ key, node, receivedAt }) => ({
      device_id: device,
      stanza_key: key,
      node: Buffer.from(node.buffer, node.byteOffset, node.byteLength),
      received_at: receivedAt.getTime(),
    }))
    await this.#inTransaction(async (tx) => {
      if (prefersSingleRows(tx)) {
        for (const row of rows) await insertStanza.run(tx, row)
        return
      }
      for (let start = 0; start < rows.length; start += rowsPerStatement) {
        await tx
          .insertInto('stanza_journal')
          .values(rows.slice(start, start + rowsPerStatement))
          .onConflict((conflict) => conflict.columns(['device_id', 'stanza_key']).doNothing())
          .execute()
      }
    })
  }

  async unsettled(device: DeviceId): Promise<JournaledStanza[]> {
    const rows = await this.#db
      .selectFrom('stanza_journal')
      .select(['stanza_key', 'node', 'received_at'])
      .where('device_id', '=', device)
      .orderBy('seq')
      .execute()
    return rows.map((row) => ({
      key: row.stanza_key,
      node: row.node,
      receivedAt: new Date(Number(row.received_at)),
    }))
  }

  async settle(device: DeviceId, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    await this.#inTransaction(async (tx) => {
      if (prefersSingleRows(tx)) {
        for (const key of keys) await deleteStanza.run(tx, { device, key })
        return
      }
      for (let start = 0; start < keys.length; start += rowsPerStatement) {
        await tx
          .deleteFrom('stanza_journal')
          .where('device_id', '=', device)
          .where('stanza_key', 'in', keys.slice(start, start + rowsPerStatement))
          .execute()
      }
    })
  }

  async clear(device: DeviceId): Promise<void> {
    await this.#inTransaction(async (tx) => {
      await tx.deleteFrom('stanza_journal').where('device_id', '=', device).execute()
    })
  }
}

const insertStanza = new PreparedQuery((db, row: Omit<Insertable<Database['stanza_journal']>, 'seq'>) =>
  db
    .insertInto('stanza_journal')
    .values(rowOf(row, ['device_id', 'stanza_key', 'node', 'received_at']))
    .onConflict((conflict) => conflict.columns(['device_id', 'stanza_key']).doNothing()),
)

const deleteStanza = new PreparedQuery((db, values: { readonly device: DeviceId; readonly key: string }) =>
  db.deleteFrom('stanza_journal').where('device_id', '=', values.device).where('stanza_key', '=', values.key),
)
