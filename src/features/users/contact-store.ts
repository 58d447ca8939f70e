import type { Selectable } from 'kysely'
import { toTextColumn } from '../../db/column-values.ts'
import type { Database, Db, Tx } from '../../db/database.ts'
import { PreparedQuery } from '../../db/prepared-query.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'
import type { Contact } from './contact.ts'

/** Rows of `contacts`. */
export class ContactStore {
  /** The contact with this JID, in either form. */
  async find(db: Db, scope: AccountScope, jid: Jid): Promise<Contact | null> {
    const values = { ...scope, jid }
    const byLid = async () => (jid.endsWith('@lid') ? selectByLid.first(db, values) : undefined)
    const row = (await selectByJid.first(db, values)) ?? (await byLid())
    return row === undefined ? null : fromRow(row)
  }

  /** The contacts with one of these JIDs, in either form. */
  async findMany(db: Db, scope: AccountScope, jids: readonly Jid[]): Promise<Contact[]> {
    if (jids.length === 0) return []
    const byJid = await ofAccount(db, scope).where('jid', 'in', jids).execute()
    const lids = jids.filter((jid) => jid.endsWith('@lid'))
    const byLid = lids.length === 0 ? [] : await ofAccount(db, scope).where('lid', 'in', lids).execute()
    const rows = new Map([...byJid, ...byLid].map((row) => [row.jid, row]))
    return [...rows.values()].map(fromRow)
  }

  /** Every contact of the account, in order of JID. */
  async list(db: Db, scope: AccountScope): Promise<Contact[]> {
    const rows = await ofAccount(db, scope).orderBy('jid').execute()
    return rows.map(fromRow)
  }

  /** Adds or replaces contacts, each with a JID of its own. */
  async save(tx: Tx, scope: AccountScope, contacts: readonly Contact[], at: Date): Promise<void> {
    if (contacts.length === 0) return
    await tx
      .insertInto('contacts')
      .values(
        contacts.map((contact) => ({
          device_id: scope.deviceId,
          account: scope.account,
          jid: contact.jid,
          lid: contact.lid,
          name: toTextColumn(contact.name),
          push_name: toTextColumn(contact.pushName),
          verified_name: toTextColumn(contact.verifiedName),
          updated_at: at.getTime(),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['device_id', 'account', 'jid']).doUpdateSet((set) => ({
          lid: set.ref('excluded.lid'),
          name: set.ref('excluded.name'),
          push_name: set.ref('excluded.push_name'),
          verified_name: set.ref('excluded.verified_name'),
          updated_at: set.ref('excluded.updated_at'),
        })),
      )
      .execute()
  }

  /** Removes contacts, as far as they are there. */
  async delete(tx: Tx, scope: AccountScope, jids: readonly Jid[]): Promise<void> {
    if (jids.length === 0) return
    await tx
      .deleteFrom('contacts')
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('jid', 'in', jids)
      .execute()
  }
}

interface ByJid extends AccountScope {
  readonly jid: string
}

const selectByJid = new PreparedQuery((db, values: ByJid) =>
  ofAccount(db, values).where('jid', '=', values.jid),
)

const selectByLid = new PreparedQuery((db, values: ByJid) =>
  ofAccount(db, values).where('lid', '=', values.jid),
)

function ofAccount(db: Db, scope: AccountScope) {
  return db
    .selectFrom('contacts')
    .selectAll()
    .where('device_id', '=', scope.deviceId)
    .where('account', '=', scope.account)
}

function fromRow(row: Selectable<Database['contacts']>): Contact {
  return {
    jid: fromStoredJid(row.jid),
    lid: row.lid === null ? null : fromStoredJid(row.lid),
    name: row.name,
    pushName: row.push_name,
    verifiedName: row.verified_name,
  }
}
