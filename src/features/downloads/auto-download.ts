import { AppError, toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db, Tx } from '../../db/database.ts'
import { lockDevice } from '../../db/lock-device.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { BodyChange, Outbox } from '../../outbox/outbox.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { DownloadedFile, LinkedMedia, WantedDownload } from './download.ts'
import {
  toDownloadedEvent,
  toDownloadFailedEvent,
  withInteractiveMedia,
  withMedia,
} from './download-events.ts'
import type { DownloadStore } from './download-store.ts'
import type { MediaDownloads } from './media-downloads.ts'

/** What fetching media by itself is made of. */
export interface AutoDownloadDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly logger: Logger
  readonly rows: DownloadStore
  readonly downloads: Pick<MediaDownloads, 'fetch' | 'keptBy'>
  readonly messages: Pick<MessageReader, 'get'>
  readonly outbox: Pick<Outbox, 'append' | 'amend' | 'complete' | 'released' | 'wake'>
  /** Where a file is served, with a signature. */
  readonly pathOf: (file: LinkedMedia) => string
}

const atOnce = 6
/** Waits after tries that met trouble; after the last the media is given up. */
const waitsMs = [5_000, 30_000, 120_000, 600_000, 3_600_000]
/** While there is no connection it is looked for again after a quarter of the time waited so far, within these bounds. */
const soonestMs = 1_000
const latestMs = 30_000
/** Media that waits longer for a connection is given up. */
const keptUpMs = 3 * 86_400_000
/** A transaction takes less than this. */
const freshMs = 5_000
/** How often to look for what nobody told of. */
const pollMs = 60_000

/**
 * Fetches the media of messages as they arrive, behind everything else: what is wanted is a row, so that it survives a
 * restart, and its message's event waits a little for it (see `DownloadLog`). What came of it is an event too. Of several
 * files of a message each goes its own way; the event waits for all, and tells of those that came in time.
 */
export class AutoDownload {
  readonly #deps: AutoDownloadDeps
  readonly #running = new Map<string, Promise<void>>()
  #isStarted = false
  #isLooking = false
  #isWanted = false
  #noticedAt = Number.NEGATIVE_INFINITY
  #cancelTimer: () => void = () => undefined

  constructor(deps: AutoDownloadDeps) {
    this.#deps = deps
  }

  /** Goes on with what was wanted before, and takes what comes. */
  start(): void {
    this.#isStarted = true
    this.wake()
  }

  /** Something is wanted; its transaction may not be committed yet. */
  noticed(): void {
    this.#noticedAt = this.#deps.clock.now().getTime()
  }

