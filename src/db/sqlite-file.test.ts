import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import type { SchemaMigration } from './migration.ts'
import { migrations } from './migrations.ts'
import { openDatabase } from './open-database.ts'
import { sqliteFilePath } from './sqlite-path.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatewa-db-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const open = (uri = '', version = '1.0.0', steps = migrations) =>
  openDatabase({ uri, dataDir, version, migrations: steps }, silentLogger)

const secondStep: SchemaMigration = {
  name: '0002-second-step',
  up: async (db) => {
    await db.schema.alterTable('devices').addColumn('colour', 'text').execute()
  },
}

describe('the file that a URI means', () => {
  test.each([
    ['', '/data/gatewa.db'],
    ['file:storages/x.db?_foreign_keys=on', '/data/storages/x.db'],
    ['file:/abs/x.db', '/abs/x.db'],
    ['file:///abs/x%20y.db?mode=rwc', '/abs/x y.db'],
    ['plain.db', '/data/plain.db'],
    ['/abs/plain.db', '/abs/plain.db'],
    [':memory:', ':memory:'],
    ['file::memory:', ':memory:'],
  ])('%j is %s', (uri, path) => {
    expect(sqliteFilePath(uri, '/data')).toBe(path)
  })

  test('a URI with the quotes of a container environment is understood', async () => {
    const database = await open('"file:quoted.db"')
    await database.close()
    expect(readdirSync(dataDir)).toContain('quoted.db')
  })
})

test('directory and files are private to the user, also when they were not', async () => {
  chmodSync(dataDir, 0o755)
  writeFileSync(join(dataDir, 'gatewa.db'), '', { mode: 0o644 })
  const database = await open('')
  await database.inTransaction((tx) =>
    tx.insertInto('settings').values({ name: 'a', value: 'b', updated_at: 1 }).execute(),
  )
  const modes = Object.fromEntries(
    readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).mode & 0o777]),
  )
  expect(modes).toEqual({
    'gatewa.db': 0o600,
    'gatewa.db-shm': 0o600,
    'gatewa.db-wal': 0o600,
    'gatewa.db.lock': 0o600,
    'gatewa.db.pid': 0o600,
  })
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  await database.close()
})

test('a directory that holds other things stays as it is, its files are private all the same', async () => {
  writeFileSync(join(dataDir, 'holiday.jpg'), '')
  chmodSync(dataDir, 0o755)
  const database = await open()
  expect(statSync(dataDir).mode & 0o777).toBe(0o755)
  expect(statSync(join(dataDir, 'gatewa.db')).mode & 0o777).toBe(0o600)
  await database.close()
})

test('what was committed is there after reopening, and reads run beside the writer', async () => {
  const first = await open()
  await first.inTransaction((tx) =>
    tx.insertInto('settings').values({ name: 'a', value: 'b', updated_at: 1 }).execute(),
  )
  const insideOfWork = await first.inTransaction(async (tx) => {
    await tx.insertInto('settings').values({ name: 'c', value: 'd', updated_at: 1 }).execute()
    return first.db.selectFrom('settings').select('name').execute()
  })
  expect(insideOfWork).toEqual([{ name: 'a' }])
  await first.close()
  await first.close()
  await expect(first.inTransaction(async () => 1)).rejects.toMatchObject({ code: 'shutting_down' })
  const second = await open()
  expect(await second.db.selectFrom('settings').select('name').orderBy('name').execute()).toEqual([
    { name: 'a' },
    { name: 'c' },
  ])
  await second.close()
})

test('a long read in its own thread sees what is committed, in any script, and holds nobody up', async () => {
  const database = await open()
  await database.inTransaction((tx) =>
    tx.insertInto('settings').values({ name: 'a', value: 'ÄÖ', updated_at: 1 }).execute(),
  )
  const found = await database.scanDb
    .selectFrom('settings')
    .selectAll()
    .where((where) => where(where.fn<string>('lower', ['value']), '=', 'äö'))
    .execute()
  expect(found).toEqual([{ name: 'a', value: 'ÄÖ', updated_at: 1 }])

  let hasAnswered = false
  const count = sql<number>`(with recursive n(i) as (select 1 union all select i + 1 from n limit 3000000) select max(i) from n)`
  const long = database.scanDb
    .selectFrom('settings')
    .select(count.as('n'))
    .where('name', '=', 'a')
    .execute()
    .finally(() => {
      hasAnswered = true
    })
  await database.ping()
  // Another row: nobody knows whether the read has begun yet.
  await database.inTransaction((tx) =>
    tx.insertInto('settings').values({ name: 'b', value: 'B', updated_at: 1 }).execute(),
  )
  expect(hasAnswered).toBe(false)
  expect(await long).toEqual([{ n: 3_000_000 }])
  await database.close()
  const late = database.scanDb.selectFrom('settings').selectAll().execute()
  await expect(late).rejects.toMatchObject({ code: 'shutting_down' })
})

test('a failed read in its own thread rejects with its error', async () => {
  const database = await open()
  const failing = database.scanDb.selectFrom('settings').select(sql`no_such_function()`.as('x')).execute()
  await expect(failing).rejects.toThrow('no_such_function')
  await database.close()
})

