import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, inject } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import type { Dialect } from './migration.ts'
import { type OpenDatabase, openDatabase } from './open-database.ts'

/** The engines that tests run on: both, or what the environment's DIALECTS lists (`sqlite,postgres`). */
export function testDialects(): readonly Dialect[] {
  const all: readonly Dialect[] = ['sqlite', 'postgres']
  const wanted = (process.env.DIALECTS ?? '').split(',').filter((name) => name !== '')
  return wanted.length === 0 ? all : all.filter((dialect) => wanted.includes(dialect))
}

/** A database made for one test, named by a URI that also another process can open (not for `:memory:`). */
export interface TestDatabase {
  readonly uri: string
  /** Deletes it; whoever has it open must have closed it. */
  readonly drop: () => Promise<void>
}

/** Makes an empty database: in memory for SQLite, a new one on the run's server for PostgreSQL. */
export async function createTestDatabase(dialect: Dialect): Promise<TestDatabase> {
  if (dialect === 'sqlite') return { uri: ':memory:', drop: async () => undefined }
  const server = await postgresServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${name} template gatewa_template strategy file_copy`)
  return { uri: `${server}/${name}`, drop: () => runOn(server, `drop database ${name} with (force)`) }
}

/**
 * Declares `suite` once per engine. `open` gives a fresh, migrated database; one opened in a test (or beforeEach) is
 * closed and dropped after it, one opened in beforeAll at the suite's end.
 */
export function describeEachDialect(
  title: string,
  suite: (open: () => Promise<OpenDatabase>, dialect: Dialect) => void,
): void {
  describe.each(testDialects())(`${title} (%s)`, (dialect) => {
    const ofTest: (() => Promise<void>)[] = []
    const ofSuite: (() => Promise<void>)[] = []
    let isInTest = false
    beforeEach(() => {
      isInTest = true
    })
    afterEach(async () => {
      isInTest = false
      for (const end of ofTest.splice(0).reverse()) await end()
    })
    afterAll(async () => {
      for (const end of ofSuite.splice(0).reverse()) await end()
    })
    suite(async () => {
      const { uri, drop } = await createTestDatabase(dialect)
      const opened = await openDatabase({ uri, dataDir: tmpdir(), version: 'test' }, silentLogger)
      ;(isInTest ? ofTest : ofSuite).push(async () => {
        await opened.close()
        await drop()
      })
      return opened
    }, dialect)
  })
}

async function postgresServer(): Promise<string> {
  const response = await fetch(inject('postgresOnDemand'))
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return answer
}

async function runOn(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
