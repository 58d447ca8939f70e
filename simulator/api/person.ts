import type { proto } from 'baileys'
import {
  type ButtonsToSend,
  buttonsMessage,
  type CarouselToSend,
  carouselMessage,
  type MediaToSend,
  mediaMessage,
} from '../media/media-messages.ts'
import { tellDevicesChanged } from '../protocol/pairing/linking.ts'
import type { Call } from '../protocol/push/calls.ts'
import type { ChatState, SeenChatState } from '../protocol/push/presence.ts'
import { type Target, targetJid } from '../protocol/signal/sending.ts'
import { SimulatedDevice } from '../protocol/signal/simulated-device.ts'
import { el, nowSeconds } from '../protocol/stanza.ts'
import type { Account } from '../state/account.ts'
import { isGroupJid, newMessageId } from '../state/ids.ts'
import type { LinkedDevice } from '../state/linked-device.ts'
import { AccountOwner, type PersonServices } from './account-owner.ts'
import { type Behaviour, DEFAULT_BEHAVIOUR } from './behaviour.ts'
import { Group } from './group.ts'
import { editMessage, keyFor, reactionMessage, revokeMessage, textMessage } from './messages.ts'
import type { Newsletter } from './newsletter.ts'
import { type MessageTest, PersonInbox, type WaitOptions } from './person-inbox.ts'
import type { ReceivedMessage } from './received-message.ts'
import { pollMessage, sealedEditMessage, secretText, voteMessage } from './sealed.ts'
import type { MessageReference, Receipt, SentMessage } from './sent-message.ts'
import { waitFor } from './wait-for.ts'

/** Options of a message a person sends. */
export interface SendOptions {
  /** Default: a new id as phones make them. */
  id?: string
  /** Number of the simulated device that sends. Default 0, the phone. */
  device?: number
  /** Further attributes of the stanza. */
  attributes?: Record<string, string>
  /** How a 1:1 message names its sender. Default: as the person's behaviour says. */
  addressing?: 'pn' | 'lid'
}

/**
 * Somebody with an account: a contact who writes and answers, or the owner of the account a real client links to.
 * Every verb resolves when what it says has become true, and rejects with what did happen when that takes too long.
 */
export class Person extends AccountOwner {
  readonly #services: PersonServices
  readonly #inbox: PersonInbox

