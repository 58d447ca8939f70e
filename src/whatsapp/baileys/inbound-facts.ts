import type { AuthenticationCreds, BaileysEventMap, BinaryNode } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { asMessageId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Identity, WhatsAppEvent } from '../whatsapp-event.ts'
import { meOf } from './account.ts'
import { ackOutcome } from './ack-waiter.ts'
import type { EventQueue } from './event-queue.ts'
import { toCallEvents } from './incoming/call.ts'
import { toChatStateEvents } from './incoming/chat-state.ts'
import { toNumber } from './incoming/content.ts'
import { toWhatsAppEvents } from './incoming/event-batch.ts'
import { toGroupNoticeEvents } from './incoming/group.ts'
import { toGroupEvents } from './incoming/group-notification.ts'
import { toIdentityEvents } from './incoming/identity.ts'
import { toMessageEvents } from './incoming/message.ts'
import { toNewsletterEvents } from './incoming/newsletter.ts'
import { emptyPost, postIn } from './incoming/post.ts'
import { toReceiptEvents } from './incoming/receipt.ts'
import { type Me, wireJid } from './incoming/wire-jid.ts'
import type { MessageJourneys } from './message-journeys.ts'
import { staleDevicesCode } from './message-sender.ts'

/** Pairs remembered as already told on this connection. */
const maxToldPairs = 5_000

/**
 * Turns what a connection brings into facts and puts them into the device's line. Pairs of addresses come with nearly
 * every stanza, so each is told once per connection.
 */
export class InboundFacts {
  readonly #queue: Pick<EventQueue, 'push'>
  readonly #creds: AuthenticationCreds
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #journeys: Pick<MessageJourneys, 'tell'> | null
  readonly #toldPairs = new Set<string>()
  #undecryptable = 0

  constructor(deps: {
    queue: Pick<EventQueue, 'push'>
    creds: AuthenticationCreds
    clock: Clock
    logger: Logger
    journeys: Pick<MessageJourneys, 'tell'> | null
  }) {
    this.#queue = deps.queue
    this.#creds = deps.creds
    this.#clock = deps.clock
    this.#logger = deps.logger
    this.#journeys = deps.journeys
  }

  /** Messages that could not be decrypted so far. */
  get undecryptable(): number {
    return this.#undecryptable
  }

  /** Takes a batch of Baileys' events. */
  takeBatch(batch: Partial<BaileysEventMap>): void {
    this.#take('events', (me) => {
      const events = toWhatsAppEvents(batch, me)
      return this.#journeys?.tell(events) ?? events
    })
  }

  /** Takes a raw receipt. */
  takeReceipt(node: BinaryNode): void {
    this.#take('receipt', (me) => toReceiptEvents(node, me))
  }

  /** Takes a raw notification about a group. */
  takeGroupNotice(node: BinaryNode): void {
    this.#take('group notice', () => toGroupNoticeEvents(node))
  }

  /** Takes a raw stanza that is about to be handled, for what Baileys' own events leave out. A channel's post is taken out of it. */
  takeStanza(node: BinaryNode): void {
    if (node.tag === 'receipt') return this.takeReceipt(node)
    if (node.tag === 'call') return this.#take('call', () => toCallEvents(node))
    if (node.tag === 'message') return this.#takePost(node)
    if (node.tag !== 'notification') return
    const { type } = node.attrs
    if (type === 'w:gp2') this.#take('group notification', (me) => toGroupEvents(node, me))
    if (type === 'mex' || type === 'newsletter') this.#take('newsletter', () => toNewsletterEvents(node))
  }

  /** Posts of channels are read here alone: Baileys is left an empty one. */
  #takePost(node: BinaryNode): void {
    const post = postIn(node)
    if (post === null) return
    const upsertType = node.attrs.offline === undefined ? 'notify' : 'append'
    this.#take('post', (me) => toMessageEvents(post, upsertType, me))
    emptyPost(node)
  }

  /** Takes a raw chat state: typing, recording or paused. */
  takeChatState(node: BinaryNode): void {
    this.#take('chat state', () => toChatStateEvents(node))
  }

  /** Takes pairs that Baileys stored. */
  takeMappings(pairs: readonly { lid: string; pn: string }[]): void {
    this.#take('mappings', () => toIdentityEvents(pairs))
  }

  /** Tells that our own two addresses are one person. */
  takeOwnIdentity(): void {
    this.#take('own identity', (me) =>
      me.lid === null ? [] : [{ type: 'identity.learned', lid: me.lid, phone: me.jid }],
    )
  }

  /** Takes an `<ack class="message">`. A send that waits repeats a 479 by itself and reports the last word. */
  takeAck(node: BinaryNode, isAwaited: boolean): void {
    this.#take('ack', () => {
      const chat = wireJid(node.attrs.from)
      if (chat === null || !node.attrs.id) return []
      const id = asMessageId(node.attrs.id)
      const outcome = ackOutcome(node, this.#clock)
      const { server_id: serverId } = node.attrs
      const post = serverId === undefined ? {} : { serverId: toNumber(serverId) }
      if (outcome.type === 'accepted')
        return [{ type: 'message.accepted', chat, id, at: outcome.at, ...post }]
      if (outcome.type !== 'refused') return []
      if (isAwaited && outcome.whatsappCode === staleDevicesCode) return []
      return [{ type: 'message.refused', chat, id, whatsappCode: outcome.whatsappCode }]
    })
  }

  #take(what: string, convert: (me: Me) => WhatsAppEvent[]): void {
    const me = meOf(this.#creds)
    if (me === null) return
    try {
      this.#queue.push(convert(me).flatMap((event) => this.#newsIn(event)))
    } catch (error) {
      // Conversions do not throw on anything seen so far; if one does, the rest of the stream must go on.
      this.#logger.error({ what, reason: toError(error).message }, 'inbound facts could not be read')
      this.#queue.push([{ type: 'unhandled', kind: `unreadable ${what}` }])
    }
  }

  /** The fact as far as it was not told on this connection. */
  #newsIn(event: WhatsAppEvent): WhatsAppEvent[] {
    if (event.type === 'message.undecryptable') this.#undecryptable++
    if (event.type === 'identity.learned') return this.#isNews(event) ? [event] : []
    if (event.type !== 'identities.learned') return [event]
    const pairs = event.pairs.filter((pair) => this.#isNews(pair))
    return pairs.length === 0 ? [] : [{ ...event, pairs }]
  }

  #isNews({ lid, phone }: Identity): boolean {
    const pair = `${lid} ${phone}`
    if (this.#toldPairs.has(pair)) return false
    if (this.#toldPairs.size >= maxToldPairs) this.#toldPairs.clear()
    this.#toldPairs.add(pair)
    return true
  }
}