  /** Something was committed, maybe what was noticed before. */
  committed(): void {
    if (this.#deps.clock.now().getTime() - this.#noticedAt < freshMs) this.wake()
  }

  /** Looks soon for what is due. */
  wake(): void {
    this.#isWanted = true
    if (this.#isStarted && !this.#isLooking) void this.#look()
  }

  /** Takes nothing new, and resolves once what is under way has ended (with its session at the latest). */
  async stop(): Promise<void> {
    this.#isStarted = false
    this.#cancelTimer()
    await Promise.all(this.#running.values())
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    this.#cancelTimer()
    try {
      while (this.#isWanted && this.#isStarted) {
        this.#isWanted = false
        await this.#takeDue()
      }
      await this.#planNext()
    } catch (thrown) {
      this.#deps.logger.error({ error: toError(thrown) }, 'could not look for media to fetch')
      this.#wakeIn(latestMs)
    } finally {
      this.#isLooking = false
    }
    // Asked while the last look was coming to its end.
    if (this.#isWanted && this.#isStarted) void this.#look()
  }

  async #takeDue(): Promise<void> {
    const { rows, db, clock } = this.#deps
    const free = atOnce - this.#running.size
    if (free <= 0) return
    // Those under way are still due by their rows.
    const due = await rows.due(db, clock.now(), atOnce + this.#running.size)
    for (const wanted of due) {
      const { scope, messageId, position } = wanted
      const name = JSON.stringify([scope.deviceId, scope.account, messageId, position])
      if (this.#running.has(name) || this.#running.size >= atOnce) continue
      const work = this.#work(wanted).finally(() => {
        this.#running.delete(name)
        this.wake()
      })
      this.#running.set(name, work)
    }
  }

  async #planNext(): Promise<void> {
    const { rows, db, clock } = this.#deps
    // The end of one under way looks again.
    if (this.#running.size > 0 || !this.#isStarted) return
    const next = await rows.nextDueAt(db)
    const ms = next === null ? pollMs : next.getTime() - clock.now().getTime()
    this.#wakeIn(Math.min(pollMs, Math.max(0, ms)))
  }

  #wakeIn(ms: number): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#deps.clock.after(ms, () => this.wake())
  }

  async #work(wanted: WantedDownload): Promise<void> {
    try {
      const message = await this.#deps.messages.get(wanted.scope, wanted.messageId)
      if (message === null) throw new AppError('message_not_found')
      const { downloads } = this.#deps
      const file = await downloads.fetch(wanted.scope, message, wanted.position)
      const keptBy = file.isOfInteractive ? await downloads.keptBy(wanted.scope, message) : null
      await this.#done(wanted, file, keptBy)
    } catch (thrown) {
      await this.#failed(wanted, thrown).catch((error: unknown) => {
        // Its row is as it was: it is found again later.
        this.#deps.logger.error({ error: toError(error) }, 'could not note what became of media')
      })
    }
  }

  async #done(
    wanted: WantedDownload,
    file: DownloadedFile,
    keptBy: Awaited<ReturnType<MediaDownloads['keptBy']>> | null,
  ): Promise<void> {
    const { inTransaction, rows, outbox, pathOf, clock } = this.#deps
    const path = pathOf(file)
    await inTransaction(async (tx) => {
      // What becomes of other files of the message is noted before or after this, never beside it.
      await lockDevice(tx, wanted.scope.deviceId)
      await rows.finish(tx, wanted, clock.now())
      const kept = keptBy?.(await rows.refsOf(tx, wanted))
      const change = kept === undefined ? withMedia(file, path) : withInteractiveMedia(kept.map(pathOf))
      const body = await this.#settle(tx, wanted, change)
      if (body === null) return
      const event = toDownloadedEvent(wanted, body, file, path, clock.now())
      await outbox.append(tx, wanted.scope.deviceId, event)
    })
    this.#tell(wanted)
  }

  async #failed(wanted: WantedDownload, thrown: unknown): Promise<void> {
    const { clock, logger, inTransaction, rows } = this.#deps
    // The end of the gateway ends what is under way: it is taken up again at the next start.
    if (!this.#isStarted) return
    const error = thrown instanceof AppError ? thrown : new AppError('internal_error', { cause: thrown })
    const plan = planAfter(error, wanted, clock.now())
    logger.info(
      { deviceId: wanted.scope.deviceId, code: error.code, isGivenUp: plan === null },
      'media was not fetched',
    )
    if (plan !== null) {
      await inTransaction((tx) => rows.postpone(tx, wanted, { ...plan, failure: error.code }, clock.now()))
      return
    }
    await inTransaction((tx) => this.#giveUp(tx, wanted, error))
    this.#tell(wanted)
  }

  async #giveUp(tx: Tx, wanted: WantedDownload, error: AppError): Promise<void> {
    const { rows, outbox, clock } = this.#deps
    await lockDevice(tx, wanted.scope.deviceId)
    await rows.fail(tx, wanted, error.code, clock.now())
    const body = await this.#settle(tx, wanted, null)
    if (body === null) return
    const failure = { code: error.entry.wire, message: error.message }
    await outbox.append(tx, wanted.scope.deviceId, toDownloadFailedEvent(wanted, body, failure, clock.now()))
  }

  /** The message's event becomes what `change` makes of it, and waits no longer once nothing more is on its way. */
  async #settle(tx: Tx, wanted: WantedDownload, change: BodyChange | null) {
    const { rows, outbox } = this.#deps
    const { scope, eventKey } = wanted
    return (await rows.isWaiting(tx, wanted))
      ? outbox.amend(tx, scope.deviceId, eventKey, change)
      : outbox.complete(tx, scope.deviceId, eventKey, change)
  }

  #tell({ scope, lane }: WantedDownload): void {
    this.#deps.outbox.released(scope.deviceId, lane)
    this.#deps.outbox.wake()
  }
}

/** When to try again; null when that cannot help. */
function planAfter(
  error: AppError,
  { attempts, createdAt }: WantedDownload,
  now: Date,
): { attempts: number; at: Date } | null {
  const after = (ms: number) => new Date(now.getTime() + ms)
  const isAway = error.code === 'device_not_connected' || error.code === 'device_not_logged_in'
  if (isAway) {
    const ageMs = now.getTime() - createdAt.getTime()
    const waitMs = Math.min(latestMs, Math.max(soonestMs, ageMs / 4))
    return ageMs > keptUpMs ? null : { attempts, at: after(Math.floor(waitMs)) }
  }
  const waitMs = waitsMs[attempts]
  const mayHelp = error.entry.retry === 'later' || error.code === 'media_quota_exceeded'
  return mayHelp && waitMs !== undefined ? { attempts: attempts + 1, at: after(waitMs) } : null
}