test('a second process is refused by name, and a kill -9 leaves no lock behind', async () => {
  const script = `
    import { openDatabase } from ${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)}
    import { silentLogger } from ${JSON.stringify(new URL('../core/logger.ts', import.meta.url).href)}
    await openDatabase({ uri: '', dataDir: ${JSON.stringify(dataDir)}, version: '1.0.0' }, silentLogger)
    process.stdout.write('open')
    process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  await expect(open()).rejects.toMatchObject({
    code: 'database_refused',
    message: expect.stringContaining(`(pid ${child.pid})`) as string,
  })
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  const database = await open()
  await database.ping()
  await database.close()
})

test('what was reported as committed survives a kill -9 at any instant', async () => {
  const script = `
    import { openDatabase } from ${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)}
    import { silentLogger } from ${JSON.stringify(new URL('../core/logger.ts', import.meta.url).href)}
    const options = { uri: '', dataDir: ${JSON.stringify(dataDir)}, version: '1.0.0' }
    const { inTransaction } = await openDatabase(options, silentLogger)
    const write = async (lane) => {
      for (let n = 0; ; n += 1) {
        const name = lane + '.' + n
        await inTransaction((tx) => tx.insertInto('settings').values({ name, value: '', updated_at: 1 }).execute())
        process.stdout.write(name + '\\n')
      }
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(write))`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    if (output.length > 3000) child.kill('SIGKILL')
  }
  const reported = output.split('\n').slice(0, -1)
  expect(reported.length).toBeGreaterThan(100)
  const database = await open()
  const rows = await database.db.selectFrom('settings').select('name').execute()
  const names = new Set(rows.map((row) => row.name))
  expect(reported.filter((name) => !names.has(name))).toEqual([])
  await database.close()
})

test('a second opening in the same process is refused too, and leaves the first its lock', async () => {
  const first = await open()
  await expect(open()).rejects.toMatchObject({ code: 'database_refused' })
  await expect(open()).rejects.toMatchObject({ code: 'database_refused' })
  expect(readFileSync(join(dataDir, 'gatewa.db.pid'), 'utf8').trim()).toBe(String(process.pid))
  await first.close()
})

test.each([
  ["the reference's sessions", 'whatsmeow_device'],
  ["the reference's chats", 'chats'],
  ['any other program', 'customers'],
])('a file with the tables of %s is refused and not touched', async (_title, table) => {
  const path = join(dataDir, 'whatsapp.db')
  const foreign = new SqliteDatabase(path)
  foreign.exec(`create table ${table} (jid text); insert into ${table} values (1)`)
  foreign.close()
  const before = readFileSync(path)
  await expect(open('file:whatsapp.db?_foreign_keys=on')).rejects.toMatchObject({
    code: 'database_refused',
    message: expect.stringContaining(table) as string,
  })
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(dataDir)).toEqual(['whatsapp.db'])
})

test('a directory that cannot be made is named', async () => {
  const file = join(dataDir, 'a-file')
  writeFileSync(file, '')
  for (const [dir, uri] of [
    [join(file, 'data'), ''],
    [file, ''],
    [dataDir, `file:${file}/deeper/x.db`],
  ] as const) {
    const opening = openDatabase({ uri, dataDir: dir, version: '1.0.0' }, silentLogger)
    await expect(opening).rejects.toMatchObject({
      code: 'database_refused',
      message: expect.stringContaining(file) as string,
    })
  }
})

test('a file that is no database is refused', async () => {
  writeFileSync(
    join(dataDir, 'notes.txt'),
    'this is not a database, it only looks long enough to be read as one',
  )
  await expect(open('notes.txt')).rejects.toMatchObject({ code: 'database_refused' })
})

test('an upgrade keeps a copy of the file from before', async () => {
  const old = await open('', '1.0.0')
  await old.inTransaction((tx) =>
    tx.insertInto('settings').values({ name: 'a', value: 'b', updated_at: 1 }).execute(),
  )
  await old.close()
  const upgraded = await open('', '1.1.0', [...migrations, secondStep])
  await upgraded.close()
  const copyPath = join(dataDir, 'gatewa.db.before-0002-second-step.bak')
  expect(statSync(copyPath).mode & 0o777).toBe(0o600)
  const copy = new SqliteDatabase(copyPath, { readonly: true })
  expect(copy.prepare('select value from settings').pluck().all()).toEqual(['b'])
  expect(copy.prepare('select name from schema_migrations').pluck().all()).toEqual(
    migrations.map(({ name }) => name),
  )
  copy.close()
  const backAgain = await open('', '1.1.0', [...migrations, secondStep])
  await backAgain.close()
  expect(readdirSync(dataDir).filter((name) => name.endsWith('.bak'))).toHaveLength(1)
})

test('a step that fails leaves the database as it was, and can be tried again', async () => {
  await (await open()).close()
  const broken: SchemaMigration = {
    name: '0002-second-step',
    up: async (db) => {
      await db.schema.alterTable('devices').addColumn('colour', 'text').execute()
      throw new Error('disk on fire')
    },
  }
  await expect(open('', '1.1.0', [...migrations, broken])).rejects.toThrow('disk on fire')
  const database = await open('', '1.1.0', [...migrations, secondStep])
  await database.close()
})

test('a database of a newer program is refused, naming both versions', async () => {
  await (await open('', '2.0.0', [...migrations, secondStep])).close()
  await expect(open('', '1.0.0')).rejects.toMatchObject({
    code: 'database_refused',
    message: expect.stringMatching(/version 2\.0\.0.*0002-second-step.*version 1\.0\.0/) as string,
  })
})
