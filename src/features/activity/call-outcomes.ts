import { lockDevice } from '../../db/lock-device.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ActivityLog, OfferedCall } from './activity-log.ts'

/** Says in the event of a call whether it was rejected by itself, and lets it go. */
export class CallOutcomes {
  readonly #log: Pick<ActivityLog, 'applyOutcome'>
  readonly #outbox: Pick<Outbox, 'released' | 'wake'>
  readonly #inTransaction: InTransaction

  constructor(deps: {
    readonly log: Pick<ActivityLog, 'applyOutcome'>
    readonly outbox: Pick<Outbox, 'released' | 'wake'>
    readonly inTransaction: InTransaction
  }) {
    this.#log = deps.log
    this.#outbox = deps.outbox
    this.#inTransaction = deps.inTransaction
  }

  /** The rejection was sent, or could not be. */
  async settle(scope: AccountScope, call: OfferedCall, isRejected: boolean): Promise<void> {
    const lane = await this.#inTransaction(async (tx) => {
      await lockDevice(tx, scope.deviceId)
      return this.#log.applyOutcome(tx, scope, call, isRejected)
    })
    this.#outbox.released(scope.deviceId, lane)
    this.#outbox.wake()
  }
}
