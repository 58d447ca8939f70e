import type { BinaryNode } from 'baileys'
import type { Device } from '../../state/device.ts'

/** Carries stanzas between devices, whatever kind of device they are. */
export interface Router {
  /** Takes a message from a device and hands each recipient device its part. */
  message(sender: Device, stanza: BinaryNode): void
}
