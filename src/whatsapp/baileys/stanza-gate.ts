import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import type { BinaryNode } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import { SerialQueue } from '../../core/serial-queue.ts'
import { toNumber } from './incoming/content.ts'
import { messageTurn } from './message-turn.ts'
import { isWorthReplaying } from './replay.ts'
import { answeringRetry } from './retry-context.ts'
import { callbackNames } from './stanza-dispatch.ts'
import type { StanzaJournal } from './stanza-journal.ts'
import { stanzaKey } from './stanza-key.ts'

/** Tags whose stanzas are journaled before Baileys may see (and so acknowledge) them. */
const journaledTags: ReadonlySet<string> = new Set(['message', 'receipt', 'notification', 'call'])

/** How long frames are handed over before everything else gets a turn. */
const intakeSliceMs = 4

/** Stanzas journaled in one go: a few milliseconds' work. */
const mostPerCommit = 100

/** Settled rows are removed together after this time: to remove one costs as much as to write it. */
const settleDelayMs = 50

/** What became of the stanza that is being handled; failures that Baileys only logs are noted here. */
export interface StanzaRun {
  /** Set when the answer (receipt, ack) could not be sent because the connection was going down. */
  lostConnection: boolean
}

export interface StanzaGateDeps {
  readonly deviceId: DeviceId
  /** Baileys' socket emitter; `install` replaces its `emit`. */
  readonly emitter: EventEmitter
  readonly journal: StanzaJournal
  /** False while the connection is unpaired: then nothing is held. */
  readonly holds: boolean
  /** Whether the socket could still send at this moment. */
  readonly isAlive: () => boolean
  /** Called with every frame that arrives. */
  readonly onFrame: () => void
  /** Called in the order of handling when a stanza that will be handled is here, before its row is written. */
  readonly onArrival: (node: BinaryNode) => void
  /** Called when a stanza is about to be handled: may push facts of its own. What it returns is waited for. */
  readonly onDispatch: (node: BinaryNode) => Promise<void> | undefined
  /** Called when a stanza has been handled. */
  readonly onHandled: (node: BinaryNode) => void
  /**
   * Resolves once all facts that came up so far are committed, and what the stanza announced. Rejects when they are not and
   * will not be; stays pending where the next connection is to handle the stanza again.
   */
  readonly committed: (node: BinaryNode) => Promise<void>
  /** The error of a key write that failed, if one did: then nothing may be settled. */
  readonly storageFailure: () => Error | null
  /** Called when facts or stanzas could not be committed: the connection must be renewed so that they come again. */
  readonly onFailure: (error: Error) => void
  readonly clock: Clock
  readonly logger: Logger
}

interface Held {
  readonly node: BinaryNode
  /** null for stanzas that only keep their place in the order. */
  readonly key: string | null
}

/**
 * Stands between WhatsApp's socket and Baileys' handlers, which acknowledge first and report later. Stanzas that carry
 * facts are held until their journal row is committed, handled in order, and settled only when what they led to is
 * committed as well. After the connection has ended nothing held is dispatched: it waits in the journal for the next one.
 */
export class StanzaGate {
  readonly #deps: StanzaGateDeps
  readonly #run = new AsyncLocalStorage<StanzaRun>()
  readonly #lanes = new Map<string, SerialQueue>()
  /** Keys of stanzas on their way: a redelivery of one of them is dropped, its handler answers for both. */
  readonly #known = new Set<string>()
  readonly #arrived: Held[] = []
  #ready: Held[] = []
  #settled: string[] = []
  #suppressed: unknown = null
  /** What the network said and Baileys has not heard yet: frames, and the end of the connection behind them. */
  readonly #intake: { readonly name: string; readonly args: unknown[] }[] = []
  #isTakingIn = false
  #isStarted = false
  #isWriting = false
  #isDispatching = false
  #stopSettleTimer: (() => void) | null = null

  constructor(deps: StanzaGateDeps) {
    this.#deps = deps
  }

  /** How many journaled stanzas are not settled yet. */
  get unsettledCount(): number {
    return this.#known.size
  }

  /** The stanza whose handling the calling code belongs to, if any. */
  get currentRun(): StanzaRun | undefined {
    return this.#run.getStore()
  }

  /** Takes over the emitter. From now on a listener that rejects is logged instead of ending the process. */
  install(): void {
    this.#deps.emitter.emit = (name: string | symbol, ...args: unknown[]): boolean => this.#emit(name, args)
  }

