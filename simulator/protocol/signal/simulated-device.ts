import { type BinaryNode, Curve, proto } from 'baileys'
import type { Logger } from 'pino'
import type { Behaviour } from '../../api/behaviour.ts'
import type { ReceivedMessage } from '../../api/received-message.ts'
import type { Receipt } from '../../api/sent-message.ts'
import type { MediaHost } from '../../media/media-host.ts'
import { openMedia, unwrapped } from '../../media/media-messages.ts'
import { answerMediaRetry } from '../../media/media-retry.ts'
import type { Account } from '../../state/account.ts'
import { Device } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import type { World } from '../../state/world.ts'
import { companionIdentity } from '../pairing/device-identity.ts'
import { receiptIds } from '../push/receipt-routing.ts'
import type { Router } from '../push/router.ts'
import { bigEndian, bytes, child, children, el, nowSeconds, uint } from '../stanza.ts'
import { openMessage, senderOf } from './receiving.ts'
import { type Outgoing, Sending } from './sending.ts'
import { SignalPeer } from './signal-peer.ts'

/** The person a simulated device belongs to: how it behaves, and who hears what it received. */
export interface DeviceOwner {
  readonly behaviour: Behaviour
  received(message: ReceivedMessage): void
  receipt(receipt: Receipt): void
  /** Anything else that arrived: notifications, calls. */
  other(stanza: BinaryNode): void
}

/** What simulated devices need of the server. */
export interface DeviceServices {
  world: World
  media: MediaHost
  router: Router
  faults: FaultPlan
  logger: Logger
  /** How long devices wait before they send a receipt. */
  receiptDelayMs: number
}

const PREKEYS_KEPT = 10
const REMEMBERED_MESSAGES = 1_000
const MAX_RETRIES = 5

/** A device that lives in this process: a phone or a companion of a simulated person, with real Signal state. */
export class SimulatedDevice extends Device {
  /** How often a message could not be decrypted and was asked for again. */
  retriesAsked = 0
  readonly signal: SignalPeer
  readonly sending: Sending
  /** How many of the next messages this device pretends not to be able to decrypt. */
  failNextDecrypts = 0
  readonly #owner: DeviceOwner
  readonly #services: DeviceServices
  readonly #sent = new Map<string, Outgoing>()
  readonly #received = new Map<string, ReceivedMessage>()
  readonly #retries = new Map<string, number>()
  readonly #mailbox: BinaryNode[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  #working = false

  constructor(account: Account, number: number, owner: DeviceOwner, services: DeviceServices) {
    const identity = number === 0 ? account.identity : Curve.generateKeyPair()
    const signal = new SignalPeer(identity, services.logger)
    super(account, number, signal.publicKeys)
    this.signal = signal
    const signed =
      number === 0 ? undefined : companionIdentity(account.identity, identity, number, nowSeconds())
    this.sending = new Sending(this, signal, services, signed)
    this.#owner = owner
    this.#services = services
    this.preKeys.add(signal.newPreKeys(PREKEYS_KEPT))
  }

  override deliver(stanza: BinaryNode): void {
    this.#mailbox.push(stanza)
    this.work()
  }

  protected override preKeysTaken(): void {
    if (this.preKeys.count > PREKEYS_KEPT / 2) return
    this.preKeys.add(this.signal.newPreKeys(PREKEYS_KEPT))
  }

  /** Sends a message and remembers it, in case a recipient asks for it again. */
  async send(outgoing: Outgoing): Promise<number> {
    remember(this.#sent, outgoing.id, outgoing)
    return this.sending.send(outgoing)
  }

  /** Reads the mailbox, unless the owner is offline; called again when the owner comes online. */
  work(): void {
    if (this.#working || !this.#owner.behaviour.online) return
    this.#working = true
    void this.#drain().finally(() => {
      this.#working = false
    })
  }

