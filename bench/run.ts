// `npm run bench`: our gateway beside plain Baileys in the same run, as a table and as JSON.
// `-- --quick` for a short one, `-- traffic status events memory media start store` for parts, `-- --alone` without plain Baileys,
// `-- --profiles=<folder>` for CPU profiles of our traffic.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { GatewaySubject, type Lab, PlainSubject, type Subject } from './lab.ts'
import { measureEvents } from './measure-events.ts'
import { measureMedia } from './measure-media.ts'
import { measureMemory } from './measure-memory.ts'
import { measureStart } from './measure-start.ts'
import { measureStatus } from './measure-status.ts'
import { measureStore } from './measure-store.ts'
import { measureTraffic } from './measure-traffic.ts'
import { printReport, type Row } from './report.ts'

const allParts = ['traffic', 'status', 'events', 'memory', 'media', 'start', 'store']
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
    profiles: { type: 'string' },
    only: { type: 'string' },
  },
})
const named = [...positionals, ...(options.only?.split(',') ?? [])]
const unknown = named.filter((part) => !allParts.includes(part))
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${allParts.join(', ')}`)
const parts = new Set(named.length === 0 ? allParts : named)
const of = (count: number) => (options.quick ? count / 5 : count)

const subjects: ((lab: Lab) => Promise<Subject>)[] = [(lab) => GatewaySubject.open(lab)]
// Only these parts are measured of plain Baileys too.
if (!options.alone && (parts.has('traffic') || parts.has('memory'))) {
  installBaseline()
  subjects.unshift((lab) => PlainSubject.open(lab))
}

const rows: Row[] = []
if (parts.has('traffic')) {
  const scale = {
    sends: of(3_000),
    groupSends: of(1_500),
    inbound: of(3_000),
    groupInbound: of(3_000),
    paced: of(500),
    profiles: options.profiles ?? null,
  }
  for (const open of subjects) rows.push(...(await measureTraffic(open, scale, note)))
}
if (parts.has('status')) rows.push(...(await measureStatus(of(5_000), options.profiles ?? null, note)))
if (parts.has('memory')) {
  const sizes = options.quick ? [10, 50] : [10, 50, 200]
  for (const open of subjects) rows.push(...(await measureMemory(open, sizes, note)))
}
if (parts.has('events')) rows.push(...(await measureEvents({ flood: of(2_000), paced: of(500) }, note)))
if (parts.has('media')) rows.push(...(await measureMedia(note)))
if (parts.has('start')) rows.push(...(await measureStart()))
if (parts.has('store')) rows.push(...(await measureStore(of(1_000_000), note)))
printReport(rows)

function installBaseline(): void {
  const folder = join(import.meta.dirname, 'plain-baileys')
  if (existsSync(join(folder, 'node_modules', 'baileys'))) return
  note('installing plain baileys into its own folder…')
  const npm = spawnSync('npm', ['ci', '--ignore-scripts'], {
    cwd: folder,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) throw new Error('npm ci failed in bench/plain-baileys')
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
