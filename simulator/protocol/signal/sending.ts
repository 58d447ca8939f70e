import { type BinaryNode, encodeWAMessage, type proto } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { Device } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import type { GroupState } from '../../state/group-state.ts'
import { takeBundle } from '../../state/key-bundle.ts'
import { damaged } from '../push/deliver.ts'
import type { Router } from '../push/router.ts'
import { children, el } from '../stanza.ts'
import type { Encrypted, SignalPeer } from './signal-peer.ts'

/** Where a simulated device sends a message. */
export type Target =
  | { kind: 'person'; account: Account; addressing: 'pn' | 'lid' }
  | { kind: 'group'; group: GroupState }
  | { kind: 'status'; audience: Account[] }
  | { kind: 'device'; device: Device }

/** One message to send. */
export interface Outgoing {
  id: string
  to: Target
  message: proto.IMessage
  /** Further attributes of the stanza, such as `edit` or `category`. */
  attributes?: Record<string, string>
  /** Damages the ciphertexts, so that nobody can decrypt this copy. */
  damaged?: boolean
}

/** A message the server refused. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: number

  constructor(id: string, code: number) {
    super(`the server refused message ${id} with ${code}`)
    this.code = code
  }
}

/** JID a target is written as. */
export function targetJid(to: Target): string {
  if (to.kind === 'group') return to.group.jid
  if (to.kind === 'status') return 'status@broadcast'
  if (to.kind === 'device') return to.device.pn
  return to.addressing === 'lid' ? to.account.lid : to.account.pn
}

