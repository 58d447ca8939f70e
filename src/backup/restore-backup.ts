import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Tx } from '../db/database.ts'
import type { KeyRing } from '../db/encryption/key-ring.ts'
import type { RowCipher } from '../db/encryption/row-cipher.ts'
import { type RowWriter, restoreInto } from '../db/restore-target.ts'
import { type ArchiveHead, type ArchiveRecord, readArchive } from './archive.ts'
import type { BackupFacts } from './make-backup.ts'
import { storedFile } from './make-backup.ts'
import { markRestored } from './restore-store.ts'

/** What to bring back, and where. */
export interface RestoreRequest {
  readonly source: string
  /** @sensitive */
  readonly passphrase: string
  /** An empty database, as DB_URI names it. */
  readonly uri: string
  /** What its keys are encrypted with from the start; null for not at all. */
  readonly keys: KeyRing | null
  readonly dataDir: string
  /** Folder for media, where the backup has some. */
  readonly mediaDir: string
  readonly version: string
  /** Makes the keys of devices fit for a copy whose original has gone on since the backup. */
  readonly renewKeys: (tx: Tx, cipher: RowCipher, at: Date) => Promise<void>
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Places in the event log that the original may have taken since the backup. The copy's events come behind them: whoever
 * followed the original has a cursor among them, and would miss what the copy puts there once more.
 */
const placesOfOriginal = 1_000_000

/**
 * Makes a database (and the media folder) out of a backup, in the engine that `uri` names whichever it was made in. Raises
 * `backup_unreadable` and `restore_refused`; then no database is there that was not there before.
 */
export async function restoreBackup(request: RestoreRequest): Promise<BackupFacts> {
  const { source, passphrase, uri, keys, dataDir, mediaDir, version, renewKeys, clock, logger } = request
  const records = readArchive(createReadStream(source), passphrase)
  const first = await records.next()
  if (first.done === true || first.value.kind !== 'head')
    throw new AppError('backup_unreadable', { message: 'the backup does not begin as one' })
  const head: ArchiveHead = first.value
  const incoming = `${mediaDir}.restoring`
  await rm(incoming, { recursive: true, force: true })
  let facts = { rows: 0, files: 0 }
  try {
    await restoreInto(
      { uri, keys, dataDir, version, migrations: head.migrations },
      logger,
      async (writer) => {
        facts = await fill(records, writer, incoming)
      },
      async (tx, cipher) => {
        const at = clock.now()
        await renewKeys(tx, cipher, at)
        await markRestored(tx, { takenAt: head.takenAt, restoredAt: at.toISOString() }, at)
      },
    )
    if (facts.files > 0) await bringIn(incoming, mediaDir)
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
  return { takenAt: new Date(head.takenAt), ...facts }
}

async function fill(
  records: AsyncIterable<ArchiveRecord>,
  writer: RowWriter,
  mediaDir: string,
): Promise<{ rows: number; files: number }> {
  const counts: Record<string, number> = {}
  let files = 0
  let file: Awaited<ReturnType<typeof open>> | null = null
  try {
    for await (const record of records) {
      if (record.kind === 'rows') {
        counts[record.table] = (counts[record.table] ?? 0) + record.rows.length
        await writer.write(record.table, record.columns, record.rows)
      } else if (record.kind === 'file') {
        await file?.close()
        file = await newFile(mediaDir, record.path)
        files += 1
      } else if (record.kind === 'data') {
        await file?.write(record.bytes)
      } else if (record.kind === 'end') {
        const isWhole = Object.entries(record.rows).every(([table, count]) => (counts[table] ?? 0) === count)
        if (!isWhole || record.files !== files)
          throw new AppError('backup_unreadable', { message: 'the backup does not hold what its end says' })
        for (const [table, last] of Object.entries(record.sequences))
          await writer.continueAfter(table, table === 'events' ? last + placesOfOriginal : last)
      }
    }
  } finally {
    await file?.close()
  }
  return { rows: Object.values(counts).reduce((sum, count) => sum + count, 0), files }
}

async function newFile(mediaDir: string, path: string): Promise<Awaited<ReturnType<typeof open>>> {
  // A path decides where is written; the archive is ours, but only as far as its passphrase is a secret.
  if (!storedFile.test(path)) throw new AppError('backup_unreadable')
  await mkdir(dirname(join(mediaDir, path)), { recursive: true, mode: 0o700 })
  return open(join(mediaDir, path), 'w', 0o600)
}

/** Where the target has no folder of its own yet, the files become it. */
async function bringIn(incoming: string, mediaDir: string): Promise<void> {
  await mkdir(dirname(mediaDir), { recursive: true, mode: 0o700 })
  await rename(incoming, mediaDir).catch((cause: unknown) => {
    throw new AppError('restore_refused', {
      message: `the media cannot be put to ${mediaDir}, where something is already; the database was restored`,
      cause,
    })
  })
}
