import type * as nodeFs from 'node:fs'
import { copyFileSync, fstatSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../core/logger.ts'
import { type OpenDatabase, openDatabase } from './open-database.ts'
import { type Files, filesOf, namesIn, randomOf, SimulatedDisk } from './simulated-disk.ts'

/** Told of each sync that the program itself asks for: before it begins, and once it is over. */
interface SyncWatch {
  before(fd: number): void
  after(fd: number): void
}

const watch = vi.hoisted((): { current: SyncWatch | null } => ({ current: null }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof nodeFs>()
  // The real one, watched.
  const fdatasync = (fd: number, done: (error: NodeJS.ErrnoException | null) => void) => {
    watch.current?.before(fd)
    fs.fdatasync(fd, (error) => {
      if (error === null) watch.current?.after(fd)
      done(error)
    })
  }
  return { ...fs, default: { ...fs, fdatasync }, fdatasync }
})

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const commits = Number(process.env['POWER_COMMITS'] ?? 40)

let folder = ''
let open: OpenDatabase | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewa-power-'))
})
afterEach(async () => {
  watch.current = null
  await open?.close()
  open = null
  rmSync(folder, { recursive: true, force: true })
})

const options = (dataDir: string) => ({ uri: '', dataDir, version: '1.0.0' })

describe('the power that fails', () => {
  it(`takes nothing that was promised, whatever of the rest is on disk (seed ${seed})`, {
    timeout: 120_000,
  }, async () => {
    const random = randomOf(seed)
    open = await openDatabase(options(folder), silentLogger)
    const path = join(folder, 'gatewa.db')
    const disk = new SimulatedDisk(path, random)
    /** Rows whose write was acknowledged, or that a reader was told of. */
    const promised = new Set<string>()
    const damage: string[] = []
    let losses = 0
    let torn = 0
    const loseAll = (now: Files) => {
      for (const left of disk.afterLoss(now)) {
        losses += 1
        if (!left.log.equals(now.log)) torn += 1
        const found = namesIn(left, join(folder, 'left.db'))
        const missing = found instanceof Set ? [...promised].filter((name) => !found.has(name)) : [found]
        if (missing.length > 0) damage.push(`loss ${losses}: ${missing.slice(0, 5).join(', ')}`)
      }
    }
    watch.current = {
      before: (fd) => {
        if (disk.isLog(fd)) loseAll(disk.begin())
      },
      after: (fd) => {
        if (disk.isLog(fd)) disk.end()
      },
    }
    const db = open
    for (let commit = 0; commit < commits; commit += 1) {
      const names = Array.from({ length: 1 + Math.floor(random() * 120) }, (_, row) => `${commit}/${row}`)
      const reading = db.scanDb.selectFrom('settings').select('name').where('name', 'like', `${commit}/%`)
      const written = db.inTransaction(async (tx) => {
        for (const name of names) {
          const value = 'x'.repeat(Math.floor(random() * 300))
          await tx.insertInto('settings').values({ name, value, updated_at: commit }).execute()
        }
        if (commit > 5) {
          const gone = `${commit - 5}/0`
          await tx.updateTable('settings').set({ value: 'changed' }).where('name', '=', gone).execute()
        }
      })
      const told = reading.execute().then((rows) => {
        for (const { name } of rows) promised.add(name)
      })
      await Promise.all([written, told])
      for (const name of names) promised.add(name)
      // At this moment everything is promised, and nothing else may have been written since.
      if (random() < 0.3) loseAll(filesOf(path))
    }
    expect(damage, 'promised and lost, or the file damaged').toEqual([])
    expect(disk.generations, 'times that the log began anew').toBeGreaterThan(1)
    expect(torn).toBeGreaterThan(commits / 2)
    process.stdout.write(
      `power: seed ${seed}, ${losses} losses, ${torn} of them torn, ${promised.size} rows promised, ` +
        `the log began ${disk.generations} times\n`,
    )
  })

  it('after a kill takes nothing that the next process has seen', async () => {
    const killed = join(folder, 'killed')
    open = await openDatabase(options(folder), silentLogger)
    const path = join(folder, 'gatewa.db')
    let isCopied = false
    watch.current = {
      // The process dies before the sync: the system still has what was written, the disk need not.
      before: () => {
        if (isCopied) return
        isCopied = true
        mkdirSync(killed, { mode: 0o700 })
        copyFileSync(path, join(killed, 'gatewa.db'))
        copyFileSync(`${path}-wal`, join(killed, 'gatewa.db-wal'))
      },
      after: () => undefined,
    }
    await open.db.insertInto('settings').values({ name: 'seen', value: '', updated_at: 1 }).execute()
    expect(isCopied).toBe(true)
    const syncedBytes: number[] = []
    const logPath = join(killed, 'gatewa.db-wal')
    watch.current = {
      before: () => undefined,
      after: (fd) => {
        if (fstatSync(fd).ino === statSync(logPath).ino) syncedBytes.push(statSync(logPath).size)
      },
    }
    const sizeBefore = statSync(logPath).size
    const next = await openDatabase(options(killed), silentLogger)
    try {
      expect(syncedBytes).toEqual([sizeBefore])
      const rows = await next.db.selectFrom('settings').select('name').where('name', '=', 'seen').execute()
      expect(rows).toEqual([{ name: 'seen' }])
    } finally {
      await next.close()
    }
  })
})