  constructor(
    account: Account,
    services: PersonServices,
    options: { companions: number; behaviour: Partial<Behaviour> },
  ) {
    super(account, services)
    this.#services = services
    this.#inbox = new PersonInbox({ ...DEFAULT_BEHAVIOUR, ...options.behaviour }, (message) =>
      this.#react(message),
    )
    for (let made = 0; made <= options.companions; made++) {
      const number = made === 0 ? 0 : account.takeDeviceNumber()
      account.addDevice(new SimulatedDevice(account, number, this.#inbox, services))
    }
    services.presence.set(account, this.behaviour.online)
  }

  /** What the person does without being told; may be changed at any time. */
  get behaviour(): Behaviour {
    return this.#inbox.behaviour
  }

  // === What the person does with the phone

  /** Takes a simulated companion off the account, and returns it; those who know the account's devices are told. */
  losesCompanion(number: number): SimulatedDevice {
    const companion = this.#devices.find((device) => device.number === number)
    if (companion === undefined || number === 0) throw new Error(`${this.name} has no companion ${number}`)
    this.account.removeDevice(companion)
    tellDevicesChanged(this.account, 'remove', companion, this.#services.router)
    return companion
  }

  /** Sends a text from the phone; the person's linked clients get their copy of it. */
  typesOnPhone(to: Person | Group, text: string): Promise<SentMessage> {
    return this.sendText(to, text)
  }

  // === Messages

  /** Sends a text, with a quote or mentions where given. */
  sendText(
    to: Person | Group,
    text: string,
    options: SendOptions & { quoted?: MessageReference; mentions?: string[] } = {},
  ): Promise<SentMessage> {
    return this.send(to, textMessage(text, options), options)
  }

  /** Sends any message; resolves once the server has handed it to every recipient device or queued it. */
  send(to: Person | Group, message: proto.IMessage, options: SendOptions = {}): Promise<SentMessage> {
    return this.#send(this.#target(to, options), message, options)
  }

  /** Encrypts and uploads a file, and sends it. */
  sendMedia(to: Person | Group, media: MediaToSend, options: SendOptions = {}): Promise<SentMessage> {
    return this.send(to, mediaMessage(media, this.#services.media), options)
  }

  /** Sends a text with buttons. */
  sendButtons(to: Person | Group, message: ButtonsToSend): Promise<SentMessage> {
    return this.send(to, buttonsMessage(message, this.#services.media))
  }

  /** Sends cards side by side, each with a text, buttons and perhaps media. */
  sendCarousel(to: Person | Group, message: CarouselToSend): Promise<SentMessage> {
    return this.send(to, carouselMessage(message, this.#services.media))
  }

  /** Sends a message nobody can decrypt; recipients ask for it again and get it then. */
  sendUndecryptable(to: Person | Group, text = 'once more'): Promise<SentMessage> {
    return this.#send(this.#target(to, {}), { conversation: text }, {}, true)
  }

  /** Posts a status update, seen by the given people. */
  postStatus(audience: Person[], text: string): Promise<SentMessage> {
    const target: Target = { kind: 'status', audience: audience.map(({ account }) => account) }
    return this.#send(target, { extendedTextMessage: { text } }, {})
  }

  /** Sends a message from the phone to one of the own linked clients only, as for key shares and history. */
  sendPeer(device: LinkedDevice, message: proto.IMessage): Promise<SentMessage> {
    const to: Target = { kind: 'device', device }
    return this.#send(to, message, { attributes: { category: 'peer', push_priority: 'high' } })
  }

  /** Reacts to a message; an empty emoji takes the reaction back. */
  reactTo(message: MessageReference, emoji: string): Promise<SentMessage> {
    return this.#answerIn(message, reactionMessage(this.#keyOf(message), emoji, Date.now()))
  }

  /** Changes the text of an own message. */
  edit(message: MessageReference, text: string): Promise<SentMessage> {
    const change = editMessage(this.#keyOf(message), { conversation: text }, Date.now())
    return this.#answerIn(message, change, { edit: '1' })
  }

  /** Asks something in a poll. */
  sendPoll(
    to: Person | Group,
    name: string,
    options: readonly string[],
    maxAnswers = 1,
  ): Promise<SentMessage> {
    return this.send(to, pollMessage(name, options, maxAnswers))
  }

  /** Votes in a poll that this person has; no options take an earlier vote back. */
  vote(poll: MessageReference, options: readonly string[]): Promise<SentMessage> {
    const names = { author: this.#nameOf(poll.from), voter: this.#nameOf(this.account) }
    return this.#answerIn(poll, voteMessage(poll, this.#keyOf(poll), options, names, Date.now()))
  }

  /** Sends a text that can be edited under its own secret. */
  sendSecretText(to: Person | Group, text: string): Promise<SentMessage> {
    return this.send(to, secretText(text))
  }

  /** Changes the text of an own message that has a secret, readable only for those who have the original. */
  editSealed(message: MessageReference, text: string): Promise<SentMessage> {
    const author = this.#nameOf(this.account)
    return this.#answerIn(message, sealedEditMessage(message, this.#keyOf(message), text, author), {
      edit: '1',
    })
  }

  /** Takes a message back for everybody; others' messages only as an admin of the group. */
  revoke(message: MessageReference): Promise<SentMessage> {
    const isOwn = message.from === this.account
    return this.#answerIn(message, revokeMessage(this.#keyOf(message)), { edit: isOwn ? '7' : '8' })
  }

  /** Sends a read receipt from the phone. */
  markRead(message: MessageReference): Promise<void> {
    const inGroup = isGroupJid(message.chat)
    const to = inGroup ? message.chat : message.from.pn
    const participant = inGroup ? message.from.lid : undefined
    this.#phone.sendReceipt(el('receipt', { id: message.id, to, participant, type: 'read', t: nowSeconds() }))
    return Promise.resolve()
  }

  /** How often a device of this person could not decrypt a message and asked for it again. */
  get retriesAsked(): number {
    return this.#devices.reduce((sum, device) => sum + device.retriesAsked, 0)
  }

  /** Lets the next messages fail to decrypt at the phone, which then asks for them again. */
  failsToDecrypt(count = 1): void {
    this.#phone.failNextDecrypts = count
  }

  // === Newsletters

  /** Follows a newsletter: its posts arrive from now on. */
  follow(newsletter: Newsletter): void {
    this.#services.newsletters.follow(newsletter.state, this.account)
  }

  /** Stops following. */
  unfollow(newsletter: Newsletter): void {
    this.#services.newsletters.unfollow(newsletter.state, this.account)
  }

  // === Presence and calls

  /** Types, records or pauses. */
  typing(to: Person | Group, state: ChatState = 'composing'): Promise<void> {
    this.#services.presence.chatState(this.account, to.jid, state)
    return Promise.resolve()
  }

  /** Lets a call ring at the other side's linked clients. */
  call(to: Person, options: { video?: boolean } = {}): Promise<Call> {
    return Promise.resolve(this.#services.calls.offer(this.account, to.account, options.video))
  }

  /** Ends a call; with `timeout` as one that nobody answered. */
  endCall(call: Call, reason?: 'timeout'): Promise<void> {
    this.#services.calls.terminate(call, reason)
    return Promise.resolve()
  }

  /** The person's devices lose their connection: everything waits on the server. */
  goOffline(): void {
    this.behaviour.online = false
    this.#services.presence.set(this.account, false)
  }

  /** The devices are back and work off what waited. */
  goOnline(): void {
    this.behaviour.online = true
    this.#services.presence.set(this.account, true)
    for (const device of this.#devices) device.work()
  }

  /** Called when somebody types to this person. */
  hears(seen: SeenChatState): void {
    this.#inbox.chatState(seen)
  }

  // === What arrived

  /** Messages at the person's simulated devices, in the order they were decrypted; the newest 5000 and more. */
  get inbox(): readonly ReceivedMessage[] {
    return this.#inbox.messages
  }

  /** Logs of everything else that arrived, and what changes with each arrival. */
  get log(): Pick<PersonInbox, 'changes' | 'chatStates' | 'phone' | 'receipts' | 'stanzas'> {
    return this.#inbox
  }

  /** Waits for a message by its exact text or a test; one that has arrived already counts. */
  receives(test: MessageTest, options: WaitOptions = {}): Promise<ReceivedMessage> {
    return this.#inbox.waitForMessage(this.name, test, options)
  }

  /** Receipts for a message this person has sent. */
  receiptsFor(messageId: string): Receipt[] {
    return this.#inbox.receipts.filter((receipt) => receipt.messageId === messageId)
  }

  /** Waits for a receipt; `delivered` is the type of one without type. */
  getsReceipt(
    message: Pick<SentMessage, 'id'>,
    type: Receipt['type'],
    options: WaitOptions = {},
  ): Promise<Receipt> {
    return this.#inbox.waitForReceipt(this.name, message.id, type, options)
  }

  /** Waits until a client is logged in and active on this account. */
  hasClientOnline(options: { timeoutMs?: number } = {}): Promise<LinkedDevice> {
    return waitFor(
      `a client of ${this.name} being online`,
      this.account.changes,
      () => this.linkedDevices.find((device) => device.isOnline && !device.isNew),
      options,
    )
  }

  /** Stops timers. */
  close(): void {
    for (const device of this.#devices) device.close()
  }

  /** The JID that an account goes by in what this person seals. */
  #nameOf(account: Account): string {
    return this.behaviour.addressing === 'lid' ? account.lid : account.pn
  }

  get #devices(): SimulatedDevice[] {
    return [...this.account.devices.values()].filter((device) => device instanceof SimulatedDevice)
  }

  get #phone(): SimulatedDevice {
    const [phone] = this.#devices
    if (!phone) throw new Error('a person without a phone')
    return phone
  }

  #target(to: Person | Group, options: SendOptions): Target {
    if (to instanceof Group) return { kind: 'group', group: to.state }
    return {
      kind: 'person',
      account: to.account,
      addressing: options.addressing ?? this.behaviour.addressing,
    }
  }

  #keyOf(message: MessageReference): proto.IMessageKey {
    return keyFor(message, this.account, isGroupJid(message.chat))
  }

  /** Sends into the chat a message belongs to. */
  #answerIn(
    to: MessageReference,
    message: proto.IMessage,
    attributes: Record<string, string> = {},
  ): Promise<SentMessage> {
    const { world } = this.#services
    const group = world.group(to.chat)
    const other = to.from === this.account ? world.account(to.chat) : to.from
    if (!group && !other) return Promise.reject(new Error(`there is no chat ${to.chat}`))
    const target: Target | undefined = group
      ? { kind: 'group', group }
      : other && { kind: 'person', account: other, addressing: this.behaviour.addressing }
    if (!target) return Promise.reject(new Error(`there is no chat ${to.chat}`))
    return this.#send(target, message, { attributes })
  }

  async #send(
    to: Target,
    message: proto.IMessage,
    options: SendOptions,
    damaged = false,
  ): Promise<SentMessage> {
    const { id = newMessageId(), device = 0, attributes } = options
    const sender = this.#devices.find(({ number }) => number === device)
    if (!sender) throw new Error(`${this.name} has no simulated device ${device}`)
    const timestamp = await sender.send({ id, to, message, damaged, ...(attributes && { attributes }) })
    const sent = { id, from: this.account, chat: targetJid(to), message, timestamp }
    // What goes to an own client only is no message that the phone shows.
    if (device === 0 && to.kind !== 'device') this.#inbox.sent(sent)
    return sent
  }

  #react(message: ReceivedMessage): void {
    if (message.device !== 0 || message.from === this.account) return
    // Nobody is told that a newsletter's post was read, and nobody answers one.
    if (message.encryption === 'plaintext') return
    this.#reactions(message).catch((error: unknown) => {
      this.#services.logger.error({ err: error }, 'an automatic reaction failed')
    })
  }

  async #reactions(message: ReceivedMessage): Promise<void> {
    const { reads, reactsWith, replies, editsReply } = this.behaviour
    if (reads) await this.markRead(message)
    const isContent = !message.message.reactionMessage && !message.message.protocolMessage
    if (!isContent) return
    if (reactsWith !== undefined) await this.reactTo(message, reactsWith)
    const reply = replies?.(message)
    if (reply === undefined) return
    const sent = await this.#answerIn(message, textMessage(reply))
    if (editsReply !== undefined) await this.edit(sent, editsReply)
  }
}
