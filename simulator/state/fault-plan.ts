import type { Account } from './account.ts'

/** What can go wrong on demand. */
export type FaultKind =
  | 'delay-ack'
  | 'drop-ack'
  | 'refuse'
  | 'close-before-ack'
  | 'receipt-before-ack'
  | 'duplicate'
  | 'reorder'
  | 'undecryptable'
  | 'drop-during-offline'
  | 'fail-login'
  | 'bad-signed-prekey'
  | 'forged-account-signature'
  | 'wrong-noise-certificate'
  | 'drop-before-sign'
  | 'drop-before-restart'
  | 'ignore-iq'
  | 'refuse-iq'
  | 'delay-iq-answer'
  | 'delay-patch-answer'
  | 'app-state-race'
  | 'withhold-app-state-keys'

/** One planned fault. */
export interface PlannedFault {
  kind: FaultKind
  /** How often it still happens. */
  remaining: number
  /** Only for clients of this account; for everybody when absent. */
  account?: Account | undefined
  /** Milliseconds, an error code, or a number of stanzas, as the kind asks. */
  value?: number | undefined
  /** What it is about, where the kind asks for it: the namespace of an IQ, a collection of app state. */
  subject?: string | undefined
}

/** The faults that are planned. The protocol takes them where they apply; each take uses one up. */
export class FaultPlan {
  #planned: PlannedFault[] = []

  /** Plans a fault. */
  add(fault: PlannedFault): void {
    this.#planned.push(fault)
  }

  /** Uses up one fault of that kind that applies to the account, or returns undefined. */
  take(kind: FaultKind, account: Account | undefined, subject?: string): PlannedFault | undefined {
    const found = this.#planned.find(
      (each) =>
        each.kind === kind &&
        (each.account === undefined || each.account === account) &&
        (each.subject === undefined || each.subject === subject),
    )
    if (!found) return undefined
    found.remaining--
    if (found.remaining <= 0) this.#planned = this.#planned.filter((each) => each !== found)
    return found
  }

  /** Forgets everything that is planned. */
  clear(): void {
    this.#planned = []
  }
}
