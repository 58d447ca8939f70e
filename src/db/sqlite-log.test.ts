import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import { openDatabase } from './open-database.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatewa-log-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('the log is carried over beside the writer and begins anew, and what was written is there afterwards', async () => {
  const open = () => openDatabase({ uri: '', dataDir, version: '1.0.0' }, silentLogger)
  const database = await open()
  const value = 'x'.repeat(2_000)
  // 40 MB in all, every row of a commit new: the log alone would be larger.
  for (let part = 0; part < 40; part += 1) {
    await database.inTransaction(async (tx) => {
      const rows = Array.from({ length: 500 }, (_, index) => ({
        name: `${part}/${index}`,
        value,
        updated_at: 1,
      }))
      for (const row of rows) await tx.insertInto('settings').values(row).execute()
    })
  }
  expect(statSync(join(dataDir, 'gatewa.db')).size).toBeGreaterThan(10_000_000)
  await database.close()
  const again = await open()
  const { count } = await again.db
    .selectFrom('settings')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(count).toBe(20_000)
  await again.close()
})
