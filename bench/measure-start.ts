import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/free-port.ts'
import { percentile } from './percentile.ts'
import type { Row } from './report.ts'

const runs = 7

/** From the start of the process to the first answer of `/readyz`, on a data folder and a compile cache that exist. */
export async function measureStart(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-bench-start-'))
  const times: number[] = []
  for (let run = 0; run <= runs; run += 1) {
    const took = await oneStart(dataDir)
    // The first start makes the database and fills the compile cache.
    if (run > 0) times.push(took)
  }
  await rm(dataDir, { recursive: true, force: true })
  return [
    {
      what: 'start to ready (not the first start, median of 7)',
      unit: 'ms',
      subject: 'gatewa',
      value: percentile(times, 0.5),
      aim: { below: 1000 },
    },
  ]
}

async function oneStart(dataDir: string): Promise<number> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'bin', 'gatewa.js'), 'serve'], {
    env: { ...process.env, APP_PORT: String(port), APP_DATA_DIR: dataDir, APP_BASIC_AUTH: '', DB_URI: '' },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`)
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
      if (answer?.ok) return performance.now() - startedAt
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  } finally {
    child.kill('SIGTERM')
    await new Promise<void>((resolve) => {
      if (child.exitCode !== null) resolve()
      else child.once('exit', () => resolve())
    })
  }
}