  /** Sends a receipt, after the delay that is set. */
  sendReceipt(receipt: BinaryNode): void {
    const { router, receiptDelayMs } = this.#services
    if (receiptDelayMs === 0) {
      router.receipt(this, receipt)
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      router.receipt(this, receipt)
    }, receiptDelayMs)
    this.#timers.add(timer)
  }

  /** Stops timers. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.signal.close()
  }

  async #drain(): Promise<void> {
    while (this.#owner.behaviour.online) {
      const stanza = this.#mailbox.shift()
      if (!stanza) return
      try {
        await this.#take(stanza)
      } catch (error) {
        this.#services.logger.error({ err: error, tag: stanza.tag }, 'a simulated device failed on a stanza')
      }
    }
  }

  async #take(stanza: BinaryNode): Promise<void> {
    if (stanza.tag === 'message') await this.#takeMessage(stanza)
    else if (stanza.tag === 'receipt') await this.#takeReceipt(stanza)
    else await this.#takeOther(stanza)
  }

  async #takeOther(stanza: BinaryNode): Promise<void> {
    const group = this.#services.world.group(stanza.attrs['from'])
    // Whoever has left must not read on: the next message to the group starts a new sender key.
    if (group && child(stanza, 'remove')) await this.sending.forgetSenderKey(group)
    this.#owner.other(stanza)
  }

  async #takeMessage(stanza: BinaryNode): Promise<void> {
    const plaintext = child(stanza, 'plaintext')
    const newsletter = this.#services.world.newsletter(stanza.attrs['from'])
    if (newsletter && plaintext) {
      const post = newsletter.post(Number(stanza.attrs['server_id']))
      const author = { account: post?.author ?? newsletter.owner, device: 0 }
      const message = proto.Message.decode(bytes(plaintext))
      if (stanza.attrs['edit'] === undefined) this.#record(stanza, author, message)
      // What is done to a post comes under its id, so it is no copy of it.
      else this.#owner.received(this.#asReceived(stanza, author, message))
      return
    }
    const sender = senderOf(this.#services.world, stanza)
    if (!this.#owner.behaviour.decrypts) {
      this.#confirm(stanza, sender.account)
      return
    }
    let message: proto.Message
    try {
      if (this.failNextDecrypts > 0) {
        this.failNextDecrypts--
        throw new Error('told to fail')
      }
      message = await openMessage(this.signal, stanza, sender)
    } catch (error) {
      this.#services.logger.debug({ err: error, id: stanza.attrs['id'] }, 'asking for a message again')
      this.#askAgain(stanza)
      return
    }
    this.#retries.delete(stanza.attrs['id'] ?? '')
    this.#confirm(stanza, sender.account)
    this.#record(stanza, sender, message)
  }

  #record(stanza: BinaryNode, sender: { account: Account; device: number }, message: proto.Message): void {
    const id = stanza.attrs['id'] ?? ''
    const key = `${sender.account.lidUser}/${id}`
    const before = this.#received.get(key)
    if (before) {
      before.copies++
      return
    }
    const inner = message.deviceSentMessage?.message ?? message
    // A sender key that came alone is no message.
    if (Object.keys(inner).every((name) => NOT_CONTENT.has(name))) return
    const received = this.#asReceived(stanza, sender, inner)
    remember(this.#received, key, received)
    this.#owner.received(received)
  }

  #asReceived(
    stanza: BinaryNode,
    sender: { account: Account; device: number },
    inner: proto.IMessage,
  ): ReceivedMessage {
    return {
      id: stanza.attrs['id'] ?? '',
      from: sender.account,
      fromDevice: sender.device,
      device: this.number,
      chat: stanza.attrs['recipient'] ?? stanza.attrs['from'] ?? '',
      message: inner,
      media: () => openMedia(inner, this.#services.media),
      text: textOf(inner),
      timestamp: Number(stanza.attrs['t']),
      attributes: { ...stanza.attrs },
      meta: child(stanza, 'meta')?.attrs,
      encryption: child(stanza, 'plaintext')
        ? 'plaintext'
        : (children(stanza).findLast(({ tag }) => tag === 'enc')?.attrs['type'] ?? ''),
      copies: 1,
    }
  }

  #confirm(stanza: BinaryNode, sender: Account): void {
    if (!this.#owner.behaviour.delivers) return
    const { id, from, participant, recipient, category } = stanza.attrs
    const own = sender === this.account
    const type = category === 'peer' ? 'peer_msg' : own ? 'sender' : undefined
    this.sendReceipt(
      el('receipt', { id, to: from, participant, recipient: own ? recipient : undefined, type }),
    )
  }

  #askAgain(stanza: BinaryNode): void {
    const { id = '', from, participant, recipient, t } = stanza.attrs
    const count = (this.#retries.get(id) ?? 0) + 1
    if (count > MAX_RETRIES) return
    this.retriesAsked += 1
    remember(this.#retries, id, count)
    const content = [
      el('retry', { count, id, t, v: 1, error: 0 }),
      el('registration', {}, bigEndian(this.signal.registrationId, 4)),
    ]
    if (count > 1) content.push(this.#freshKeys())
    this.sendReceipt(el('receipt', { id, to: from, participant, recipient, type: 'retry' }, content))
  }

  #freshKeys(): BinaryNode {
    const [preKey] = this.signal.newPreKeys(1)
    const { identityKey, signedPreKey } = this.keys
    const key = (tag: string, id: number, value: Buffer, signature?: Buffer) =>
      el(tag, {}, [
        el('id', {}, bigEndian(id, 3)),
        el('value', {}, value),
        ...(signature ? [el('signature', {}, signature)] : []),
      ])
    return el('keys', {}, [
      el('type', {}, Buffer.of(5)),
      el('identity', {}, identityKey),
      ...(preKey ? [key('key', preKey.id, preKey.publicKey)] : []),
      key('skey', signedPreKey.id, signedPreKey.publicKey, signedPreKey.signature),
    ])
  }

  async #takeReceipt(stanza: BinaryNode): Promise<void> {
    const { world } = this.#services
    const author = world.device(stanza.attrs['participant'] ?? stanza.attrs['from'])
    if (!author) return
    if (stanza.attrs['type'] === 'retry') await this.#sendAgain(stanza, author)
    if (stanza.attrs['type'] === 'server-error') this.#uploadAgain(stanza, author)
    if (this.number !== 0 && stanza.attrs['type'] !== 'retry') return
    for (const messageId of receiptIds(stanza)) {
      this.#owner.receipt({
        type: stanza.attrs['type'] ?? 'delivered',
        messageId,
        from: author.account,
        fromDevice: author.number,
        timestamp: Number(stanza.attrs['t']),
      })
    }
  }

  /** A client of the own account asks for media that the hosts have thrown away. */
  #uploadAgain(receipt: BinaryNode, client: Device): void {
    if (client.account !== this.account) return
    const id = receipt.attrs['id'] ?? ''
    const known =
      this.#sent.get(id)?.message ?? [...this.#received.values()].find((each) => each.id === id)?.message
    const { media, router } = this.#services
    const answer = answerMediaRetry(receipt, known, media, this.#owner.behaviour.reuploads)
    if (answer) router.deliver(client, answer)
  }

  async #sendAgain(receipt: BinaryNode, to: Device): Promise<void> {
    const outgoing = this.#sent.get(receipt.attrs['id'] ?? '')
    const count = Number(child(receipt, 'retry')?.attrs['count'] ?? 1)
    if (!outgoing || count > MAX_RETRIES) return
    const bundle = bundleIn(receipt)
    if (bundle) await this.signal.startSession(to.lid, bundle)
    // As phones do: asked once, without keys, they believe that the message was at fault and not the session.
    const keepsSession = bundle !== undefined || (count === 1 && this.signal.hasSession(to.lid))
    await this.sending.resend({ ...outgoing, damaged: false }, to, count, keepsSession)
  }
}

