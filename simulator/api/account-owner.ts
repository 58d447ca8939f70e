import type { BinaryNode } from 'baileys'
import type { AppStateServer } from '../protocol/app-state/app-state-server.ts'
import type { NewsletterActions } from '../protocol/newsletters/newsletter-actions.ts'
import { unlink } from '../protocol/pairing/linking.ts'
import type { PairingDesk } from '../protocol/pairing/pairing-desk.ts'
import {
  type ChannelNotice,
  channelNotice,
  channelPostNotice,
  restrictionNotice,
} from '../protocol/push/account-notices.ts'
import type { CallBoard } from '../protocol/push/calls.ts'
import { companionRegRefresh, notification } from '../protocol/push/notifications.ts'
import type { PresenceBoard } from '../protocol/push/presence.ts'
import type { DeviceServices } from '../protocol/signal/simulated-device.ts'
import { el, nowSeconds } from '../protocol/stanza.ts'
import type { Account } from '../state/account.ts'
import type { LinkedDevice } from '../state/linked-device.ts'
import { PersonSettings } from './person-settings.ts'
import { waitFor } from './wait-for.ts'

/** What a person needs of the server. */
export interface PersonServices extends DeviceServices {
  desk: PairingDesk
  presence: PresenceBoard
  calls: CallBoard
  newsletters: NewsletterActions
  appState: AppStateServer
}

/**
 * Somebody who has an account: what they are called, the clients they link, and what they set for the account. What
 * WhatsApp tells those clients by itself is here, too.
 */
export class AccountOwner {
  readonly account: Account
  /** What the person sets on the phone for all devices of the account. */
  readonly settings: PersonSettings
  readonly #services: PersonServices

  constructor(account: Account, services: PersonServices) {
    this.account = account
    this.settings = new PersonSettings(account, services.appState)
    this.#services = services
  }

  // === Who it is

  /** Digits only. */
  get phone(): string {
    return this.account.phone
  }

  /** JID by phone number. */
  get jid(): string {
    return this.account.pn
  }

  /** JID by LID. */
  get lid(): string {
    return this.account.lid
  }

  get name(): string {
    return this.account.pushName
  }

  /** Real clients linked to this account. */
  get linkedDevices(): LinkedDevice[] {
    return this.account.linkedDevices
  }

  // === Linked clients

  /** Scans a QR code; resolves once the client is linked. Its next connection logs in. */
  async scanQr(qrText: string): Promise<LinkedDevice> {
    return this.#services.desk.scan(this.account, qrText)
  }

  /**
   * Types the code a client shows for this number, waiting until one shows any. With `wrong`, another code is typed,
   * and the promise resolves with undefined once the exchange has failed as it must.
   */
  async enterPairingCode(
    code: string,
    options: { wrong?: boolean; timeoutMs?: number } = {},
  ): Promise<LinkedDevice | undefined> {
    const { desk } = this.#services
    await waitFor(
      `a client showing a code for ${this.phone}`,
      desk.changes,
      () => desk.hasCodeRequest(this.account) || undefined,
      options,
    )
    const plain = code.replace('-', '')
    if (!options.wrong) return desk.enterCode(this.account, plain)
    const linked = await desk.enterCode(this.account, wrongCode(plain)).catch(() => undefined)
    if (linked) throw new Error('a wrong pairing code was accepted')
    return undefined
  }

  /** Asks a client that waits to be linked to renew the secret in its QR code. */
  refreshPairing(): void {
    for (const connection of this.#services.desk.connections) connection.send(companionRegRefresh())
  }

  /** WhatsApp tells this person's clients something about a channel. */
  hearsOfChannel(channel: string, notice: ChannelNotice): void {
    this.#tellClients(channelNotice(channel, notice))
  }

  /** WhatsApp tells this person's clients how a post of a channel does. */
  hearsOfPost(channel: string, post: { serverId: number; id: string; views: number }): void {
    this.#tellClients(channelPostNotice(channel, post))
  }

  /** WhatsApp does not let this person write to new contacts until then; with null it does again. */
  isRestricted(until: Date | null): void {
    this.#tellClients(restrictionNotice(until))
  }

  /** Removes a linked client, by default all of them. */
  unlink(deviceNumber?: number): Promise<void> {
    for (const device of this.linkedDevices) {
      if (deviceNumber === undefined || device.number === deviceNumber) unlink(device, this.#services.router)
    }
    return Promise.resolve()
  }

  // === What is set for the account

  /** Changes the name others see; linked clients hear of it. */
  async setPushName(name: string): Promise<void> {
    this.account.pushName = name
    await this.settings.rename(name)
  }

  /** Lets a further number lead to this person, as Brazilian ones with or without a ninth digit do. */
  alsoReachedBy(number: string): void {
    this.#services.world.addNumber(number, this.account)
  }

  /** Sets whom the phone shows its status to: all contacts, all but these people, or these people only. */
  showsStatusTo(type: 'contacts' | 'blacklist' | 'whitelist', people: readonly AccountOwner[] = []): void {
    this.account.statusPrivacy = { type, people: people.map(({ jid }) => jid) }
  }

  /** Changes the about text; contacts' clients are told. */
  setStatusText(text: string): Promise<void> {
    this.account.about = text
    this.account.aboutSetAt = nowSeconds()
    const change = notification('status', { from: this.jid, notify: this.name }, [el('set', {}, text)])
    for (const watcher of this.account.watchers) {
      for (const device of watcher.linkedDevices) this.#services.router.deliver(device, change)
    }
    return Promise.resolve()
  }

  #tellClients(stanza: BinaryNode): void {
    for (const device of this.linkedDevices) this.#services.router.deliver(device, stanza)
  }
}

function wrongCode(code: string): string {
  return `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`
}
