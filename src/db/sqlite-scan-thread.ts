import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { CompiledQuery, QueryResult } from 'kysely'
import { AppError } from '../core/app-error.ts'

interface Answer {
  readonly id: number
  readonly rows: readonly unknown[] | null
  readonly error: string | null
}

interface Waiting {
  readonly resolve: (rows: readonly unknown[]) => void
  readonly reject: (error: Error) => void
}

/** The thread's program. Given as text, so that it needs no file of its own beside a bundle. */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const SqliteDatabase = require(workerData.modulePath)
const database = new SqliteDatabase(workerData.path, { readonly: true, timeout: 5000 })
database.function('lower', { deterministic: true }, (text) => typeof text === 'string' ? text.toLowerCase() : text)
parentPort.on('message', ({ id, sql, parameters }) => {
  try {
    parentPort.postMessage({ id, rows: database.prepare(sql).all(parameters), error: null })
  } catch (error) {
    parentPort.postMessage({ id, rows: null, error: String(error) })
  }
})`

/**
 * Reads of a SQLite file that may look at very many rows, in a thread of their own: better-sqlite3 answers before it
 * returns, and a search through a long chat would hold up every device. Started by the first read.
 */
export class SqliteScanThread {
  readonly #path: string
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0
  #isClosed = false

  constructor(path: string) {
    this.#path = path
  }

  /** Runs one query; bytes come back as Uint8Array. */
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isClosed) throw new AppError('shutting_down')
    const worker = (this.#worker ??= this.#start())
    this.#lastId += 1
    const id = this.#lastId
    const rows = await new Promise<readonly unknown[]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ id, sql: query.sql, parameters: query.parameters })
    })
    return { rows: rows as R[] } // the row type is what the caller's query says
  }

  /** Ends the thread; reads under way reject. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const modulePath = createRequire(import.meta.url).resolve('better-sqlite3')
    const worker = new Worker(program, { eval: true, workerData: { modulePath, path: this.#path } })
    worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if (this.#waiting.size === 0) worker.unref()
      if (answer.rows !== null) waiting?.resolve(answer.rows)
      else waiting?.reject(new Error(answer.error ?? 'the read failed'))
    })
    worker.on('error', (error: Error) => this.#failAll(error))
    worker.on('exit', () => {
      this.#worker = null
      this.#failAll(new AppError('shutting_down'))
    })
    return worker
  }

  #failAll(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}
