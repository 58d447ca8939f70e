import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ControlledTransaction, Kysely } from 'kysely'
import { AppError } from '../core/app-error.ts'
import type { Database, Tx } from './database.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { CommitLog } from './sqlite-log.ts'

interface Job {
  readonly work: (tx: Tx) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** A batch is committed when it has this many works or has run this long, so that nobody's turn is held up. */
const maxWorksPerCommit = 256
const maxMsPerCommit = 8

/**
 * The only writer of a SQLite file. Works that are waiting when a commit begins share it, each in a savepoint of its
 * own: a failed one is undone alone. A work's promise resolves after the shared commit is on disk.
 */
export class SqliteWriter {
  readonly #writer: Kysely<Database>
  readonly #connection: SqliteConnection
  readonly #log: CommitLog
  readonly #queue: Job[] = []
  #syncing: Promise<void> | null = null
  #failure: Error | null = null
  #running: Promise<void> | null = null
  #isClosed = false

  constructor(writer: Kysely<Database>, connection: SqliteConnection, log: CommitLog) {
    this.#writer = writer
    this.#connection = connection
    this.#log = log
  }

  /**
   * For readers: what a commit wrote can be seen before it is on disk, and must not be told to anybody yet. Null when
   * there is nothing to wait for. To be asked after reading: another commit may come between asking and reading.
   */
  get syncing(): Promise<void> | null {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    return this.#syncing?.then(() => this.#assertWhole()) ?? null
  }

  /** Runs `work` and resolves once it is committed. Rejects with the work's own error, or with the failed commit's. */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new AppError('shutting_down'))
    if (this.#failure !== null) return Promise.reject(this.#failure)
    return new Promise<T>((resolve, reject) => {
      const settle = (value: unknown) => resolve(value as T) // it is what this very work resolved with
      this.#queue.push({ work, resolve: settle, reject })
      this.#running ??= this.#drain()
    })
  }

  /** Takes no new work and resolves when all that was given has ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Waiting one turn lets everything that this turn's input leads to join the same commit.
      await nextTurn()
      await this.#commitBatch()
      await this.#log.makeRoom()
    }
    this.#running = null
  }

  async #commitBatch(): Promise<void> {
    const applied: { job: Job; value: unknown }[] = []
    try {
      const tx = await this.#writer.startTransaction().execute()
      try {
        const startedAt = performance.now()
        let count = 0
        do {
          const job = this.#queue.shift()
          if (job === undefined) break
          count += 1
          await this.#runInSavepoint(tx, job, applied)
        } while (count < maxWorksPerCommit && performance.now() - startedAt < maxMsPerCommit)
        await this.#commit(tx)
      } catch (error) {
        if (!tx.isCommitted) await tx.rollback().execute()
        throw error
      }
      for (const { job, value } of applied) job.resolve(value)
    } catch (error) {
      for (const { job } of applied) job.reject(error)
      // A begin that fails would fail for everybody waiting; telling them beats trying for ever.
      if (applied.length === 0) for (const job of this.#queue.splice(0)) job.reject(error)
    }
  }

  /** Commits and brings it to disk. Readers may see it as soon as the commit begins, so from then on they wait. */
  async #commit(tx: ControlledTransaction<Database>): Promise<void> {
    const onDisk = Promise.withResolvers<void>()
    this.#syncing = onDisk.promise
    try {
      await tx.commit().execute()
      await this.#sync()
    } finally {
      this.#syncing = null
      onDisk.resolve()
    }
  }

  #assertWhole(): void {
    if (this.#failure !== null) throw this.#failure
  }

  /** After a failed sync nobody knows what is on disk, and the system may not tell again: the writer is dead. */
  async #sync(): Promise<void> {
    try {
      await this.#log.sync()
    } catch (error) {
      this.#failure = new AppError('internal_error', {
        message: 'the database could not be brought to disk; check the disk and restart',
        cause: error,
      })
      for (const job of this.#queue.splice(0)) job.reject(this.#failure)
      throw this.#failure
    }
  }

  async #runInSavepoint(tx: Tx, job: Job, applied: { job: Job; value: unknown }[]): Promise<void> {
    this.#connection.run('savepoint work')
    let value: unknown
    try {
      value = await job.work(tx)
    } catch (error) {
      job.reject(error)
      this.#connection.run('rollback to work')
      this.#connection.run('release work')
      return
    }
    applied.push({ job, value })
    this.#connection.run('release work')
  }
}
