// Owns: what a disk may hold of a SQLite file and its log after the power failed. For tests.
import { fstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'

/** A sector is written whole or not at all, on most disks. Half ones are made too: what was there before stays, which SQLite relies on. */
const sectorBytes = 512
const variantsPerLoss = 3

/** Database and log as programs see them, and what the log's index says: frames in the log, and how many may be in the database. */
export interface Files {
  readonly database: Buffer
  readonly log: Buffer
  readonly frames: number
  readonly carriedOver: number
}

/** Reads the files of the database at `path` at this moment. */
export function filesOf(path: string): Files {
  // Offsets: the WAL-index format, https://sqlite.org/walformat.html
  const index = readFileSync(`${path}-shm`)
  return {
    carriedOver: index.readUInt32LE(128),
    frames: index.readUInt32LE(16),
    database: readFileSync(path),
    log: readFileSync(`${path}-wal`),
  }
}

/**
 * Keeps account of what is surely on disk: the log as it was when the last sync of ours began, and the database as it was
 * when the log began anew, because SQLite syncs it before that, and the log's new header after that.
 */
export class SimulatedDisk {
  /** How often the log has begun. */
  generations = 1
  readonly #path: string
  readonly #random: () => number
  #synced: Files
  #database: Buffer
  #syncing: Files | null = null

  /** To be made when everything written so far is on disk. */
  constructor(path: string, random: () => number) {
    this.#path = path
    this.#random = random
    this.#synced = filesOf(path)
    this.#database = this.#synced.database
  }

  /** Whether a file handle is the log's. */
  isLog(fd: number): boolean {
    return fstatSync(fd).ino === statSync(`${this.#path}-wal`).ino
  }

  /** A sync of the log begins: what it will bring to disk. */
  begin(): Files {
    this.#syncing = filesOf(this.#path)
    return this.#syncing
  }

  /** The sync has ended well. */
  end(): void {
    if (this.#syncing === null) throw new Error('a sync that ended without a beginning')
    if (this.#isAnew(this.#syncing)) {
      this.generations += 1
      this.#database = this.#syncing.database
    }
    this.#synced = this.#syncing
  }

  /** What may be left when the power fails now: some of many possibilities. */
  *afterLoss(now: Files): Generator<Pick<Files, 'database' | 'log'>> {
    for (let variant = 0; variant < variantsPerLoss; variant += 1) {
      if (this.#isAnew(now)) {
        yield { database: this.#torn(this.#database, now.database), log: this.#synced.log }
        const header = Buffer.concat([now.log.subarray(0, 32), this.#synced.log.subarray(32)])
        yield { database: now.database, log: this.#torn(header, now.log) }
      } else {
        // What may be in the database was synced in the log before, by the thread that carries it over.
        const isSynced = now.carriedOver > this.#synced.frames
        yield {
          database: this.#torn(this.#database, now.database),
          log: isSynced ? now.log : this.#torn(this.#synced.log, now.log),
        }
      }
    }
  }

  #isAnew(now: Files): boolean {
    return !now.log.subarray(0, 32).equals(this.#synced.log.subarray(0, 32))
  }

  /** Something between `old` and `now`: nothing that was written, all of it, its beginning, or any sectors and parts of them. */
  #torn(old: Buffer, now: Buffer): Buffer {
    const choice = this.#random()
    if (choice < 0.1) return old
    if (choice < 0.2) return now
    const [low, high] = [Math.min(old.length, now.length), Math.max(old.length, now.length)]
    const length = choice < 0.6 ? low + Math.floor(this.#random() * (high - low + 1)) : high
    const left = Buffer.alloc(length)
    old.copy(left)
    if (choice < 0.4) {
      now.copy(left, 0, 0, Math.min(length, Math.max(low, Math.floor(this.#random() * length))))
      return left
    }
    const share = this.#random()
    for (let at = 0; at < length; at += sectorBytes) {
      if (this.#random() > share) continue
      const isHalf = this.#random() < 0.2
      const end = at + (isHalf ? Math.floor(this.#random() * sectorBytes) : sectorBytes)
      now.copy(left, at, at, Math.min(end, length))
    }
    return left
  }
}

/** The names in the table `settings` of what was left, opened as after a restart; or what is wrong with the file. */
export function namesIn(left: Pick<Files, 'database' | 'log'>, path: string): Set<string> | string {
  rmSync(`${path}-shm`, { force: true })
  writeFileSync(path, left.database)
  writeFileSync(`${path}-wal`, left.log)
  const database = new SqliteDatabase(path)
  try {
    const verdict = database.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') return `damaged: ${String(verdict)}`
    return new Set(database.prepare<[], string>('select name from settings').pluck().all())
  } catch (error) {
    return `unreadable: ${String(error)}`
  } finally {
    database.close()
  }
}

/** A small generator of numbers in [0, 1) that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
