import type { BinaryNode } from 'baileys'
import { preKeysLow } from '../protocol/push/notifications.ts'
import type { ClientConnection } from '../transport/client-connection.ts'
import type { Account } from './account.ts'
import { BoundedLog } from './bounded-log.ts'
import { Changes } from './changes.ts'
import { DeliveryQueue } from './delivery-queue.ts'
import { Device, type DeviceKeys } from './device.ts'

/** With so many one-time prekeys left the server asks for more. */
const LOW_PREKEYS = 4

/** A real client that paired with an account of this world. */
export class LinkedDevice extends Device {
  /** The client's static Noise key; a login with another one is refused. */
  readonly noiseKey: Buffer
  /** Position in the account's signed list of devices. */
  readonly keyIndex: number
  /** Signed device identity as the client sent it back at pairing. */
  readonly signedIdentity: Buffer
  readonly queue: DeliveryQueue
  readonly changes = new Changes()
  /** The socket that is logged in as this device, if any. */
  connection: ClientConnection | undefined
  /** Device identity from its messages that was found genuine; the signatures are checked once. */
  checkedIdentity: Buffer | undefined
  /** How often this device has logged in since it was linked. */
  logins = 0
  /** True until the device was active for the first time after it was linked. */
  isNew = true
  /** What the client last announced. */
  presence: 'available' | 'unavailable' = 'unavailable'
  /** All that it announced, oldest first. */
  readonly announced = new BoundedLog<'available' | 'unavailable'>(100)
  /** Whose presence and typing it has asked for, as it named them. */
  readonly subscriptions = new Set<string>()

  constructor(
    account: Account,
    number: number,
    keys: DeviceKeys,
    pairing: { noiseKey: Buffer; keyIndex: number; signedIdentity: Buffer },
  ) {
    super(account, number, keys)
    this.noiseKey = pairing.noiseKey
    this.keyIndex = pairing.keyIndex
    this.signedIdentity = pairing.signedIdentity
    this.queue = new DeliveryQueue(() => this.changes.notify())
  }

  override deliver(stanza: BinaryNode): void {
    this.queue.push(stanza)
  }

  protected override preKeysTaken(): void {
    // Told once on the way down: a notification per key would start an upload for each.
    if (this.preKeys.count === LOW_PREKEYS) this.deliver(preKeysLow(this.preKeys.count))
  }

  /** Sends a stanza that is not worth keeping, such as a presence: dropped when no client is connected. */
  tell(stanza: BinaryNode): void {
    if (this.isOnline) this.connection?.send(stanza)
  }

  /** True while a client is logged in as this device. */
  get isOnline(): boolean {
    return this.connection?.state === 'logged-in'
  }
}
