import { expect, test } from 'vitest'
import { PreparedQuery, rowOf } from './prepared-query.ts'
import { describeEachDialect } from './test-database.ts'

interface Setting {
  readonly name: string
  readonly value: string
  readonly updated_at: number
}

describeEachDialect('a prepared query', (open) => {
  test('runs with the values of each use, in transactions and outside, on several databases', async () => {
    const insert = new PreparedQuery((db, row: Setting) =>
      db
        .insertInto('settings')
        .values(rowOf(row, ['name', 'value', 'updated_at']))
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: row.value })),
    )
    const select = new PreparedQuery((db, values: Pick<Setting, 'name'>) =>
      db.selectFrom('settings').select(['name', 'value']).where('name', '=', values.name),
    )
    for (const database of [await open(), await open()]) {
      await insert.run(database.db, { name: 'a', value: 'first', updated_at: 1 })
      await database.inTransaction(async (tx) => {
        expect(await insert.run(tx, { name: 'a', value: 'second', updated_at: 2 })).toBe(1)
        await insert.run(tx, { name: 'b', value: 'other', updated_at: 2 })
        expect(await select.first(tx, { name: 'a' })).toEqual({ name: 'a', value: 'second' })
      })
      expect(await select.all(database.db, { name: 'b' })).toEqual([{ name: 'b', value: 'other' }])
      expect(await select.first(database.db, { name: 'c' })).toBeUndefined()
    }
  })
})
