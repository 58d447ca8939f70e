import type { BinaryNode } from 'baileys'
import { el } from '../protocol/stanza.ts'
import type { Account } from '../state/account.ts'
import type { FaultKind, FaultPlan } from '../state/fault-plan.ts'
import type { ClientConnection } from '../transport/client-connection.ts'

/** Whom a fault concerns: a person, or anything that has an account. */
export interface HasAccount {
  readonly account: Account
}

/** How often a planned fault happens (default 1, `Infinity` for always) and for whose clients (default everybody's). */
export interface FaultScope {
  count?: number
  person?: HasAccount
}

/** Faults on demand. Planned ones happen at the next occasions; `streamError` happens at once. */
export class Faults {
  readonly #plan: FaultPlan

  constructor(plan: FaultPlan) {
    this.#plan = plan
  }

  // === Messages that clients send

  /** Acks messages `ms` milliseconds late. */
  delay(ms: number, scope: FaultScope = {}): void {
    this.#add('delay-ack', scope, ms)
  }

  /** Delivers messages but never acks them. */
  dropAck(scope: FaultScope = {}): void {
    this.#add('drop-ack', scope)
  }

  /** Refuses messages: `<ack error=code>`, and nobody gets them. */
  refuseWith(code: number, scope: FaultScope = {}): void {
    this.#add('refuse', scope, code)
  }

  /** Delivers a message and cuts the sender's socket instead of acking. */
  closeBeforeAck(scope: FaultScope = {}): void {
    this.#add('close-before-ack', scope)
  }

  /** Holds the ack back until a receipt for the message has gone to the sender (at most 3 s). */
  receiptBeforeAck(scope: FaultScope = {}): void {
    this.#add('receipt-before-ack', scope)
  }

  // === Stanzas to clients

  /** Sends a message to a client twice. */
  duplicateStanza(scope: FaultScope = {}): void {
    this.#add('duplicate', scope)
  }

  /** Holds a message back until the next stanza for the same client has gone, then sends it. */
  reorder(scope: FaultScope = {}): void {
    this.#add('reorder', scope)
  }

  /** Damages the ciphertext of a message to a client, who then asks for it again. */
  undecryptable(scope: FaultScope = {}): void {
    this.#add('undecryptable', scope)
  }

  /** Cuts the socket after `after` stanzas of the offline queue. */
  dropDuringOffline(after: number, scope: FaultScope = {}): void {
    this.#add('drop-during-offline', scope, after)
  }

  // === Connection, pairing and keys

  /** Answers the person's next logins with `<failure reason>`. */
  failNextLogin(person: HasAccount | undefined, reason: number, count = 1): void {
    this.#add('fail-login', person ? { count, person } : { count }, reason)
  }

  /** Ends a connection, or all of a person's, with `<stream:error>`; 440 is conflict replaced, 401 device removed. */
  streamError(target: ClientConnection | HasAccount, code: number): void {
    for (const connection of connectionsOf(target)) connection.endWithStreamError(...streamErrorFor(code))
  }

  /** Leaves a connection, or all of a person's, open and deaf: it answers pings and nothing else, and brings nothing. */
  deafen(target: ClientConnection | HasAccount): void {
    for (const connection of connectionsOf(target)) connection.isDeaf = true
  }

  /** Ends a connection, or all of a person's, with `<xmlstreamend/>`. */
  streamEnd(target: ClientConnection | HasAccount): void {
    for (const connection of connectionsOf(target)) {
      connection.send(el('xmlstreamend'))
      connection.close()
    }
  }

  /** Cuts the socket after pair-success has gone, before the client's signature counts: it is not linked then. */
  dropBeforePairSign(scope: FaultScope = {}): void {
    this.#add('drop-before-sign', scope)
  }

  /** Cuts the socket after the client is linked, instead of sending 515. */
  dropBeforeRestart(scope: FaultScope = {}): void {
    this.#add('drop-before-restart', scope)
  }

  /** Signs the account part of a device identity with a stranger's key. */
  forgedAccountSignature(scope: FaultScope = {}): void {
    this.#add('forged-account-signature', scope)
  }

  /** Signs the certificate chain with a root that is not the server's. */
  wrongNoiseCertificate(count = 1): void {
    this.#add('wrong-noise-certificate', { count })
  }

  /** Hands out the person's key bundles with a signed prekey whose signature is wrong. */
  badSignedPreKey(person: HasAccount, count = 1): void {
    this.#add('bad-signed-prekey', { count, person })
  }

  /** Leaves IQs of a namespace unanswered. */
  ignoreIq(xmlns: string, scope: FaultScope = {}): void {
    this.#plan.add({
      kind: 'ignore-iq',
      remaining: scope.count ?? 1,
      account: scope.person?.account,
      subject: xmlns,
    })
  }

  /** Does what IQs of a namespace ask for, and answers them `ms` milliseconds late. */
  delayIqAnswer(xmlns: string, ms: number, scope: FaultScope = {}): void {
    const { count = 1, person } = scope
    this.#plan.add({
      kind: 'delay-iq-answer',
      remaining: count,
      account: person?.account,
      subject: xmlns,
      value: ms,
    })
  }

  /** Takes a client's patches of a collection of app state, and answers them `ms` milliseconds late. */
  delayPatchAnswer(collection: string, ms: number, scope: FaultScope = {}): void {
    const { count = 1, person } = scope
    this.#plan.add({
      kind: 'delay-patch-answer',
      remaining: count,
      account: person?.account,
      subject: collection,
      value: ms,
    })
  }

  /** Refuses IQs of a namespace with this number; nothing of what they ask for is done. */
  refuseIq(xmlns: string, code: number, scope: FaultScope = {}): void {
    const { count = 1, person } = scope
    this.#plan.add({
      kind: 'refuse-iq',
      remaining: count,
      account: person?.account,
      subject: xmlns,
      value: code,
    })
  }

  /** Lets another device of the account write into a collection just before a client's patch for it is looked at. */
  anotherDeviceWritesFirst(scope: FaultScope = {}): void {
    this.#add('app-state-race', scope)
  }

  /** Keeps the phone from sharing the key of its app state with a client that was just linked. */
  withholdAppStateKey(scope: FaultScope = {}): void {
    this.#add('withhold-app-state-keys', scope)
  }

  /** Forgets all planned faults. */
  clear(): void {
    this.#plan.clear()
  }

  #add(kind: FaultKind, scope: FaultScope, value?: number): void {
    this.#plan.add({ kind, remaining: scope.count ?? 1, account: scope.person?.account, value })
  }
}

function connectionsOf(target: ClientConnection | HasAccount): ClientConnection[] {
  if ('transcript' in target) return [target]
  return target.account.linkedDevices.flatMap(({ connection }) => connection ?? [])
}

function streamErrorFor(code: number): [{ code?: number }, BinaryNode?] {
  if (code === 440) return [{}, el('conflict', { type: 'replaced' })]
  if (code === 401) return [{ code }, el('conflict', { type: 'device_removed' })]
  return [{ code }]
}
