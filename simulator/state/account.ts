import type { KeyPair } from 'baileys'
import { Changes } from './changes.ts'
import type { Device } from './device.ts'
import { LinkedDevice } from './linked-device.ts'

/** What a business tells of itself; times are minutes since midnight. */
export interface BusinessFacts {
  email?: string
  address?: string
  categories?: { id: string; name: string }[]
  options?: Record<string, string>
  timezone?: string
  hours?: { day: string; mode: string; open?: number; close?: number }[]
}

/** One WhatsApp account as the server keeps it: who it is, its devices and its settings. */
export class Account {
  /** Digits only. */
  readonly phone: string
  /** User part of the LID. */
  readonly lidUser: string
  /** The phone's identity key pair, whose private half signs linked devices. @sensitive */
  readonly identity: KeyPair
  readonly changes = new Changes()
  /** By device number; the phone is 0. */
  readonly devices = new Map<number, Device>()
  /** Name shown to others, as the phone set it. */
  pushName: string
  about = 'Hey there! I am using WhatsApp.'
  aboutSetAt = 0
  /** Verified business name; undefined for private accounts. */
  businessName: string | undefined
  /** What a business tells of itself besides its name. */
  business: BusinessFacts = {}
  /** Whether others learn the number: without it the server names this account by its LID alone. */
  showsPhone = true
  /** Whether the server tells this account's LID to who asks by phone number. */
  tellsLid = true
  /** Default disappearing timer for new chats, in seconds. */
  disappearingSeconds = 0
  disappearingSetAt = 0
  /** Id of the profile picture; undefined without one. */
  pictureId: string | undefined
  /** Privacy settings by category, as `privacy get` serves them. */
  readonly privacy = new Map<string, string>(DEFAULT_PRIVACY)
  /** Whom the account's status is shown to, and the people that list names. */
  statusPrivacy: { type: 'contacts' | 'blacklist' | 'whitelist'; people: string[] } = {
    type: 'contacts',
    people: [],
  }
  /** LIDs this account has blocked. */
  readonly blocked = new Set<string>()
  /** Accounts that asked for this one's devices; their clients hear when the devices change. */
  readonly watchers = new Set<Account>()
  #nextDevice = 1

  constructor(identity: { phone: string; lidUser: string; pushName: string; key: KeyPair }) {
    this.phone = identity.phone
    this.lidUser = identity.lidUser
    this.pushName = identity.pushName
    this.identity = identity.key
  }

  /** JID by phone number. */
  get pn(): string {
    return `${this.phone}@s.whatsapp.net`
  }

  /** JID by LID. */
  get lid(): string {
    return `${this.lidUser}@lid`
  }

  /** Real clients linked to this account, by device number. */
  get linkedDevices(): LinkedDevice[] {
    return [...this.devices.values()].filter((device) => device instanceof LinkedDevice)
  }

  /** The number the next device gets; numbers are never used twice. */
  takeDeviceNumber(): number {
    return this.#nextDevice++
  }

  /** Adds a device under its number. */
  addDevice(device: Device): void {
    this.devices.set(device.number, device)
    this.changes.notify()
  }

  /** Forgets a device; its number stays used. */
  removeDevice(device: Device): void {
    this.devices.delete(device.number)
    this.changes.notify()
  }
}

const DEFAULT_PRIVACY: [string, string][] = [
  ['readreceipts', 'all'],
  ['last', 'all'],
  ['online', 'all'],
  ['profile', 'all'],
  ['status', 'all'],
  ['groupadd', 'all'],
  ['calladd', 'all'],
  ['messages', 'all'],
]
