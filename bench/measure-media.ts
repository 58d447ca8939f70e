import { execFile } from 'node:child_process'
import { openAsBlob } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from './ipc.ts'
import { Lab } from './lab.ts'
import type { Row } from './report.ts'

const run = promisify(execFile)
const megabytes = 100
/** The highest of so many: when memory is collected is a matter of chance. */
const rounds = 3

/** A video of 100 MB out and in again: how fast, and how much memory the gateway takes for it. Needs ffmpeg. */
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
      WHATSAPP_SETTING_MAX_VIDEO_SIZE: '200000000',
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
    const send = async (path: string) => {
      const form = new FormData()
      form.append('phone', friend.phone)
      form.append('video', await openAsBlob(path), 'video.mp4')
      const answer = await fetch(`${url}/send/video`, { method: 'POST', headers, body: form })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(text)
      return (JSON.parse(text) as { results: { message_id: string } }).results.message_id // our own gateway's
    }
    const download = async (id: string) => {
      const path = `/message/${id}/download?phone=${friend.phone}`
      for await (const _ of (await fetch(`${url}${path}`, { headers })).body ?? []) continue
    }
    const video = await makeVideo(dir)
    // Once small, so that code and connections are there.
    await download(await send(video.small))
    const ways = { send: { seconds: 0, mb: 0 }, download: { seconds: 0, mb: 0 } }
    let id = ''
    for (let round = 0; round < rounds; round += 1) {
      for (const [way, work] of [
        ['send', async () => (id = await send(video.large))],
        ['download', () => download(id)],
      ] as const) {
        const before = await worker.call<{ rssMb: number }>('stats')
        const peak = watchPeak(worker.pid)
        const startedAt = performance.now()
        await work()
        ways[way].seconds += (performance.now() - startedAt) / 1000
        ways[way].mb = Math.max(ways[way].mb, (await peak.end()) - before.rssMb)
      }
    }
    for (const [way, { seconds, mb }] of Object.entries(ways)) {
      const what = `a video of ${megabytes} MB, ${way}`
      add(what, 'MB/s', (rounds * video.largeMb) / seconds)
      add(`${what}, memory above rest, highest of ${rounds}`, 'MB', mb, 64)
    }
  } finally {
    await worker.stop()
    await lab.close()
    await rm(dir, { recursive: true, force: true })
  }
  return rows
}

/** Noise, which no coding makes small: a short piece, and so many of them in a row. */
async function makeVideo(dir: string): Promise<{ small: string; large: string; largeMb: number }> {
  const [small, large] = [join(dir, 'small.mp4'), join(dir, 'large.mp4')]
  const noise = 'color=gray:size=640x360:rate=25:duration=1,noise=alls=100:allf=t+u'
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '12', '-pix_fmt', 'yuv420p']
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', noise, ...coding, small])
  const times = Math.ceil((megabytes * 1_000_000) / (await stat(small)).size)
  await run('ffmpeg', ['-v', 'error', '-stream_loop', String(times - 1), '-i', small, '-c', 'copy', large])
  return { small, large, largeMb: (await stat(large)).size / 1_000_000 }
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
