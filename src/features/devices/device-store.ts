import { sql } from 'kysely'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import type { Database, Db, Tx } from '../../db/database.ts'
import { PreparedQuery } from '../../db/prepared-query.ts'
import { type Jid, toJid } from '../../whatsapp/jid.ts'
import type { Account } from '../../whatsapp/whatsapp-session.ts'
import type { Device } from './device.ts'

/** Every table that holds rows of a device; a test compares the list with the schema. */
export const tablesOfDevices = [
  'device_leases',
  'credentials',
  'signal_keys',
  'identities',
  'stanza_journal',
  'decrypted_messages',
  'chats',
  'messages',
  'message_receipts',
  'reactions',
  'poll_votes',
  'labels',
  'chat_labels',
  'sent_changes',
  'media_downloads',
  'contacts',
  'delivery_failures',
  'deliveries',
  'events',
  'webhook_endpoints',
  'idempotency_keys',
] as const satisfies readonly (keyof Database)[]

/** Tables that can hold very many rows of one device, with a key to delete them by in parts. */
const largeTables = {
  messages: ['device_id', 'account', 'chat_id', 'id'],
  message_receipts: ['device_id', 'account', 'message_id', 'recipient', 'receipt_type'],
  events: ['position'],
  delivery_failures: ['endpoint_id', 'event_id', 'attempt'],
  deliveries: ['id'],
  signal_keys: ['device_id', 'type', 'id'],
  decrypted_messages: ['device_id', 'ciphertext_hash'],
  media_downloads: ['device_id', 'account', 'message_id', 'position'],
} as const satisfies Partial<Record<(typeof tablesOfDevices)[number], readonly string[]>>

export type LargeTable = keyof typeof largeTables

/** The large tables by name, in the order they are emptied in. */
export const largeTableNames = Object.keys(largeTables) as LargeTable[] // the literal's keys are these

/** Reads and writes the table `devices`, and deletes a device from all others. */
export class DeviceStore {
  /** All slots in the order of their creation. */
  async all(db: Db): Promise<Device[]> {
    const rows = await db.selectFrom('devices').selectAll().orderBy('created_at').orderBy('id').execute()
    return rows.map(fromRow)
  }

  async find(db: Db, id: DeviceId): Promise<Device | null> {
    const row = await selectById.first(db, { id })
    return row === undefined ? null : fromRow(row)
  }

  /** Slots that the account with this phone-number JID or LID is linked to, oldest first. */
  async linkedTo(db: Db, account: Jid): Promise<Device[]> {
    const rows = await db
      .selectFrom('devices')
      .selectAll()
      .where((where) => where.or([where('jid', '=', account), where('lid', '=', account)]))
      .where('is_linked', '=', 1)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(fromRow)
  }

  /** Adds an empty slot; resolves to false when the id is taken. */
  async insert(tx: Tx, id: DeviceId, at: Date): Promise<boolean> {
    const newest = await tx
      .selectFrom('devices')
      .select((select) => select.fn.max('created_at').as('created_at'))
      .executeTakeFirst()
    // Two slots of one millisecond keep their order all the same.
    const createdAt = Math.max(at.getTime(), Number(newest?.created_at ?? 0) + 1)
    const row = await tx
      .insertInto('devices')
      .values({
        id,
        display_name: '',
        jid: '',
        lid: '',
        is_linked: 0,
        last_close_reason: '',
        event_seq: 0,
        epoch: 0,
        created_at: createdAt,
        updated_at: at.getTime(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  /** Notes what people call it; resolves to false for an unknown slot. */
  async setName(tx: Tx, id: DeviceId, name: string, at: Date): Promise<boolean> {
    const row = await tx
      .updateTable('devices')
      .set({ name, updated_at: at.getTime() })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  /** Notes who is linked. A name that is not known leaves the same account's former one. */
  async setAccount(tx: Tx, id: DeviceId, account: Account, at: Date): Promise<void> {
    await tx
      .updateTable('devices')
      .set((set) => ({
        display_name:
          account.pushName !== ''
            ? account.pushName
            : set.case().when('jid', '=', account.jid).then(set.ref('display_name')).else('').end(),
        jid: account.jid,
        lid: account.lid ?? '',
        is_linked: 1,
        last_close_reason: '',
        updated_at: at.getTime(),
      }))
      .where('id', '=', id)
      .execute()
  }

  /** Notes why a connection ended; the link stays. */
  async setCloseReason(tx: Tx, id: DeviceId, reason: string, at: Date): Promise<void> {
    await tx
      .updateTable('devices')
      .set({ last_close_reason: reason, updated_at: at.getTime() })
      .where('id', '=', id)
      .execute()
  }

  /** Notes that the link is gone. The account stays named: its history is still there. */
  async setUnlinked(tx: Tx, id: DeviceId, reason: string, at: Date): Promise<void> {
    await tx
      .updateTable('devices')
      .set({ is_linked: 0, last_close_reason: reason, updated_at: at.getTime() })
      .where('id', '=', id)
      .execute()
  }

  /** Deletes at most `limit` of the device's rows in one large table; resolves to how many went. */
  async deleteSome(tx: Tx, table: LargeTable, id: DeviceId, limit: number): Promise<number> {
    const key = sql.join(largeTables[table].map((column) => sql.ref(column)))
    const name = sql.table(table)
    const result = await sql`
      delete from ${name} where (${key}) in (select ${key} from ${name} where device_id = ${id} limit ${limit})
    `.execute(tx)
    return Number(result.numAffectedRows ?? 0)
  }

  /** Deletes the slot and every row that belongs to it. */
  async deleteEverything(tx: Tx, id: DeviceId): Promise<void> {
    for (const table of tablesOfDevices) {
      await sql`delete from ${sql.table(table)} where device_id = ${id}`.execute(tx)
    }
    await tx.deleteFrom('devices').where('id', '=', id).execute()
  }
}

interface DeviceRow {
  readonly id: string
  readonly name: string
  readonly display_name: string
  readonly jid: string
  readonly lid: string
  readonly is_linked: number
  readonly last_close_reason: string
  readonly created_at: number
}

const selectById = new PreparedQuery((db, values: { readonly id: DeviceId }) =>
  db.selectFrom('devices').selectAll().where('id', '=', values.id),
)

function fromRow(row: DeviceRow): Device {
  return {
    id: asDeviceId(row.id),
    name: row.name,
    displayName: row.display_name,
    jid: toJid(row.jid),
    lid: toJid(row.lid),
    isLinked: row.is_linked === 1,
    lastCloseReason: row.last_close_reason,
    createdAt: new Date(row.created_at),
  }
}
