import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import type { Dialect } from './migration.ts'
import { migrations } from './migrations.ts'
import { type OpenDatabase, openDatabase } from './open-database.ts'
import { createTestDatabase, testDialects } from './test-database.ts'

/** Opens one and the same database, empty at first, with the steps of the schema that a program knows. */
async function aDatabase(dialect: Dialect): Promise<(steps: typeof migrations) => Promise<OpenDatabase>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-steps-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  if (dialect === 'sqlite')
    return (steps) => openDatabase({ uri: '', dataDir, version: 'test', migrations: steps }, silentLogger)
  const { uri, drop } = await createTestDatabase(dialect)
  onTestFinished(drop)
  const made = await openDatabase({ uri, dataDir, version: 'test' }, silentLogger)
  await sql`drop schema public cascade`.execute(made.db)
  await sql`create schema public`.execute(made.db)
  await made.close()
  return (steps) => openDatabase({ uri, dataDir, version: 'test', migrations: steps }, silentLogger)
}

describe.each(testDialects())('an upgrade (%s)', (dialect) => {
  it('keeps what is known of the media of messages, as that of their first file', async () => {
    const open = await aDatabase(dialect)
    const before = await open(
      migrations.slice(
        0,
        migrations.findIndex(({ name }) => name.startsWith('0015')),
      ),
    )
    for (const [message, state, ref] of [
      ['A', 'wanted', null],
      ['B', 'done', 'x.jpg'],
    ])
      await sql`insert into media_downloads values
        ('main', 'me', ${message}, 'chat', 'key', ${state}, 2, 3, null, ${ref}, 4, 5)`.execute(before.db)
    await before.close()

    const after = await open(migrations)
    onTestFinished(() => after.close())
    const rows = await after.db.selectFrom('media_downloads').selectAll().orderBy('message_id').execute()
    const rest = {
      device_id: 'main',
      account: 'me',
      position: 0,
      lane: 'chat',
      event_key: 'key',
      attempts: 2,
    }
    const times = { next_attempt_at: 3, created_at: 4, updated_at: 5 }
    expect(rows).toEqual([
      { ...rest, ...times, message_id: 'A', state: 'wanted', failure: null, ref: null },
      { ...rest, ...times, message_id: 'B', state: 'done', failure: null, ref: 'x.jpg' },
    ])
  })
})
