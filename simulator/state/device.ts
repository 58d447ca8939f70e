import type { BinaryNode } from 'baileys'
import type { Account } from './account.ts'
import { deviceJid } from './ids.ts'
import { PreKeyPool, type PublicPreKey, type PublicSignedPreKey } from './prekey-pool.ts'

/** What a device shows the server when it is registered. */
export interface DeviceKeys {
  registrationId: number
  /** 32 bytes, without the version byte. */
  identityKey: Buffer
  signedPreKey: PublicSignedPreKey
}

/**
 * One device of an account as the server knows it. Device 0 is the phone. Subclasses say where a stanza goes:
 * to the socket of a real client (`LinkedDevice`) or to a simulated one in this process (`SimulatedDevice`).
 */
export abstract class Device {
  readonly account: Account
  readonly number: number
  readonly preKeys = new PreKeyPool()
  keys: DeviceKeys

  constructor(account: Account, number: number, keys: DeviceKeys) {
    this.account = account
    this.number = number
    this.keys = keys
  }

  /** Hands one stanza to the device; what the device cannot take now is kept for it. Never waits. */
  abstract deliver(stanza: BinaryNode): void

  /** Takes a one-time prekey for somebody who starts a session; the device hears of it when few are left. */
  takePreKey(): PublicPreKey | undefined {
    const key = this.preKeys.take()
    this.preKeysTaken()
    return key
  }

  /** Called after a prekey was handed out; subclasses see to it that more come. */
  protected abstract preKeysTaken(): void

  /** JID of this device by phone number. */
  get pn(): string {
    return deviceJid(this.account.phone, 's.whatsapp.net', this.number)
  }

  /** JID of this device by LID. */
  get lid(): string {
    return deviceJid(this.account.lidUser, 'lid', this.number)
  }
}