/** Encrypts messages of one simulated device and hands them to the server, in the order they were asked for. */
export class Sending {
  readonly #device: Device
  readonly #signal: SignalPeer
  readonly #router: Router
  readonly #faults: FaultPlan
  /** Signed identity of a companion, which goes with messages that start a session; the phone needs none. */
  readonly #identity: Buffer | undefined
  /** Devices that have the sender key, by group. */
  readonly #keyHolders = new Map<string, Set<string>>()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    device: Device,
    signal: SignalPeer,
    services: { router: Router; faults: FaultPlan },
    identity: Buffer | undefined,
  ) {
    this.#device = device
    this.#signal = signal
    this.#router = services.router
    this.#faults = services.faults
    this.#identity = identity
  }

  /** Sends a message; resolves with the server's time of it once it has been handed to the recipients. */
  send(outgoing: Outgoing): Promise<number> {
    return this.#inOrder(async () => this.#submit(await this.#stanza(outgoing), outgoing.damaged ?? false))
  }

  /** Sends a message again to one device that asked for it, in the session there is or in one made from scratch. */
  resend(outgoing: Outgoing, to: Device, count: number, keepsSession: boolean): Promise<number> {
    return this.#inOrder(async () => {
      if (!keepsSession) await this.#signal.startSession(to.lid, takeBundle(to, this.#faults))
      let message = outgoing.message
      const chat = targetJid(outgoing.to)
      const attrs: Record<string, string | undefined> = { id: outgoing.id, type: typeOf(message) }
      if (outgoing.to.kind === 'device') {
        attrs['to'] = chat
        Object.assign(attrs, outgoing.attributes)
      } else if (outgoing.to.kind === 'person') {
        attrs['to'] = outgoing.to.addressing === 'lid' ? to.lid : to.pn
        if (to.account === this.#device.account) {
          attrs['recipient'] = chat
          message = sentByOwnDevice(chat, message)
        }
      } else {
        const distribution = await this.#signal.senderKey(chat, this.#device.lid)
        message = { ...message, ...distribution }
        attrs['to'] = chat
        attrs['participant'] = to.lid
      }
      const part = await this.#signal.encrypt(to.lid, encodeWAMessage(message))
      return this.#submit(el('message', attrs, this.#signed([enc(part, { count })])), false)
    })
  }

  /** Makes the next message to the group start a new sender key, as after a member has left. */
  forgetSenderKey(group: GroupState): Promise<void> {
    return this.#inOrder(async () => {
      this.#keyHolders.delete(group.jid)
      this.#signal.dropSenderKey(group.jid, this.#device.lid)
    })
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#queue.then(work, work)
    this.#queue = mine.catch(() => undefined)
    return mine
  }

  #submit(stanza: BinaryNode, spoiled: boolean): number {
    const sent = spoiled ? spoil(stanza) : stanza
    const submission = this.#router.submit(this.#device, sent)
    if (submission.error !== undefined) throw new Refused(stanza.attrs['id'] ?? '', submission.error)
    submission.deliver()
    return submission.timestamp
  }

  async #stanza({ id, to, message, attributes }: Outgoing): Promise<BinaryNode> {
    const attrs = { id, to: targetJid(to), type: typeOf(message), ...attributes }
    const content = await this.#content(to, message)
    const mode = to.kind === 'group' ? { addressing_mode: to.group.addressingMode } : {}
    return el('message', { ...attrs, ...mode }, this.#signed(content))
  }

  #signed(content: BinaryNode[]): BinaryNode[] {
    return this.#identity && startsSession(content)
      ? [...content, el('device-identity', {}, this.#identity)]
      : content
  }

  async #content(to: Target, message: proto.IMessage): Promise<BinaryNode[]> {
    if (to.kind === 'person') return this.#forPerson(to, message)
    if (to.kind !== 'device') return this.#forGroup(to, message)
    return [await this.#encFor(to.device, encodeWAMessage(message))]
  }

  async #forPerson(to: Extract<Target, { kind: 'person' }>, message: proto.IMessage): Promise<BinaryNode[]> {
    const own = this.#device.account
    const plaintext = encodeWAMessage(message)
    const parts: BinaryNode[] = []
    const ownCopy = encodeWAMessage(sentByOwnDevice(targetJid(to), message))
    const accounts = to.account === own ? [own] : [to.account, own]
    for (const account of accounts) {
      for (const device of account.devices.values()) {
        if (device === this.#device) continue
        const jid = to.addressing === 'lid' ? device.lid : device.pn
        parts.push(await this.#partFor(device, jid, account === own ? ownCopy : plaintext))
      }
    }
    return [el('participants', {}, parts)]
  }

  async #forGroup(
    to: Extract<Target, { kind: 'group' | 'status' }>,
    message: proto.IMessage,
  ): Promise<BinaryNode[]> {
    const jid = targetJid(to)
    const { encrypted, distribution } = await this.#signal.encryptForGroup(
      jid,
      this.#device.lid,
      encodeWAMessage(message),
    )
    const members =
      to.kind === 'group' ? [...to.group.members.keys()] : [...to.audience, this.#device.account]
    const holders = to.kind === 'group' ? this.#holders(jid) : new Set<string>()
    const keyMessage = encodeWAMessage(distribution)
    const parts: BinaryNode[] = []
    for (const device of members.flatMap((member) => [...member.devices.values()])) {
      if (device === this.#device || holders.has(device.lid)) continue
      parts.push(await this.#partFor(device, device.lid, keyMessage))
      holders.add(device.lid)
    }
    const payload = enc(encrypted)
    return parts.length > 0 ? [el('participants', {}, parts), payload] : [payload]
  }

  #holders(group: string): Set<string> {
    const known = this.#keyHolders.get(group) ?? new Set<string>()
    this.#keyHolders.set(group, known)
    return known
  }

  async #partFor(device: Device, jid: string, plaintext: Uint8Array): Promise<BinaryNode> {
    return el('to', { jid }, [await this.#encFor(device, plaintext)])
  }

  async #encFor(device: Device, plaintext: Uint8Array): Promise<BinaryNode> {
    if (!this.#signal.hasSession(device.lid)) {
      await this.#signal.startSession(device.lid, takeBundle(device, this.#faults))
    }
    return enc(await this.#signal.encrypt(device.lid, plaintext))
  }
}

/** True when any part starts a session. */
export function startsSession(content: BinaryNode[]): boolean {
  return content.some((node) => node.attrs['type'] === 'pkmsg' || startsSession(children(node)))
}

function enc(part: Encrypted, attrs: Record<string, number> = {}): BinaryNode {
  return el('enc', { v: 2, type: part.type, ...attrs }, Buffer.from(part.ciphertext))
}

function spoil(stanza: BinaryNode): BinaryNode {
  const content = Array.isArray(stanza.content) ? stanza.content : []
  const spoiled = content.map((each) =>
    each.tag === 'participants' && Array.isArray(each.content)
      ? { ...each, content: each.content.map(damaged) }
      : each,
  )
  return damaged({ ...stanza, content: spoiled })
}

function sentByOwnDevice(destinationJid: string, message: proto.IMessage): proto.IMessage {
  return { deviceSentMessage: { destinationJid, message } }
}

/** The stanza's `type` for a message. */
export function typeOf(message: proto.IMessage): string {
  if (message.reactionMessage) return 'reaction'
  if (message.pollCreationMessage || message.pollCreationMessageV3 || message.pollUpdateMessage) return 'poll'
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage } = message
  const media = imageMessage ?? videoMessage ?? audioMessage ?? documentMessage ?? stickerMessage
  return media || message.locationMessage || message.contactMessage ? 'media' : 'text'
}
