import type { BinaryNode } from 'baileys'
import type { Logger } from 'pino'
import type { Device } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import { parseJid } from '../../state/ids.ts'
import type { World } from '../../state/world.ts'
import { el, nowSeconds } from '../stanza.ts'
import { Deliverer } from './deliver.ts'
import { type Fanout, fanOut, isForeignDestination } from './message-fanout.ts'
import { receiptIds, routeReceipt } from './receipt-routing.ts'
import { faultOf } from './referee.ts'

/** Takes what goes to a JID server that is not a user, a group or the status broadcast. */
export interface Destination {
  /** Looks at a message: the refusal's code, or what the ack says besides and the step that hands it on. */
  message(
    sender: Device,
    stanza: BinaryNode,
    timestamp: number,
  ): { error: number } | { attributes: Record<string, string | number>; deliver(): void }
  receipt(sender: Device, receipt: BinaryNode): void
}

/** A message the server has looked at: its ack, and the step that hands it to the recipients. */
export interface Submission {
  ack: BinaryNode
  /** Seconds since 1970, as in the ack. */
  timestamp: number
  /** The refusal's code, when the message was refused; `deliver` does nothing then. */
  error: number | undefined
  deliver(): void
}

/** Carries stanzas between devices, whatever kind of device they are. */
export class Router {
  readonly #world: World
  readonly #logger: Logger
  readonly #deliverer: Deliverer
  readonly #destinations = new Map<string, Destination>()
  readonly #receiptWatchers = new Set<(device: Device, ids: string[]) => void>()

  constructor(world: World, faults: FaultPlan, logger: Logger) {
    this.#world = world
    this.#logger = logger
    this.#deliverer = new Deliverer(faults)
  }

  /** Registers who takes messages to a JID server such as `newsletter`. */
  addDestination(server: string, destination: Destination): void {
    this.#destinations.set(server, destination)
  }

  /** Looks at a message a device hands in; nobody gets it before `deliver` is called. */
  submit(sender: Device, stanza: BinaryNode): Submission {
    const { id, to = '' } = stanza.attrs
    const timestamp = nowSeconds()
    const ack = el('ack', { class: 'message', id, from: to, t: timestamp })
    const destination = this.#destinations.get(parseJid(to)?.server ?? '')
    if (destination) return toDestination(destination, { sender, stanza, ack, timestamp })
    const fault = faultOf(sender, stanza)
    const fanout = fault ? { error: 479 } : this.#fanOut(sender, stanza, timestamp)
    if ('error' in fanout) {
      this.#logger.warn({ id, error: fanout.error, fault }, 'message refused')
      ack.attrs['error'] = String(fanout.error)
      return { ack, timestamp, error: fanout.error, deliver: () => undefined }
    }
    const deliver = () => {
      for (const copy of fanout.copies) this.#deliverer.deliver(copy.device, copy.stanza)
    }
    return { ack, timestamp, error: undefined, deliver }
  }

  #fanOut(sender: Device, stanza: BinaryNode, timestamp: number): Fanout {
    if (isForeignDestination(stanza.attrs['to'] ?? '')) return { error: 404 }
    return fanOut(this.#world, sender, stanza, timestamp)
  }

  /** Passes a receipt on to whom it concerns. */
  receipt(sender: Device, receipt: BinaryNode): void {
    const destination = this.#destinations.get(parseJid(receipt.attrs['to'])?.server ?? '')
    if (destination) {
      destination.receipt(sender, receipt)
      return
    }
    for (const { device, stanza } of routeReceipt(this.#world, sender, receipt)) {
      this.deliver(device, stanza)
    }
  }

  /** Hands any stanza to a device; it is kept for the device until the device has confirmed it. */
  deliver(device: Device, stanza: BinaryNode): void {
    this.#deliverer.deliver(device, stanza)
    if (stanza.tag !== 'receipt') return
    const ids = receiptIds(stanza)
    for (const watcher of [...this.#receiptWatchers]) watcher(device, ids)
  }

  /** Calls `watcher` whenever a receipt was handed to a device; returns the function that stops it. */
  onReceipt(watcher: (device: Device, ids: string[]) => void): () => void {
    this.#receiptWatchers.add(watcher)
    return () => this.#receiptWatchers.delete(watcher)
  }
}

function toDestination(
  destination: Destination,
  handed: { sender: Device; stanza: BinaryNode; ack: BinaryNode; timestamp: number },
): Submission {
  const { ack, timestamp } = handed
  const taken = destination.message(handed.sender, handed.stanza, timestamp)
  if ('error' in taken) {
    ack.attrs['error'] = String(taken.error)
    return { ack, timestamp, error: taken.error, deliver: () => undefined }
  }
  for (const [name, value] of Object.entries(taken.attributes)) ack.attrs[name] = String(value)
  return { ack, timestamp, error: undefined, deliver: () => taken.deliver() }
}
