import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BinaryNode, WASocket } from 'baileys'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { MessageId } from '../../core/ids.ts'
import { SerialQueue } from '../../core/serial-queue.ts'
import { type Jid, jidKind, statusBroadcast } from '../jid.ts'
import { isOutgoingChange, type Outgoing } from '../outgoing-change.ts'
import { isOutgoingMedia } from '../outgoing-media.ts'
import type { SendOptions, SendStep, Sent } from '../whatsapp-session.ts'
import { meOf } from './account.ts'
import { type AckOutcome, AckWaiter } from './ack-waiter.ts'
import { readBoom, refusal, toAppError } from './baileys-errors.ts'
import { toGroupError } from './group-lookup.ts'
import { mediaOf, unwrap } from './incoming/content.ts'
import { isMe, meLike, wireJid } from './incoming/wire-jid.ts'
import type { MediaUploader } from './media/media-uploader.ts'
import { messageTurn } from './message-turn.ts'
import { newsletterStanza } from './outgoing/newsletter-stanza.ts'
import { toWaMessage, type WaMessage } from './outgoing/wa-message.ts'
import type { OwnGroupKeys } from './own-group-keys.ts'
import type { DeviceCaches } from './shared-caches.ts'
import { within } from './time-limit.ts'

/** How long WhatsApp may take to ack a message that has left. */
const ackLimitMs = 20_000

/** How long looking up devices and encrypting may take; until the frame leaves the send can still be stopped. */
const departureLimitMs = 40_000

/** How long WhatsApp may take to tell the recipient's devices: less than Baileys waits before it goes on without an answer. */
const devicesLimitMs = 12_000

/** WhatsApp's refusal of a message made for devices that the recipient no longer has. */
export const staleDevicesCode = 479

export interface MessageSenderDeps {
  readonly socket: Pick<
    WASocket,
    'relayMessage' | 'sendNode' | 'waUploadToServer' | 'getUSyncDevices' | 'authState'
  >
  readonly caches: Pick<DeviceCaches, 'userDevices' | 'groups'>
  readonly uploads: Pick<MediaUploader, 'upload'>
  readonly ownGroupKeys: Pick<OwnGroupKeys, 'renewFor'>
  /** Whether the connection is authenticated and could write at this moment. */
  readonly isOpen: () => boolean
  readonly clock: Clock
}

/** One message under way. The outcome is wrapped because it is waited for later, outside the chat's line. */
interface Departed {
  readonly message: WaMessage
  readonly outcome: Promise<AckOutcome>
}

/**
 * Sends messages and waits for WhatsApp's ack. Messages of one chat leave in the order given; different chats do not wait
 * for each other. An id is sent once, save for one repetition after WhatsApp refused it as made for stale devices.
 */
export class MessageSender {
  readonly #deps: MessageSenderDeps
  readonly #acks: AckWaiter
  readonly #lines = new Map<Jid, { readonly queue: SerialQueue; users: number }>()

  constructor(deps: MessageSenderDeps) {
    this.#deps = deps
    this.#acks = new AckWaiter({ clock: deps.clock })
  }

  /** Takes an `<ack class="message">`; true when a send was waiting for it. */
  acknowledge(ack: BinaryNode): boolean {
    return this.#acks.settle(ack)
  }

  /** The connection is going: every send under way ends now. */
  close(): void {
    this.#acks.close()
  }

  /** See `sendMessage` of the port `MessageSender`. */
  async send(to: Jid, outgoing: Outgoing, options: SendOptions): Promise<Sent> {
    const { id } = options
    this.#assertOpen()
    // Made while the messages before it are under way, so that many are recorded in one commit.
    const made = this.#make(to, outgoing, options)
    made.catch((error: unknown) => error)
    // A file is on WhatsApp's hosts before the message takes its place, so that texts do not wait for a big one.
    if (mayUpload(outgoing)) await made
    const first = await this.#inLine(to, options, async () => this.#relay(to, await made, options))
    const outcome = await first.outcome
    if (outcome.type !== 'refused' || outcome.whatsappCode !== staleDevicesCode) {
      return toSent(outcome, first.message, id)
    }
    this.#forgetDevicesOf(to)
    const second = await this.#inLine(to, options, () => this.#relay(to, first.message, options))
    return toSent(await second.outcome, first.message, id)
  }

