import type { DeviceId } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
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
    await this.#inTransaction(async (tx) => {
      for (let start = 0; start < stanzas.length; start += rowsPerStatement) {
        await tx
          .insertInto('stanza_journal')
          .values(
            stanzas.slice(start, start + rowsPerStatement).map((stanza) => ({
              device_id: device,
              stanza_key: stanza.key,
              node: Buffer.from(stanza.node),
              received_at: stanza.receivedAt.getTime(),
            })),
          )
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
