import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Person } from '@gatewa/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { ChildGateway } from '../child-gateway.ts'
import { freePort } from '../free-port.ts'
import { eventually, TestWorld } from '../harness.ts'
import { hasProgram, made } from '../sample-files.ts'

/** How long the video is, and so its conversion: ffmpeg is told to read it no faster than it plays. */
const seconds = 120

describe('a conversion', () => {
  let world: TestWorld | undefined
  let gateway: ChildGateway | undefined
  let programs = ''

  afterEach(async () => {
    await gateway?.end('SIGKILL')
    await world?.close()
    await rm(programs, { recursive: true, force: true })
  })

  it('ends when its gateway is killed, and what it had written is gone after the next start', {
    timeout: 60_000,
  }, async ({ skip }) => {
    if (!existsSync('/proc/self/cmdline')) skip('there is no /proc to see processes in')
    if (!(await hasProgram('ffmpeg'))) skip('ffmpeg is not installed')
    programs = await slowFfmpeg()
    world = await TestWorld.open('sqlite')
    const dataDir = world.settings['APP_DATA_DIR'] ?? ''
    gateway = new ChildGateway({
      ...world.settings,
      APP_PORT: String(await freePort()),
      FFMPEG_PATH: join(programs, 'ffmpeg'),
    })
    const [ada, bo] = ['Ada', 'Bo'].map((name) => world?.simulator.addPerson({ name }))
    if (ada === undefined || bo === undefined) throw new Error('nobody is there')
    await gateway.start()
    await link(gateway.url, ada)

    const form = new FormData()
    form.set('phone', bo.phone)
    form.set('compress', 'true')
    form.set('video', new Blob([new Uint8Array(await longVideo())]), 'long.mp4')
    // The gateway is killed while it works on this, so there is no answer.
    const sending = fetch(`${gateway.url}/send/video`, { method: 'POST', body: form }).then(
      (answer) => answer.text(),
      () => 'no answer',
    )
    await eventually(
      'a conversion that writes',
      async () => (await conversionsIn(dataDir)).length > 0 || undefined,
    )
    await gateway.end('SIGKILL')
    expect(await sending).toBe('no answer')
    await eventually(
      'nothing that works in its folder',
      async () => (await runningIn(dataDir)).length === 0 || undefined,
      () => runningIn(dataDir),
      10_000,
    )
    expect(await leftIn(dataDir)).not.toEqual([])
    await gateway.start()
    expect(await leftIn(dataDir)).toEqual([])
  })
})

/** A folder with the real programs, of which the first takes its time. */
async function slowFfmpeg(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewa-slow-'))
  const scripts = { ffmpeg: 'exec ffmpeg -re "$@"', ffprobe: 'exec ffprobe "$@"' }
  for (const [name, line] of Object.entries(scripts))
    await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  return folder
}

function longVideo(): Promise<Buffer> {
  const source = `testsrc=size=64x64:rate=5:duration=${seconds}`
  return made(
    'mp4',
    '-f',
    'lavfi',
    '-i',
    source,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
  )
}

/** Command lines of processes that name the folder. */
async function runningIn(dataDir: string): Promise<string[]> {
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      // A process may be gone by now.
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(dataDir))
}

async function conversionsIn(dataDir: string): Promise<string[]> {
  return (await runningIn(dataDir)).filter((line) => /^ffmpeg .*libx264/.test(line))
}

/** Files in the folder of what passes through. */
async function leftIn(dataDir: string): Promise<string[]> {
  const found = await readdir(join(dataDir, 'media'), { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map(({ name }) => name)
}

async function link(url: string, person: Person): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/devices`, { method: 'POST', headers, body: JSON.stringify({ device_id: 'main' }) })
  const login = await fetch(`${url}/devices/main/login`)
  const { results } = (await login.json()) as { results: { qr_code: string } } // our own gateway's answer
  await person.scanQr(results.qr_code)
  await person.hasClientOnline()
}
