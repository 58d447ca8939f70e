import { fdatasync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import type SqliteDatabase from 'better-sqlite3'
import type { CheckpointThread } from './sqlite-checkpoint-thread.ts'

const sync = promisify(fdatasync)

/** Rows changed after which the log is carried over into the database. A row is one to five pages of the log. */
const rowsPerCheckpoint = 1_000
/** Pages in the log (of 4 KB) beyond which writing pauses until all is carried over, so that the log begins anew. */
const mostPages = 16_384

/** What the writer needs of the write-ahead log. */
export interface CommitLog {
  /** Resolves once every commit made so far is on disk. A rejection is final: what is on disk is not known any more. */
  sync(): Promise<void>
  /** Called between two commits; resolves when there is room for more. */
  makeRoom(): Promise<void>
  close(): Promise<void>
}

/** A database in memory has nothing to wait for. */
export const noLog: CommitLog = {
  sync: async () => undefined,
  makeRoom: async () => undefined,
  close: async () => undefined,
}

/**
 * The write-ahead log of a SQLite file, brought to disk beside the event loop. SQLite's own `synchronous = full` waits for
 * the disk inside the commit, and with a busy disk that stops every device for tens of milliseconds; here the handle
 * runs with `normal`, which leaves the log alone at a commit, and we sync the file before a commit is called durable.
 */
export class SqliteLog implements CommitLog {
  readonly #database: SqliteDatabase.Database
  readonly #checkpoints: CheckpointThread
  readonly #countRows: SqliteDatabase.Statement<[], number>
  readonly #file: { readonly fd: number; close(): Promise<void> }
  #rowsBefore: number
  #running: Promise<void> | null = null
  #isLong = false

  private constructor(
    database: SqliteDatabase.Database,
    checkpoints: CheckpointThread,
    file: { readonly fd: number; close(): Promise<void> },
  ) {
    this.#database = database
    this.#checkpoints = checkpoints
    this.#file = file
    this.#countRows = database.prepare<[], number>('select total_changes()').pluck()
    this.#rowsBefore = this.#rows()
  }

  /** Takes over the log of `path`, whose writing handle is `database`; the handle must stay open until `close`. */
  static async open(
    path: string,
    database: SqliteDatabase.Database,
    checkpoints: CheckpointThread,
  ): Promise<SqliteLog> {
    // A read makes SQLite open the log, which makes the file.
    database.prepare('select 1 from sqlite_schema').get()
    const file = await open(`${path}-wal`, 'r+')
    await sync(file.fd)
    database.pragma('wal_autocheckpoint = 0')
    database.pragma('synchronous = normal')
    return new SqliteLog(database, checkpoints, file)
  }

  sync(): Promise<void> {
    return sync(this.#file.fd)
  }

  async makeRoom(): Promise<void> {
    if (this.#running === null && this.#rows() - this.#rowsBefore >= rowsPerCheckpoint) {
      this.#rowsBefore = this.#rows()
      this.#running = this.#checkpoint()
    }
    if (!this.#isLong) return
    await this.#running
    // Nobody writes now, so this one leaves nothing behind.
    if (this.#isLong) await this.#checkpoint()
  }

  async close(): Promise<void> {
    await this.#running
    await this.#checkpoints.close()
    await this.#file.close()
  }

  async #checkpoint(): Promise<void> {
    const pages = await this.#checkpoints.run()
    // Without the thread SQLite does it itself, inside a commit.
    if (pages === null) this.#database.pragma('wal_autocheckpoint = 1000')
    this.#isLong = pages !== null && pages > mostPages
    this.#running = null
  }

  #rows(): number {
    return this.#countRows.get() ?? 0
  }
}
