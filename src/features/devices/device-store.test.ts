import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { asDeviceId } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { aFakeAccount } from '../../whatsapp/fake-session.ts'
import { DeviceStore, largeTableNames, tablesOfDevices } from './device-store.ts'

describeEachDialect('device store', (open) => {
  const store = new DeviceStore()
  const at = new Date('2026-01-01T00:00:00Z')
  const one = asDeviceId('one')
  const two = asDeviceId('two')

  /** The audit log outlives the devices that it tells of. */
  async function tablesOf(db: Db) {
    const tables = await db.introspection.getTables()
    return tables.filter(
      ({ name, columns }) => name !== 'audit_log' && columns.some((column) => column.name === 'device_id'),
    )
  }

  /** Puts a row of the device into every table that has a `device_id`, whatever its columns are. */
  async function fill(db: Db, deviceId: string): Promise<void> {
    for (const table of await tablesOf(db)) {
      const columns = table.columns.filter((column) => !column.isAutoIncrementing && !column.hasDefaultValue)
      const values = columns.map((column) => {
        if (column.name === 'device_id') return deviceId
        if (/blob|bytea/i.test(column.dataType)) return Buffer.from([1])
        return /text|char/i.test(column.dataType) ? `${deviceId}-${column.name}` : 1
      })
      const names = sql.join(columns.map((column) => sql.ref(column.name)))
      await sql`insert into ${sql.table(table.name)} (${names}) values (${sql.join(values)})`.execute(db)
    }
  }

  async function rowsOf(db: Db, deviceId: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { name: table } of await tablesOf(db)) {
      const { rows } = await sql<{ n: number | string }>`
        select count(*) as n from ${sql.table(table)} where device_id = ${deviceId}
      `.execute(db)
      counts[table] = Number(rows[0]?.n)
    }
    return counts
  }

  it('knows every table that holds rows of a device', async () => {
    const { db } = await open()
    expect([...tablesOfDevices].sort()).toEqual((await tablesOf(db)).map(({ name }) => name).sort())
  })

  it('deletes everything of one device and nothing of another', async () => {
    const { db, inTransaction } = await open()
    for (const id of [one, two]) {
      await inTransaction((tx) => store.insert(tx, id, at))
      await fill(db, id)
    }
    const before = await rowsOf(db, two)
    expect(new Set(Object.values(await rowsOf(db, one)))).toEqual(new Set([1]))
    await inTransaction((tx) => store.deleteEverything(tx, one))
    expect(new Set(Object.values(await rowsOf(db, one)))).toEqual(new Set([0]))
    expect(await rowsOf(db, two)).toEqual(before)
    expect((await store.all(db)).map((device) => device.id)).toEqual([two])
  })

  it.each(largeTableNames)('deletes rows of %s in parts, of that device only', async (table) => {
    const { db, inTransaction } = await open()
    for (const id of [one, two]) await fill(db, id)
    expect(await inTransaction((tx) => store.deleteSome(tx, table, one, 10))).toBe(1)
    expect(await inTransaction((tx) => store.deleteSome(tx, table, one, 10))).toBe(0)
    expect((await rowsOf(db, two))[table]).toBe(1)
  })

  it('lists slots in the order of their creation, also those of one moment', async () => {
    const { db, inTransaction } = await open()
    const ids = ['zebra', 'ant', 'Bee', 'cow'].map(asDeviceId)
    for (const id of ids) expect(await inTransaction((tx) => store.insert(tx, id, at))).toBe(true)
    expect(await inTransaction((tx) => store.insert(tx, asDeviceId('ant'), at))).toBe(false)
    expect((await store.all(db)).map((device) => device.id)).toEqual(ids)
  })

  it('finds slots by the account that is linked to them, as phone number or LID', async () => {
    const { db, inTransaction } = await open()
    const account = aFakeAccount('628111', 'Ani')
    for (const id of [one, two]) await inTransaction((tx) => store.insert(tx, id, at))
    await inTransaction((tx) => store.setAccount(tx, one, account, at))
    expect((await store.linkedTo(db, account.jid)).map((device) => device.id)).toEqual([one])
    expect(account.lid === null ? [] : await store.linkedTo(db, account.lid)).toHaveLength(1)
    await inTransaction((tx) => store.setUnlinked(tx, one, 'logged-out', at))
    expect(await store.linkedTo(db, account.jid)).toEqual([])
    expect(await store.find(db, one)).toMatchObject({ jid: account.jid, lastCloseReason: 'logged-out' })
  })

  it('keeps the name of the same account when it is not told again, and no other account’s', async () => {
    const { db, inTransaction } = await open()
    await inTransaction((tx) => store.insert(tx, one, at))
    const name = async (phone: string, pushName: string) => {
      await inTransaction((tx) => store.setAccount(tx, one, aFakeAccount(phone, pushName), at))
      return (await store.find(db, one))?.displayName
    }
    expect(await name('628111', 'Ani')).toBe('Ani')
    expect(await name('628111', '')).toBe('Ani')
    expect(await name('628222', '')).toBe('')
  })
})
