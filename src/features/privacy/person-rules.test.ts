import { expect, it } from 'vitest'
import type { OpenDatabase } from '../../db/open-database.ts'
import { derivedTables, migrationsTable } from '../../db/snapshot-rows.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { followOthers, goWithThePerson, listsOfPeople, nameNobody } from './person-rules.ts'

describeEachDialect('rules about people', (open) => {
  it('say of every table how it names people, or that it does not', async () => {
    const database: OpenDatabase = await open()
    const tables = (await database.db.introspection.getTables()).map(({ name }) => name)
    const ruled = [...goWithThePerson, ...listsOfPeople].map(({ table }) => table)
    ruled.push(...followOthers, ...nameNobody)
    const ofOurs = tables.filter((table) => table !== migrationsTable && !derivedTables.test(table))
    expect(ofOurs.toSorted()).toEqual(ruled.toSorted())
  })
})
