import type { AppError } from '../core/app-error.ts'
import type { DeviceId } from '../core/ids.ts'
import { aFakeAccount, FakeSession, type FakeWorld } from './fake-session.ts'
import type { Jid } from './jid.ts'
import type { Account, SessionListener, WhatsAppEngine, WhatsAppSession } from './whatsapp-session.ts'

/**
 * WhatsApp in memory, for tests of services and routes: passes the same contract as the real engine
 * (`session-contract.ts`). A linked device opens by itself; an unlinked one shows a QR code that `FakeSession.scan` takes.
 */
export class FakeEngine implements WhatsAppEngine {
  /** Every session opened so far, oldest first. */
  readonly sessions: FakeSession[] = []
  /** Devices whose keys were deleted, in order. */
  readonly forgotten: DeviceId[] = []
  /** With false a session waits for the test to call `FakeSession.answer`, as if the server were slow. */
  answersByItself = true
  readonly #world: FakeWorld
  #waiters: { deviceId: DeviceId; take: (session: FakeSession) => void }[] = []

  constructor(options: { now?: () => Date } = {}) {
    this.#world = {
      accounts: new Map(),
      notOnWhatsApp: new Set(),
      now: options.now ?? (() => new Date()),
      pairingFailure: null,
      acksHeld: false,
      sendFailure: null,
    }
  }

  // === Verbs of the test

  /** Makes the device linked, as if it had been paired before; returns its account. */
  link(deviceId: DeviceId, account: Account = aFakeAccount()): Account {
    this.#world.accounts.set(deviceId, account)
    return account
  }

  /** The device's latest session; throws when none was opened. */
  session(deviceId: DeviceId): FakeSession {
    const session = this.sessions.findLast((candidate) => candidate.deviceId === deviceId)
    if (session === undefined) throw new Error(`no session was opened for ${deviceId}`)
    return session
  }

  /** How many sessions were ever opened for the device. */
  opened(deviceId: DeviceId): number {
    return this.sessions.filter((session) => session.deviceId === deviceId).length
  }

  /** Resolves with the next session opened for the device. */
  nextSession(deviceId: DeviceId): Promise<FakeSession> {
    return new Promise((take) => this.#waiters.push({ deviceId, take }))
  }

  /** Numbers that are not registered on WhatsApp. */
  hide(...phones: Jid[]): void {
    for (const phone of phones) this.#world.notOnWhatsApp.add(phone)
  }

  /** From now on acks wait for `FakeSession.releaseAcks`; false ends that for later sends. */
  holdAcks(held = true): void {
    this.#world.acksHeld = held
  }

  /** From now on every send is answered with `failure`; null ends that. */
  refuseSends(failure: AppError | null): void {
    this.#world.sendFailure = failure
  }

  /** From now on every request for a pairing code is answered with `failure`; null ends that. */
  refusePairingCodes(failure: AppError | null): void {
    this.#world.pairingFailure = failure
  }

  // === The port

  async selfCheck(): Promise<void> {
    // Nothing is signed here, so there is nothing to prove.
  }

  async open(deviceId: DeviceId, listener: SessionListener): Promise<WhatsAppSession> {
    const session = new FakeSession(deviceId, listener, this.#world)
    this.sessions.push(session)
    const waiting = this.#waiters.filter((waiter) => waiter.deviceId === deviceId)
    this.#waiters = this.#waiters.filter((waiter) => waiter.deviceId !== deviceId)
    for (const waiter of waiting) waiter.take(session)
    if (this.answersByItself) queueMicrotask(() => session.answer())
    return session
  }

  async account(deviceId: DeviceId): Promise<Account | null> {
    return this.#world.accounts.get(deviceId) ?? null
  }

  async forget(deviceId: DeviceId): Promise<void> {
    this.#world.accounts.delete(deviceId)
    this.forgotten.push(deviceId)
  }
}