const NOT_CONTENT = new Set(['senderKeyDistributionMessage', 'messageContextInfo'])

function bundleIn(receipt: BinaryNode) {
  const keys = child(receipt, 'keys')
  const signed = child(keys, 'skey')
  if (!keys || !signed) return undefined
  const oneTime = child(keys, 'key')
  return {
    registrationId: uint(child(receipt, 'registration')),
    identityKey: bytes(child(keys, 'identity')),
    signedPreKey: {
      id: uint(child(signed, 'id')),
      publicKey: bytes(child(signed, 'value')),
      signature: bytes(child(signed, 'signature')),
    },
    preKey: oneTime && { id: uint(child(oneTime, 'id')), publicKey: bytes(child(oneTime, 'value')) },
  }
}

/** The readable text of a message: text, caption, or an edit's new text. */
export function textOf(message: proto.IMessage): string {
  const edited = message.protocolMessage?.editedMessage
  if (edited) return textOf(edited)
  const { conversation, extendedTextMessage, imageMessage, videoMessage, documentMessage } =
    unwrapped(message)
  const caption = imageMessage?.caption ?? videoMessage?.caption ?? documentMessage?.caption
  return conversation || extendedTextMessage?.text || caption || message.reactionMessage?.text || ''
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value)
  if (map.size <= REMEMBERED_MESSAGES) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
