import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** The thread's program. Given as text, so that it needs no file of its own beside a bundle. */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const SqliteDatabase = require(workerData.modulePath)
const database = new SqliteDatabase(workerData.path, { timeout: 5000 })
database.pragma('synchronous = full')
parentPort.on('message', (message) => {
  if (message === 'close') {
    database.close()
    parentPort.close()
    return
  }
  try {
    const [{ log, checkpointed }] = database.pragma('wal_checkpoint(passive)')
    parentPort.postMessage(log === checkpointed ? 0 : log)
  } catch {
    parentPort.postMessage(null)
  }
})`

/**
 * Carries what is in the write-ahead log over into the database file, in a thread of its own: it writes and syncs
 * thousands of pages. Started by the first run.
 */
export class CheckpointThread {
  readonly #path: string
  #worker: Worker | null = null
  #answer: (pages: number | null) => void = () => undefined
  #isBroken = false

  constructor(path: string) {
    this.#path = path
  }

  /**
   * Resolves with the pages in the log when some of them had to stay, and with 0 when all were carried over; with null when
   * it could not be done. One at a time.
   */
  run(): Promise<number | null> {
    if (this.#isBroken) return Promise.resolve(null)
    return new Promise((resolve) => {
      const worker = (this.#worker ??= this.#start())
      this.#answer = (pages) => {
        worker.unref()
        resolve(pages)
      }
      worker.ref()
      worker.postMessage('checkpoint')
    })
  }

  /** Ends the thread and its hold on the file. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#isBroken = true
    if (worker === null) return
    worker.ref()
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage('close')
    await ended
  }

  #start(): Worker {
    const modulePath = createRequire(import.meta.url).resolve('better-sqlite3')
    const worker = new Worker(program, { eval: true, workerData: { modulePath, path: this.#path } })
    worker.on('message', (pages: number | null) => this.#answer(pages))
    const fail = () => {
      this.#isBroken = true
      this.#worker = null
      this.#answer(null)
    }
    worker.on('error', fail)
    worker.on('exit', fail)
    return worker
  }
}
