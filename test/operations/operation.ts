// Owns: what one line of the table of operations says. The table itself is in the files beside it.
import type { Person } from '@gatewa/simulator'
import type { Answer, Gateway, TestWorld } from '../harness.ts'

/**
 * The world that all operations of one run share: `main` is linked to Ada; `blank` is a slot that was never linked; Bo and Cy
 * are people with a phone. An operation makes the group, message or chat that it needs by itself.
 */
export interface OperationWorld {
  readonly world: TestWorld
  readonly gateway: Gateway
  readonly ada: Person
  readonly bo: Person
  readonly cy: Person
}

/** A call that has to be refused. */
export interface RefusedCall {
  readonly call: (world: OperationWorld) => Promise<Answer>
  readonly status: number
  /** The wire code; left out where only the status is promised. */
  readonly code?: string
  /** The exact sentence. */
  readonly message?: string
}

/** What is promised of one operation of the published contract. */
export interface Operation {
  readonly operationId: string
  /**
   * Makes a right call, reads its effect where it has to be (the phone of a contact, the group at the server, the app state)
   * and answers what the call answered; the body is then checked against the contract.
   */
  readonly works: (world: OperationWorld) => Promise<Answer>
  /** Declared members that this call's answer rightly lacks (`results.phone_number`; `results.data.x` for entries of a list). */
  readonly mayLack?: readonly string[]
  /** Calls that have to be refused, by what is wrong with them. */
  readonly refuses?: Readonly<Record<string, RefusedCall>>
}
