import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import type { TestProject } from 'vitest/node'
import { toError } from '../src/core/app-error.ts'
import { silentLogger } from '../src/core/logger.ts'
import { openDatabase } from '../src/db/open-database.ts'
import { PostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the URI of the run's PostgreSQL server, which it starts when first asked. */
    postgresOnDemand: string
  }
}

/** One PostgreSQL server for the whole test run, started when the first test asks for it and stopped at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<PostgresServer> | null = null
  const server = createServer((_request, response) => {
    started ??= startWithTemplate()
    started.then(
      ({ uri }) => response.end(uri),
      (error: unknown) => response.writeHead(500).end(toError(error).message),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  project.provide('postgresOnDemand', `http://127.0.0.1:${port}`)
  return async () => {
    server.closeAllConnections()
    server.close()
    // A server that did not start was reported by the tests that asked for it.
    const running = await started?.catch(() => null)
    await running?.stop()
  }
}

async function startWithTemplate(): Promise<PostgresServer> {
  const server = await PostgresServer.start({ keepsCommits: false })
  const uri = await server.createDatabase('gatewa_template')
  const template = await openDatabase({ uri, dataDir: tmpdir(), version: 'test' }, silentLogger)
  await template.close()
  return server
}