  async #make(to: Jid, outgoing: Outgoing, { beforeSend }: SendOptions): Promise<WaMessage> {
    const { socket, uploads, clock } = this.#deps
    const message = await toWaMessage(to, outgoing, {
      upload: socket.waUploadToServer,
      uploads,
      at: clock.now(),
    })
    await beforeSend(message.raw, mediaOf(unwrap(message.message).content))
    return message
  }

  /** Writes the message; resolves once its frame has left, rejects when it certainly has not. */
  async #relay(to: Jid, message: WaMessage, options: SendOptions): Promise<Departed> {
    this.#assertOpen()
    const wait = this.#acks.expect(options.id)
    const departure = new Departure(options.onStep)
    const limit = new Promise<'limit'>((resolve) => {
      departure.stopTimer = this.#deps.clock.after(departureLimitMs, () => resolve('limit'))
    })
    const relayed = messageTurn
      .run(true, () => this.#write(to, message, options, departure))
      .then(() => ({ error: undefined }))
      .catch((error: unknown) => ({ error }))
    // The outcome can be there first: a quick ack, or the end of the connection, on which Baileys' queries never end.
    const end = await Promise.race([relayed, limit, wait.outcome.then(() => 'outcome' as const)])
    departure.stopTimer()
    const failure = typeof end === 'object' ? end.error : undefined
    // 428 is thrown before the write; every other failure after the departure leaves the frame on its way.
    const neverLeft = !departure.hasLeft || readBoom(failure).statusCode === 428
    if (neverLeft && (typeof end === 'string' || failure !== undefined)) {
      departure.cancel()
      wait.cancel()
      throw this.#departureError(to, end === 'limit', failure)
    }
    wait.startTimer(ackLimitMs)
    // Without this a loop of sends runs in microtasks alone and nothing else gets a turn.
    await nextTurn()
    return { message, outcome: wait.outcome }
  }

  async #write(
    to: Jid,
    message: WaMessage,
    { id, audience }: SendOptions,
    departure: Departure,
  ): Promise<unknown> {
    const { socket, ownGroupKeys } = this.#deps
    if (jidKind(to) === 'newsletter') {
      departure.mark()
      return socket.sendNode(newsletterStanza(to, id, message))
    }
    if (jidKind(to) === 'group') await ownGroupKeys.renewFor(to)
    if (jidKind(to) === 'phone' || jidKind(to) === 'lid') await this.#ensureDevicesOf(to)
    return socket.relayMessage(to, message.message, {
      messageId: id,
      additionalAttributes: { ...message.attributes },
      additionalNodes: departure.asNodes(message.nodes),
      ...(to === statusBroadcast ? { statusJidList: [...(audience ?? [])] } : {}),
    })
  }

  /**
   * Makes sure that the recipient has devices to encrypt for. Baileys asks the same question for the message itself, which is
   * then answered from its cache; of no answer, and of one without them, it makes a message to our own devices alone, which
   * WhatsApp takes as it takes any other.
   */
  async #ensureDevicesOf(to: Jid): Promise<void> {
    const { socket, clock } = this.#deps
    const me = meOf(socket.authState.creds)
    if (me === null) throw notConnected()
    const asked = socket.getUSyncDevices([meLike(to, me), to], true, false)
    const devices = await within(clock, devicesLimitMs, asked, new AppError('whatsapp_timeout'))
    const found = devices.map(({ jid }) => wireJid(jid))
    if (found.some((jid) => jid !== null && (isMe(to, me) || !isMe(jid, me)))) return
    throw new AppError('whatsapp_not_found', {
      message: 'WhatsApp names no device of the recipient; nothing was sent',
    })
  }

  /** Why a message did not leave. A connection that ends makes Baileys fail in ways of many names. */
  #departureError(to: Jid, isLate: boolean, failure: unknown): AppError {
    if (!this.#deps.isOpen()) return new AppError('device_not_connected', { cause: failure })
    if (isLate) return new AppError('whatsapp_timeout')
    if (failure === undefined) return notConnected()
    return jidKind(to) === 'group' ? toGroupError(failure) : toAppError(failure)
  }

  #assertOpen(): void {
    if (!this.#deps.isOpen()) throw notConnected()
  }

  #forgetDevicesOf(to: Jid): void {
    // Baileys offers to go past its cache only for groups, so the whole part of this account is dropped.
    void this.#deps.caches.userDevices.flushAll()
    this.#deps.caches.groups.invalidate(to)
  }

  async #inLine<T>(chat: Jid, { onStep }: SendOptions, job: () => Promise<T>): Promise<T> {
    onStep?.('queued')
    const line = this.#lines.get(chat) ?? { queue: new SerialQueue(), users: 0 }
    this.#lines.set(chat, line)
    line.users++
    try {
      return await line.queue.run(onStep === undefined ? job : () => announced(onStep, job))
    } finally {
      line.users--
      if (line.users === 0) this.#lines.delete(chat)
    }
  }
}

/**
 * Knows to the moment whether a message's frame has left. The last thing Baileys does before it writes the frame is to
 * look whether there are additional nodes (rc14 lib/Socket/messages-send.js, relayMessage): that look is the mark, and
 * the last chance to stop.
 */
class Departure {
  hasLeft = false
  stopTimer: () => void = () => undefined
  #isCancelled = false
  readonly #onStep: SendOptions['onStep']

  constructor(onStep: SendOptions['onStep']) {
    this.#onStep = onStep
  }

  cancel(): void {
    this.#isCancelled = true
  }

  /** The frame leaves now. */
  mark(): void {
    if (this.#isCancelled) throw new AppError('device_not_connected')
    if (!this.hasLeft) this.#onStep?.('left')
    this.hasLeft = true
  }

  asNodes(nodes: readonly BinaryNode[]): BinaryNode[] {
    return new Proxy<BinaryNode[]>([...nodes], {
      get: (target, property, receiver): unknown => {
        if (property === 'length') this.mark()
        return Reflect.get(target, property, receiver)
      },
    })
  }
}

/** Does a job whose turn has come. */
function announced<T>(onStep: (step: SendStep) => void, job: () => Promise<T>): Promise<T> {
  onStep('turn')
  return job()
}

function mayUpload(outgoing: Outgoing): boolean {
  if (isOutgoingChange(outgoing)) return false
  return isOutgoingMedia(outgoing) || outgoing.kind === 'forward' || outgoing.kind === 'link'
}

function notConnected(): AppError {
  return new AppError('device_not_connected')
}

function toSent(outcome: AckOutcome, message: WaMessage, id: MessageId): Sent {
  switch (outcome.type) {
    case 'accepted':
      return { id, at: outcome.at, raw: message.raw }
    case 'refused':
      throw refusal(outcome.whatsappCode)
    case 'timed-out':
    case 'closed':
      throw new AppError('send_outcome_unknown', { certain: false, details: { message_id: id } })
  }
}
