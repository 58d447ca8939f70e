import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../core/clock.ts'
import {
  encryptionSetting,
  parseEncryptionState,
  refuseMissingKeys,
} from '../db/encryption/encryption-state.ts'
import type { KeyRing } from '../db/encryption/key-ring.ts'
import { EncryptedRows } from '../db/encryption/row-cipher.ts'
import { decryptRows, type TableRows } from '../db/encryption/table-rows.ts'
import { openSnapshot } from '../db/snapshot.ts'
import type { Snapshot } from '../db/snapshot-rows.ts'
import { type ArchiveRecord, writeArchive } from './archive.ts'

/** What to put aside, and where. */
export interface BackupRequest {
  /** The database, as DB_URI names it. */
  readonly uri: string
  /** What the database is encrypted with; null where it is not. A backup holds what was encrypted. */
  readonly keys: KeyRing | null
  readonly dataDir: string
  /** Folder with media to take along; null to leave it. */
  readonly mediaDir: string | null
  /** File to write; it appears when it is whole, readable by its user only. */
  readonly target: string
  /** @sensitive */
  readonly passphrase: string
  readonly version: string
  readonly clock: Clock
}

/** What a backup holds. */
export interface BackupFacts {
  readonly takenAt: Date
  readonly rows: number
  readonly files: number
}

/**
 * Writes everything in the database, as it is at one moment, into an encrypted file; a gateway that runs goes on meanwhile.
 * Raises `database_refused` when the database cannot be read, or is under a key that is missing.
 */
export async function makeBackup(request: BackupRequest): Promise<BackupFacts> {
  const { target, passphrase, clock } = request
  const snapshot = await openSnapshot(request)
  const unfinished = `${target}.unfinished`
  let rows = 0
  let files = 0
  const takenAt = clock.now()
  try {
    const counted = async function* () {
      for await (const record of recordsOf(snapshot, request, takenAt)) {
        if (record.kind === 'rows') rows += record.rows.length
        if (record.kind === 'file') files += 1
        yield record
      }
    }
    await pipeline(
      Readable.from(writeArchive(counted(), passphrase)),
      createWriteStream(unfinished, { mode: 0o600, flush: true }),
    )
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  } finally {
    await snapshot.close()
  }
  return { takenAt, rows, files }
}

async function* recordsOf(
  snapshot: Snapshot,
  { version, mediaDir, keys }: BackupRequest,
  takenAt: Date,
): AsyncGenerator<ArchiveRecord> {
  const { dialect, tables, migrations } = snapshot
  const decrypted = await decrypting(snapshot, keys)
  const head = { takenAt: takenAt.toISOString(), version, dialect, migrations: [...migrations] }
  yield { kind: 'head', ...head, hasMedia: mediaDir !== null }
  const counts: Record<string, number> = {}
  for (const { name, columns } of tables) {
    counts[name] = 0
    for await (const stored of snapshot.rows(name)) {
      const rows = decrypted({ table: name, columns, rows: stored })
      counts[name] += rows.length
      yield { kind: 'rows', table: name, columns, rows }
    }
  }
  // Media after the rows: what a row names was there before the row was.
  let files = 0
  for (const path of mediaDir === null ? [] : await filesIn(mediaDir)) {
    for await (const record of fileRecords(mediaDir ?? '', path)) {
      if (record.kind === 'file') files += 1
      yield record
    }
  }
  yield { kind: 'end', rows: counts, files, sequences: Object.fromEntries(snapshot.sequences) }
}

/** Takes encryption off rows, as the snapshot's own state says; what restores a backup decides anew. */
async function decrypting(
  snapshot: Snapshot,
  keys: KeyRing | null,
): Promise<(rows: TableRows) => TableRows['rows']> {
  const columns = snapshot.tables.find(({ name }) => name === 'settings')?.columns ?? []
  const [name, value] = [columns.indexOf('name'), columns.indexOf('value')]
  let text: string | null = null
  if (columns.length > 0) {
    for await (const some of snapshot.rows('settings'))
      for (const row of some) if (row[name] === encryptionSetting) text = String(row[value])
  }
  const state = text === null ? null : parseEncryptionState(text)
  refuseMissingKeys(state, keys)
  if (state === null || keys === null) return ({ rows }) => rows
  const cipher = new EncryptedRows(keys)
  return (rows) =>
    decryptRows(rows, cipher, state).filter(
      (row) => rows.table !== 'settings' || row[name] !== encryptionSetting,
    )
}

/** A file with its content; nothing when it was deleted meanwhile. */
async function* fileRecords(dir: string, path: string): AsyncGenerator<ArchiveRecord> {
  let isNamed = false
  try {
    for await (const bytes of createReadStream(join(dir, path), { highWaterMark: 1_048_576 })) {
      if (!isNamed) yield { kind: 'file', path }
      isNamed = true
      yield { kind: 'data', bytes: bytes as Buffer } // without an encoding these are Buffers
    }
  } catch (error) {
    if (isNamed || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

/** Paths below a media folder, with slashes; files under way are left out. */
async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => storedFile.test(path))
    .sort()
}

/** How the media store names what it keeps. */
export const storedFile = /^[0-9a-f]{2}\/[0-9a-f]{64}$/