  /** Feeds what earlier connections left unsettled, then what was held meanwhile, then everything as it comes. */
  async start(): Promise<void> {
    const { journal, deviceId, clock } = this.#deps
    const now = clock.now()
    for (const stanza of await journal.unsettled(deviceId)) {
      const node = deserialize(stanza.node) as BinaryNode // written by #journal below
      if (isWorthReplaying(node, now)) {
        if (this.#known.has(stanza.key)) continue
        this.#known.add(stanza.key)
        this.#ready.push({ node, key: stanza.key })
        this.#deps.onArrival(node)
      } else {
        this.#settle(stanza.key)
      }
    }
    this.#isStarted = true
    for (const { node, key } of this.#arrived) if (key !== null) this.#deps.onArrival(node)
    this.#kickDispatcher()
    this.#kickWriter()
  }

  #emit(name: string | symbol, args: unknown[]): boolean {
    if (name === 'message' || name === 'close' || name === 'error') {
      this.#intake.push({ name, args })
      if (!this.#isTakingIn) void this.#takeIn()
      return true
    }
    const subject = args[0]
    if (name === 'frame') {
      this.#deps.onFrame()
      this.#suppressed = null
      const isTaken = isNode(subject) && this.#take(subject)
      if (isTaken) this.#suppressed = subject
      return this.#call(name, args) || isTaken
    }
    // Baileys announces one frame under many names, all in one turn.
    if (subject !== undefined && subject === this.#suppressed) return true
    return this.#call(name, args)
  }

  /** Hands frames over in slices: `ws` announces all that one read of the network brought in a single turn. */
  async #takeIn(): Promise<void> {
    this.#isTakingIn = true
    let sliceEnd = performance.now() + intakeSliceMs
    for (let next = this.#intake.shift(); next !== undefined; next = this.#intake.shift()) {
      this.#call(next.name, next.args)
      // Baileys decodes a frame over several microtasks; the end of the connection must not overtake them.
      for (let step = 0; step < 5; step++) await Promise.resolve()
      if (performance.now() < sliceEnd) continue
      await nextTurn()
      sliceEnd = performance.now() + intakeSliceMs
    }
    this.#isTakingIn = false
  }

  #call(name: string | symbol, args: unknown[]): boolean {
    const listeners = this.#deps.emitter.rawListeners(name)
    for (const result of listeners.map((listener) => this.#invoke(listener, args))) {
      result.catch((error: unknown) => {
        this.#deps.logger.warn(
          { event: String(name), reason: toError(error).message },
          'socket listener failed',
        )
        // A frame that cannot be read leaves both sides with different counters.
        if (name === 'message') this.#deps.onFailure(toError(error))
      })
    }
    return listeners.length > 0
  }

  /** Calls a listener now; whatever it throws or rejects with comes back as a rejection. */
  #invoke(listener: unknown, args: unknown[]): Promise<unknown> {
    try {
      if (typeof listener !== 'function') return Promise.resolve()
      const outcome: unknown = Reflect.apply(listener, this.#deps.emitter, args)
      return Promise.resolve(outcome)
    } catch (error) {
      return Promise.reject(toError(error))
    }
  }

  /** Holds a stanza if it is of the kind; false lets it pass at once. */
  #take(node: BinaryNode): boolean {
    if (!this.#deps.holds) return false
    if (node.tag === 'ib') {
      this.#arrived.push({ node, key: null })
    } else if (journaledTags.has(node.tag)) {
      const key = stanzaKey(node)
      if (this.#known.has(key)) return true
      this.#known.add(key)
      // Without a time of its own it would be of 1970; once journaled it keeps that of its arrival.
      if (toNumber(node.attrs.t) <= 0) node.attrs.t = toSeconds(this.#deps.clock.now())
      this.#arrived.push({ node, key })
      if (this.#isStarted) this.#deps.onArrival(node)
    } else {
      return false
    }
    this.#kickWriter()
    return true
  }

  #kickWriter(): void {
    if (!this.#isStarted || this.#isWriting || this.#arrived.length === 0) return
    this.#isWriting = true
    void this.#write()
  }

  async #write(): Promise<void> {
    while (this.#arrived.length > 0 && this.#deps.isAlive()) {
      const batch = this.#arrived.splice(0, mostPerCommit)
      try {
        await this.#journal(batch)
      } catch (error) {
        this.#deps.onFailure(toError(error))
        return
      }
      for (const held of batch) this.#ready.push(held)
      this.#kickDispatcher()
    }
    this.#isWriting = false
  }

  async #journal(batch: readonly Held[]): Promise<void> {
    const receivedAt = this.#deps.clock.now()
    const stanzas = batch.flatMap((held) =>
      held.key === null ? [] : [{ key: held.key, node: serialize(held.node), receivedAt }],
    )
    if (stanzas.length > 0) await this.#deps.journal.add(this.#deps.deviceId, stanzas)
  }

  #kickDispatcher(): void {
    if (!this.#isStarted || this.#isDispatching || this.#ready.length === 0) return
    this.#isDispatching = true
    void this.#dispatch()
  }

  async #dispatch(): Promise<void> {
    while (this.#ready.length > 0) {
      const batch = this.#ready
      this.#ready = []
      for (const { node, key } of batch) {
        if (!this.#deps.isAlive()) return
        if (key === null) {
          for (const name of callbackNames(node)) this.#call(name, [node])
        } else {
          // Baileys handles one message at a time, one receipt at a time and so on, but takes its place in the line
          // only after some awaits; a lane per tag keeps the order of arrival and leaves one handler per tag under way.
          void this.#laneOf(node.tag).run(() => this.#handle(node, key))
        }
      }
      await nextTurn()
    }
    this.#isDispatching = false
  }

  async #handle(node: BinaryNode, key: string): Promise<void> {
    const { isAlive, onDispatch, onHandled, onFailure } = this.#deps
    const run: StanzaRun = { lostConnection: false }
    try {
      if (!isAlive()) return
      const preparation = onDispatch(node)
      if (preparation !== undefined) {
        await preparation
        if (!isAlive()) return
      }
      await Promise.all(this.#run.run(run, () => this.#callHandlersOf(node)))
      if (run.lostConnection && isAlive()) {
        // Its answer was not sent and Baileys dropped its events: only a new connection brings it again.
        onFailure(new Error('an answer could not be sent'))
      } else if (isAlive() && !run.lostConnection) {
        onHandled(node)
        void this.#settleWhenCommitted(node, key)
      }
    } catch (error) {
      // Baileys' handlers catch their own errors; what comes through is a broken stanza and would be so again.
      this.#deps.logger.warn({ tag: node.tag, reason: toError(error).message }, 'stanza could not be handled')
      if (isAlive()) void this.#settleWhenCommitted(node, key)
    } finally {
      // Everything between two messages may have run in microtasks: let timers, HTTP and the socket have a turn.
      await nextTurn()
    }
  }

  #callHandlersOf(node: BinaryNode): Promise<unknown>[] {
    const isRetry = node.tag === 'receipt' && node.attrs.type === 'retry'
    const call = () =>
      isRetry ? answeringRetry.run(true, () => this.#callHandlers(node)) : this.#callHandlers(node)
    return node.tag === 'message' || node.tag === 'receipt' ? messageTurn.run(true, call) : call()
  }

  #callHandlers(node: BinaryNode): Promise<unknown>[] {
    // With `offline` set Baileys would queue the stanza and return, and nobody could tell when it is done. It looks at
    // the attribute first thing; later readers (append or notify) find it again.
    const { offline } = node.attrs
    delete node.attrs.offline
    try {
      return callbackNames(node).flatMap((name) =>
        this.#deps.emitter.rawListeners(name).map((listener) => this.#invoke(listener, [node])),
      )
    } finally {
      if (offline !== undefined) node.attrs.offline = offline
    }
  }

  async #settleWhenCommitted(node: BinaryNode, key: string): Promise<void> {
    const { committed, storageFailure, onFailure } = this.#deps
    try {
      await committed(node)
    } catch (error) {
      onFailure(toError(error))
      return
    }
    const failure = storageFailure()
    if (failure === null) this.#settle(key)
    else onFailure(failure)
  }

  /** Removes what is settled now instead of a little later. Never rejects. */
  async flush(): Promise<void> {
    this.#stopSettleTimer?.()
    this.#stopSettleTimer = null
    const keys = this.#settled
    this.#settled = []
    if (keys.length === 0) return
    try {
      await this.#deps.journal.settle(this.#deps.deviceId, keys)
    } catch (error) {
      // Harmless: they are fed once more and change nothing.
      this.#deps.logger.warn({ reason: toError(error).message }, 'settled stanzas could not be removed')
    }
    for (const key of keys) this.#known.delete(key)
  }

  #settle(key: string): void {
    this.#settled.push(key)
    this.#stopSettleTimer ??= this.#deps.clock.after(settleDelayMs, () => void this.flush())
  }

  #laneOf(tag: string): SerialQueue {
    let lane = this.#lanes.get(tag)
    if (lane === undefined) {
      lane = new SerialQueue()
      this.#lanes.set(tag, lane)
    }
    return lane
  }
}

function toSeconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000))
}

function isNode(frame: unknown): frame is BinaryNode {
  return typeof frame === 'object' && frame !== null && 'tag' in frame && 'attrs' in frame
}
