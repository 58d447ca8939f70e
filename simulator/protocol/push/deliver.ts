import type { BinaryNode } from 'baileys'
import type { Device } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import { LinkedDevice } from '../../state/linked-device.ts'
import { bytes, children } from '../stanza.ts'

/** Hands stanzas to devices, with the faults that are planned for real clients' messages. */
export class Deliverer {
  readonly #faults: FaultPlan
  readonly #heldBack = new Map<Device, BinaryNode>()

  constructor(faults: FaultPlan) {
    this.#faults = faults
  }

  /** Hands a stanza to a device. Never waits: what the device cannot take now is kept for it. */
  deliver(device: Device, stanza: BinaryNode): void {
    if (!(device instanceof LinkedDevice)) {
      device.deliver(stanza)
      return
    }
    for (const each of this.#withFaults(device, stanza)) device.deliver(each)
  }

  #withFaults(device: LinkedDevice, stanza: BinaryNode): BinaryNode[] {
    if (stanza.tag !== 'message' || stanza.attrs['category'] === 'peer') return [stanza]
    const { account } = device
    const sent = this.#faults.take('undecryptable', account) ? damaged(stanza) : stanza
    const held = this.#heldBack.get(device)
    if (held) {
      this.#heldBack.delete(device)
      return [sent, held]
    }
    if (this.#faults.take('reorder', account)) {
      this.#heldBack.set(device, sent)
      return []
    }
    return this.#faults.take('duplicate', account) ? [sent, sent] : [sent]
  }
}

/** The stanza with the last byte of every ciphertext turned over, so that its MAC does not fit. */
export function damaged(stanza: BinaryNode): BinaryNode {
  const content = children(stanza).map((each) => {
    if (each.tag !== 'enc') return each
    const ciphertext = Buffer.from(bytes(each))
    const last = ciphertext.length - 1
    ciphertext.writeUInt8(ciphertext.readUInt8(last) ^ 0xff, last)
    return { ...each, content: ciphertext }
  })
  return { ...stanza, content }
}
