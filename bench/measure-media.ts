import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from './ipc.ts'
import { Lab } from './lab.ts'
import type { Row } from './report.ts'

const megabytes = 100

/** A file of 100 MB out and in again: how fast, and how much memory the gateway takes for it. */
export async function measureMedia(note: (text: string) => void): Promise<Row[]> {
  const lab = await Lab.open()
  const dir = await mkdtemp(join(tmpdir(), 'gatewa-bench-'))
  const worker = await Worker.start(join(import.meta.dirname, 'gateway-process.ts'), {
    execArgv: ['--expose-gc'],
    env: {
      APP_PORT: '0',
      APP_DATA_DIR: dir,
      APP_BASIC_AUTH: '',
      DB_URI: '',
      WHATSAPP_SETTING_MAX_FILE_SIZE: '200000000',
      WHATSAPP_WEBSOCKET_URL: lab.where.chatUrl,
      WHATSAPP_NOISE_ROOT_KEY: lab.where.noiseRoot,
      WHATSAPP_MEDIA_HOST: lab.where.mediaHost,
      WHATSAPP_WEB_VERSION_URL: lab.where.webVersionUrl,
      NODE_EXTRA_CA_CERTS: lab.where.caFile,
    },
  })
  const rows: Row[] = []
  const add = (what: string, unit: string, value: number, below?: number) => {
    rows.push({ what, unit, subject: 'gatewa', value, ...(below === undefined ? {} : { aim: { below } }) })
    note(`gatewa: ${what}: ${value.toFixed(2)} ${unit}`)
  }
  try {
    const [owner, friend] = await lab.people(2)
    if (owner === undefined || friend === undefined) throw new Error('nobody to talk to')
    const url = await worker.call<string>('address')
    const headers = { 'x-device-id': 'main' }
    const json = { ...headers, 'content-type': 'application/json' }
    await fetch(`${url}/devices`, { method: 'POST', headers: json, body: '{"device_id":"main"}' })
    const login = (await (await fetch(`${url}/devices/main/login`, { headers })).json()) as {
      results: { qr_code: string }
    } // our own gateway's
    await lab.simulator.call('scan', { phone: owner.phone, qr: login.results.qr_code })
    await lab.simulator.call('online', { phone: owner.phone })
    const send = async (size: number) => {
      const path = join(dir, 'file.bin')
      await writeFile(path, randomBytes(size))
      const form = new FormData()
      form.append('phone', friend.phone)
      form.append('file', await openAsBlob(path), 'file.bin')
      const answer = await fetch(`${url}/send/file`, { method: 'POST', headers, body: form })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(text)
      return (JSON.parse(text) as { results: { message_id: string } }).results.message_id // our own gateway's
    }
    const download = async (id: string) => {
      const path = `/message/${id}/download?phone=${friend.phone}`
      for await (const _ of (await fetch(`${url}${path}`, { headers })).body ?? []) continue
    }
    // Once small, so that code and connections are there.
    await download(await send(1_000_000))
    let id = ''
    for (const [what, work] of [
      ['send', async () => (id = await send(megabytes * 1_000_000))],
      ['download', () => download(id)],
    ] as const) {
      const before = await worker.call<{ rssMb: number }>('stats')
      const peak = watchPeak(worker.pid)
      const startedAt = performance.now()
      await work()
      const seconds = (performance.now() - startedAt) / 1000
      add(`a file of ${megabytes} MB, ${what}`, 'MB/s', megabytes / seconds)
      add(
        `a file of ${megabytes} MB, ${what}, memory above rest`,
        'MB',
        (await peak.end()) - before.rssMb,
        64,
      )
    }
  } finally {
    await worker.stop()
    await lab.close()
    await rm(dir, { recursive: true, force: true })
  }
  return rows
}

/** Looks at a process's memory 50 times a second; needs /proc. */
function watchPeak(pid: number): { end(): Promise<number> } {
  let highest = 0
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    highest = Math.max(highest, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }
  const timer = setInterval(() => void look(), 20)
  return {
    async end() {
      clearInterval(timer)
      await look()
      return highest
    },
  }
}
