import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import { isGroupJid, isLidJid } from '../../state/ids.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { World } from '../../state/world.ts'
import { children, el, nowSeconds } from '../stanza.ts'

/** What somebody does in a chat. */
export type ChatState = 'composing' | 'recording' | 'paused'

/** A chat state that reached an account from a linked device. */
export interface SeenChatState {
  from: Account
  chat: string
  state: ChatState
}

/** Who is online and typing, and who wants to know. Nothing of this is kept for clients that are away. */
export class PresenceBoard {
  readonly #world: World
  readonly #subscribers = new Map<Account, Map<LinkedDevice, 'lid' | 'pn'>>()
  readonly #online = new Map<Account, { available: boolean; since: number }>()
  #onChatState: ((to: Account, seen: SeenChatState) => void) | undefined

  constructor(world: World) {
    this.#world = world
  }

  /** Registers who hears chat states that linked devices send to simulated people. */
  onChatState(listener: (to: Account, seen: SeenChatState) => void): void {
    this.#onChatState = listener
  }

  /** A linked device announced or asked for a presence. */
  fromClient(device: LinkedDevice, stanza: BinaryNode): void {
    const { type, to } = stanza.attrs
    if (type === 'subscribe') {
      this.#subscribe(device, to ?? '')
      return
    }
    if (type === 'available' || type === 'unavailable') {
      device.presence = type
      device.announced.add(type)
      const available = device.account.linkedDevices.some(({ presence }) => presence === 'available')
      this.set(device.account, available)
    }
    // Any other form, even one without attributes, is legal and changes nothing.
  }

  /** An account went online or offline. */
  set(account: Account, available: boolean): void {
    this.#online.set(account, { available, since: nowSeconds() })
    for (const [device, form] of this.#subscribers.get(account) ?? []) this.#tell(device, account, form)
  }

  /** Passes a chat state on from a linked device. */
  chatStateFromClient(device: LinkedDevice, stanza: BinaryNode): void {
    const to = stanza.attrs['to'] ?? ''
    const [what] = children(stanza)
    const isVoice = what?.attrs['media'] === 'audio'
    const state: ChatState = what?.tag === 'paused' ? 'paused' : isVoice ? 'recording' : 'composing'
    this.chatState(device.account, to, state, device)
  }

  /** An account types, records or pauses in a chat, named by the other side's or the group's JID. */
  chatState(from: Account, to: string, state: ChatState, except?: LinkedDevice): void {
    const group = this.#world.group(to)
    const person = this.#world.account(to)
    const audience = group ? [...group.members.keys()] : person ? [person] : []
    const own = group ? group.jidOf(from) : isLidJid(to) ? from.lid : from.pn
    const place = isGroupJid(to) ? { from: to, participant: own } : { from: own }
    const attrs = state === 'recording' ? { media: 'audio' } : {}
    const stanza = el('chatstate', place, [el(state === 'paused' ? 'paused' : 'composing', attrs)])
    for (const account of audience) {
      if (account === from) continue
      for (const device of account.linkedDevices) if (device !== except) device.tell(stanza)
      this.#onChatState?.(account, { from, chat: group ? to : from.pn, state })
    }
  }

  #subscribe(device: LinkedDevice, jid: string): void {
    const account = this.#world.account(jid)
    if (!account) return
    device.subscriptions.add(jid)
    const form = isLidJid(jid) ? 'lid' : 'pn'
    const known = this.#subscribers.get(account) ?? new Map<LinkedDevice, 'lid' | 'pn'>()
    known.set(device, form)
    this.#subscribers.set(account, known)
    if (this.#online.has(account)) this.#tell(device, account, form)
  }

  #tell(device: LinkedDevice, account: Account, form: 'lid' | 'pn'): void {
    const known = this.#online.get(account)
    if (!known) return
    const type = known.available ? 'available' : 'unavailable'
    const last = known.available ? undefined : known.since
    device.tell(el('presence', { from: form === 'lid' ? account.lid : account.pn, type, last }))
  }
}
