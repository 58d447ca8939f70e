import { createHash } from 'node:crypto'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { Json } from '../../core/event-envelope.ts'
import { type MessageId, newMessageId } from '../../core/ids.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { IdempotencyIdentity, IdempotencyRecord, IdempotencyStore } from './idempotency-store.ts'

/** One request that carries a key. */
export interface IdempotentCall<Outcome extends Json> {
  readonly identity: IdempotencyIdentity
  /** The request as understood; another one under the same key is refused. */
  readonly request: object
  /** Does the work under the id that was reserved with the key. */
  readonly work: (id: MessageId) => Promise<Outcome>
  /** What became of work whose end nobody recorded: null when nothing was written under the id, else as `work` ends. */
  readonly recover: (id: MessageId) => Promise<Outcome | null>
}

type Stored = { readonly outcome: Json } | { readonly error: StoredError }

interface StoredError {
  readonly code: ErrorCode
  readonly message: string
  readonly details: Readonly<Record<string, string | number | boolean | null>> | null
}

const keptForMs = 24 * 3_600_000
const pruneEveryMs = 600_000

/**
 * Makes repeated requests safe. A key and the message id reserved with it are committed before any work, so that a request
 * which was cut off by a crash is answered from what was written under that id, and never does its work twice.
 */
export class Idempotency {
  readonly #store: IdempotencyStore
  readonly #inTransaction: InTransaction
  readonly #clock: Clock
  /** Keys that this process works on, with the hash of their request. */
  readonly #running = new Map<string, string>()
  #nextPruneAt = 0

  constructor(deps: { store: IdempotencyStore; inTransaction: InTransaction; clock: Clock }) {
    this.#store = deps.store
    this.#inTransaction = deps.inTransaction
    this.#clock = deps.clock
  }

  /**
   * Does the work once per key and repeats its outcome for 24 h, refusals included. Failures before anything left that
   * another try can mend give the key free. Rejects with `idempotency_in_progress` while the first request runs and
   * `idempotency_key_reused` when the request differs.
   */
  async run<Outcome extends Json>(call: IdempotentCall<Outcome>): Promise<Outcome> {
    const { identity } = call
    const name = JSON.stringify([identity.credential, identity.deviceId, identity.route, identity.key])
    const bodyHash = createHash('sha256').update(canonical(call.request)).digest('hex')
    const runningHash = this.#running.get(name)
    if (runningHash !== undefined) {
      throw new AppError(runningHash === bodyHash ? 'idempotency_in_progress' : 'idempotency_key_reused')
    }
    this.#running.set(name, bodyHash)
    try {
      const messageId = newMessageId()
      const known = await this.#claim(identity, bodyHash, messageId)
      if (known === null) return await this.#settle(call, () => call.work(messageId))
      return await this.#repeat(call, known, bodyHash)
    } finally {
      this.#running.delete(name)
    }
  }

  #claim(
    identity: IdempotencyIdentity,
    bodyHash: string,
    messageId: MessageId,
  ): Promise<IdempotencyRecord | null> {
    const now = this.#clock.now()
    const oldest = new Date(now.getTime() - keptForMs)
    const isPruneDue = now.getTime() >= this.#nextPruneAt
    if (isPruneDue) this.#nextPruneAt = now.getTime() + pruneEveryMs
    return this.#inTransaction(async (tx) => {
      if (isPruneDue) await this.#store.prune(tx, oldest)
      return this.#store.claim(tx, identity, { bodyHash, messageId, now, oldest })
    })
  }

  async #repeat<Outcome extends Json>(
    call: IdempotentCall<Outcome>,
    known: IdempotencyRecord,
    bodyHash: string,
  ): Promise<Outcome> {
    if (known.bodyHash !== bodyHash) throw new AppError('idempotency_key_reused')
    if (known.state === 'running') {
      return this.#settle(
        call,
        async () => (await call.recover(known.messageId)) ?? call.work(known.messageId),
      )
    }
    const stored = JSON.parse(known.response) as Stored // written by #settle
    if ('error' in stored) throw fromStored(stored.error)
    return stored.outcome as Outcome // written by #settle for the same route
  }

  async #settle<Outcome extends Json>(
    call: IdempotentCall<Outcome>,
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    try {
      const outcome = await work()
      await this.#finish(call.identity, 200, { outcome })
      return outcome
    } catch (thrown) {
      // Neither an uncertain outcome nor a defect ends the key: it stays running, and a repeat asks `recover`.
      if (!(thrown instanceof AppError) || !thrown.certain || thrown.code === 'internal_error') throw thrown
      if (canBeMended(thrown)) await this.#inTransaction((tx) => this.#store.release(tx, call.identity))
      else await this.#finish(call.identity, thrown.entry.status, { error: toStored(thrown) })
      throw thrown
    }
  }

  async #finish(identity: IdempotencyIdentity, status: number, stored: Stored): Promise<void> {
    await this.#inTransaction((tx) => this.#store.finish(tx, identity, status, JSON.stringify(stored)))
  }
}

function canBeMended(error: AppError): boolean {
  return error.entry.retry === 'later' || error.entry.status === 401 || error.entry.status === 503
}

function toStored(error: AppError): StoredError {
  return { code: error.code, message: error.message, details: error.details ?? null }
}

function fromStored(error: StoredError): AppError {
  return new AppError(error.code, {
    message: error.message,
    ...(error.details === null ? {} : { details: error.details }),
  })
}

/** JSON with sorted member names, so that the order in which a client writes them does not matter. */
function canonical(value: object): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
