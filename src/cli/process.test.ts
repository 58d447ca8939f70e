import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandProcess, commandLine } from './command-process.ts'

const root = join(import.meta.dirname, '../..')

describe('the gateway as a process', () => {
  let dataDir: string
  let running: CommandProcess[]

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatewa-process-'))
    running = []
  })

  afterEach(async () => {
    for (const process of running) process.signal('SIGKILL')
    await Promise.all(running.map((process) => process.exitCode()))
    await rm(dataDir, { recursive: true, force: true })
  })

  function run(...args: string[]): CommandProcess {
    const process = new CommandProcess([commandLine, ...args])
    running.push(process)
    return process
  }

  const serve = () => run('serve', '--port', '0', '--data-dir', dataDir)

  async function addressOf(gateway: CommandProcess): Promise<string> {
    const entry = JSON.parse(await gateway.prints('gateway is listening')) as { address: string } // our own log line
    return entry.address
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves, and on %s stops cleanly well within 10 s',
    async (signal) => {
      const gateway = serve()
      const answer = await fetch(`${await addressOf(gateway)}/health`)
      expect(answer.status).toBe(200)
      const asked = performance.now()
      gateway.signal(signal)
      expect(await gateway.exitCode()).toBe(0)
      expect(performance.now() - asked).toBeLessThan(9_000)
      expect(gateway.output).toContain('"stopped"')
    },
  )

  it('logs where the data lies, as an absolute path', async () => {
    const gateway = serve()
    expect(await gateway.prints('gateway is listening')).toContain(JSON.stringify(dataDir))
  })

  it('refuses a second process on the same SQLite file with a sentence, and starts after a kill -9', async () => {
    const first = serve()
    await addressOf(first)
    const second = serve()
    expect(await second.exitCode()).toBe(1)
    expect(second.output).toContain('is in use by another Gatewa process')
    expect(second.output).not.toContain('    at ')
    first.signal('SIGKILL')
    await first.exitCode()
    await addressOf(serve())
  })

  it('says that the port is taken', async () => {
    const port = new URL(await addressOf(serve())).port
    const other = await mkdtemp(join(tmpdir(), 'gatewa-process-'))
    const second = run('serve', '--port', port, '--data-dir', other)
    expect(await second.exitCode()).toBe(1)
    expect(second.output).toContain(`port ${port} on 127.0.0.1 is taken`)
    await rm(other, { recursive: true, force: true })
  })

  it('reports every mistake of the configuration at once and exits with 1', async () => {
    const gateway = run('serve', '--port', 'eighty', '--host', '0.0.0.0', '--base-path', 'x')
    expect(await gateway.exitCode()).toBe(1)
    expect(gateway.output).toContain('3 mistakes')
    for (const name of ['APP_PORT', 'APP_HOST', 'APP_BASE_PATH']) expect(gateway.output).toContain(name)
  })

  it('migrates, lists no devices, and is examined by the doctor', async () => {
    const migrate = run('migrate', '--data-dir', dataDir)
    expect(await migrate.exitCode()).toBe(0)
    expect(migrate.output).toContain('the sqlite database is up to date')
    const address = await addressOf(serve())
    const devices = run('devices', '--url', address)
    expect(await devices.exitCode()).toBe(0)
    expect(devices.output).toContain('no devices yet')
    const host = address.replace('http', 'ws')
    const doctor = run('doctor', '--url', address, '--data-dir', dataDir, '--whatsapp-websocket-url', host)
    expect(await doctor.exitCode()).toBe(0)
    for (const line of [
      /^ok +node/m,
      /^ok +data folder/m,
      /^ok +database .*is sound/m,
      /^ok +gateway .*0 of 0/m,
      /^ok +clock/m,
    ])
      expect(doctor.output).toMatch(line)
  })

  it('tells an old Node what to do in one sentence', async () => {
    const script = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' }); import('${join(root, 'bin/gatewa.js')}')`
    const old = new CommandProcess(['--eval', script])
    expect(await old.exitCode()).toBe(1)
    expect(old.lines).toHaveLength(1)
    expect(old.output).toContain('needs Node 22.19 or newer and this is Node 20.19.0')
  })
})
