import { expect, test } from 'vitest'
import type { Db } from './database.ts'
import { PreparedQuery } from './prepared-query.ts'
import { describeEachDialect } from './test-database.ts'

const aDevice = (id: string) => ({
  id,
  name: '',
  display_name: '',
  jid: '',
  lid: '',
  is_linked: 0,
  last_close_reason: '',
  event_seq: 0,
  epoch: 0,
  created_at: 1_764_000_000_000,
  updated_at: 1_764_000_000_000,
})

describeEachDialect('transactions', (open) => {
  test('a committed work can be read, times as numbers and bytes as bytes', async () => {
    const { db, inTransaction } = await open()
    await inTransaction(async (tx) => {
      await tx.insertInto('devices').values(aDevice('one')).execute()
      await tx
        .insertInto('credentials')
        .values({ device_id: 'one', body: new Uint8Array([0, 1, 255]), epoch: 1, updated_at: 5 })
        .execute()
    })
    const device = await db.selectFrom('devices').selectAll().executeTakeFirstOrThrow()
    expect(device).toEqual(aDevice('one'))
    const credentials = await db.selectFrom('credentials').select('body').executeTakeFirstOrThrow()
    expect(credentials.body).toEqual(Buffer.from([0, 1, 255]))
  })

  test('a work that fails undoes itself and nobody else', async () => {
    const { db, inTransaction } = await open()
    const outcomes = await Promise.allSettled([
      inTransaction((tx) => tx.insertInto('devices').values(aDevice('first')).execute()),
      inTransaction(async (tx) => {
        await tx.insertInto('devices').values(aDevice('undone')).execute()
        throw new Error('changed my mind')
      }),
      inTransaction((tx) => tx.insertInto('devices').values(aDevice('last')).execute()),
    ])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const rows = await db.selectFrom('devices').select('id').orderBy('id').execute()
    expect(rows.map((row) => row.id)).toEqual(['first', 'last'])
  })

  test('a failed statement of a work rejects with its error and the rest is committed', async () => {
    const { db, inTransaction } = await open()
    await inTransaction((tx) => tx.insertInto('devices').values(aDevice('one')).execute())
    const again = inTransaction((tx) => tx.insertInto('devices').values(aDevice('one')).execute())
    const other = inTransaction((tx) => tx.insertInto('devices').values(aDevice('two')).execute())
    await expect(again).rejects.toThrow(/unique|duplicate/i)
    await other
    expect(await db.selectFrom('devices').select('id').execute()).toHaveLength(2)
  })

  test('many works at once are all committed, each with its own result', async () => {
    const { db, inTransaction } = await open()
    const ids = Array.from({ length: 600 }, (_, index) => `device-${index}`)
    const results = await Promise.all(
      ids.map((id) =>
        inTransaction(async (tx) => {
          await tx.insertInto('devices').values(aDevice(id)).execute()
          return id
        }),
      ),
    )
    expect(results).toEqual(ids)
    const { count } = await db
      .selectFrom('devices')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(600)
  })

  test('a NUL character in what is looked up finds nothing', async () => {
    const { db } = await open()
    await db.insertInto('devices').values(aDevice('one')).execute()
    const byId = new PreparedQuery((on: Db, values: { readonly id: string }) =>
      on.selectFrom('devices').select('id').where('id', '=', values.id),
    )
    expect(await byId.all(db, { id: 'one' })).toEqual([{ id: 'one' }])
    for (const id of ['one\0', '\0', 'o\0ne']) {
      expect(await db.selectFrom('devices').select('id').where('id', '=', id).execute()).toEqual([])
      expect(await byId.all(db, { id })).toEqual([])
    }
  })

  test('writing and reading outside a transaction works too', async () => {
    const { db, ping } = await open()
    await db.insertInto('devices').values(aDevice('one')).execute()
    const updated = await db.updateTable('devices').set({ lid: '1@lid' }).executeTakeFirstOrThrow()
    expect(updated.numUpdatedRows).toBe(1n)
    expect(await db.selectFrom('devices').select('lid').execute()).toEqual([{ lid: '1@lid' }])
    await ping()
  })
})
