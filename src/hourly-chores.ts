import type { Clock } from './core/clock.ts'
import type { Tx } from './db/database.ts'
import type { InTransaction } from './db/transaction.ts'
import type { Chore } from './housekeeping.ts'
import type { Outbox } from './outbox/outbox.ts'

/** Who deletes or gives up what has become old. */
export interface HourlyChoresDeps {
  readonly inTransaction: InTransaction
  readonly outbox: Pick<Outbox, 'wake'>
  readonly clock: Clock
  readonly audit: { sweep(): Promise<unknown> }
  readonly messageRetention: { sweep(): Promise<unknown> }
  readonly messageLog: { expirePending(tx: Tx, olderThan: Date): Promise<number> }
  readonly keyMaterial: { prune(olderThan: Date): Promise<unknown> }
  readonly downloads: { prune(olderThan: Date): Promise<unknown> }
  readonly sentChanges: { prune(tx: Tx, olderThan: Date): Promise<unknown> }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A message nobody heard of for this long is `unknown`. */
const pendingForMs = dayMs
/** Plaintexts are kept this long for stanzas that come again. */
const plaintextForMs = 14 * dayMs
/** So long it is known where the media of a message was put; after that it is fetched anew. */
const downloadsForMs = 180 * dayMs

/** What is looked after every hour. */
export function hourlyChores(deps: HourlyChoresDeps): readonly Chore[] {
  const { inTransaction, outbox, clock, audit, messageRetention, keyMaterial, downloads } = deps
  const { messageLog, sentChanges } = deps
  const before = (ms: number) => new Date(clock.now().getTime() - ms)
  const hourly = (name: string, run: Chore['run']): Chore => ({ name, everyMs: hourMs, run })
  return [
    hourly('give up waiting for messages nobody confirmed', async () => {
      if ((await inTransaction((tx) => messageLog.expirePending(tx, before(pendingForMs)))) > 0) outbox.wake()
    }),
    hourly('delete old audit entries', () => audit.sweep()),
    hourly('delete old messages', () => messageRetention.sweep()),
    hourly('forget old plaintexts', () => keyMaterial.prune(before(plaintextForMs))),
    hourly('forget old downloads', () => downloads.prune(before(downloadsForMs))),
    hourly('forget old changes', () => inTransaction((tx) => sentChanges.prune(tx, before(plaintextForMs)))),
  ]
}
