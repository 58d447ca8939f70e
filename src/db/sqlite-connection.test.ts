import { type CompiledQuery, Kysely, type QueryResult } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from './database.ts'
import { SqliteRoutingDriver, sqliteDialect } from './sqlite-connection.ts'

test('a read that has seen a commit is answered once that is on disk, also when it was asked before the commit', async () => {
  const disk = Promise.withResolvers<void>()
  let syncing: Promise<void> | null = null
  const order: string[] = []
  const db = new Kysely<Database>({
    dialect: sqliteDialect(
      new SqliteRoutingDriver({
        reader: {
          async executeQuery<R>(_query: CompiledQuery): Promise<QueryResult<R>> {
            // A commit was made between the question and this look at the file.
            syncing = disk.promise
            order.push('seen')
            return { rows: [] }
          },
        },
        write: () => Promise.reject(new Error('nothing is written here')),
        durable: () => syncing,
      }),
    ),
  })
  const told = db
    .selectFrom('settings')
    .select('name')
    .execute()
    .then(() => order.push('told'))
  await expect.poll(() => order).toEqual(['seen'])
  order.push('on disk')
  disk.resolve()
  await told
  expect(order).toEqual(['seen', 'on disk', 'told'])
})
