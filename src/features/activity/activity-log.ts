import type { Clock } from '../../core/clock.ts'
import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { IdentityStore } from '../identities/identity-store.ts'
import type { EventPeople } from '../messages/event-people.ts'
import type { EventChat } from '../messages/message-events.ts'
import {
  asRejected,
  callKey,
  toCallOfferEvent,
  toChatPresenceEvent,
  toGroupJoinedEvent,
  toHistorySyncedEvent,
  toNewsletterEvent,
  toParticipantsEvent,
  toRestrictionEvent,
} from './activity-events.ts'

type Fact<Type extends WhatsAppEvent['type']> = Extract<WhatsAppEvent, { type: Type }>

export interface ActivityLogDeps {
  readonly chats: Pick<ChatReader, 'find'>
  readonly identities: IdentityStore
  readonly people: EventPeople
  readonly outbox: Pick<Outbox, 'append' | 'complete'>
  readonly clock: Clock
  /** Whether calls are rejected as they come in; their events wait for what becomes of that. */
  readonly rejectsCalls: boolean
}

/** Somebody calls. */
export type OfferedCall = Fact<'call.offered'>

/** So long the event of a call waits for its rejection; it then goes as one of a call that was not rejected. */
const rejectionWaitMs = 5_000

/** Announces what passes and leaves no row but its event, inside transactions it is given. */
export class ActivityLog {
  readonly #deps: ActivityLogDeps

  constructor(deps: ActivityLogDeps) {
    this.#deps = deps
  }

  async applyChatPresence(tx: Tx, scope: AccountScope, fact: Fact<'chat.presence'>): Promise<void> {
    const { people, clock } = this.#deps
    const chat = await this.#chatOf(tx, scope, fact.chat)
    const address = await this.#deps.identities.addressOf(tx, scope.deviceId, fact.from)
    const from = await people.personAt(tx, scope, address, '')
    await this.#append(tx, scope, toChatPresenceEvent(scope, fact, { chat, from, at: clock.now() }))
  }

  async applyParticipants(tx: Tx, scope: AccountScope, fact: Fact<'group.participants'>): Promise<void> {
    const jids: Jid[] = []
    for (const { jid, alt } of fact.members) {
      jids.push((await this.#deps.identities.addressOf(tx, scope.deviceId, jid, alt)).jid)
    }
    const chat = await this.#chatOf(tx, scope, fact.group)
    await this.#append(tx, scope, toParticipantsEvent(scope, fact, { chat, jids }))
  }

  async applyGroupJoined(tx: Tx, scope: AccountScope, fact: Fact<'group.joined'>): Promise<void> {
    const chat = await this.#chatOf(tx, scope, fact.group)
    await this.#append(tx, scope, toGroupJoinedEvent(scope, fact, chat))
  }

  /** Resolves to whether the call was not known before. */
  async applyCall(tx: Tx, scope: AccountScope, fact: Fact<'call.offered'>): Promise<boolean> {
    const { people, rejectsCalls } = this.#deps
    const { address, chat } = await this.#callerOf(tx, scope, fact)
    const from = await people.personAt(tx, scope, address, '')
    const event = toCallOfferEvent(scope, fact, { chat, from })
    return this.#append(tx, scope, rejectsCalls ? { ...event, holdMs: rejectionWaitMs } : event)
  }

  /** A call was rejected by itself, or could not be. Resolves to the lane of its event, which waits no longer. */
  async applyOutcome(tx: Tx, scope: AccountScope, fact: OfferedCall, isRejected: boolean): Promise<string> {
    const { chat } = await this.#callerOf(tx, scope, fact)
    const change = isRejected ? asRejected : null
    await this.#deps.outbox.complete(tx, scope.deviceId, callKey(scope, fact), change)
    return chat.id
  }

  async #callerOf(tx: Tx, scope: AccountScope, fact: OfferedCall) {
    const { identities } = this.#deps
    const address = await identities.addressOf(tx, scope.deviceId, fact.from, fact.fromAlt)
    return { address, chat: await this.#chatOf(tx, scope, fact.group ?? address.jid) }
  }

  async applyNewsletter(tx: Tx, scope: AccountScope, fact: Fact<'newsletter.changed'>): Promise<void> {
    await this.#append(tx, scope, toNewsletterEvent(scope, fact))
  }

  async applyRestriction(tx: Tx, scope: AccountScope, fact: Fact<'account.restricted'>): Promise<void> {
    await this.#append(tx, scope, toRestrictionEvent(scope, fact, this.#deps.clock.now()))
  }

  async applyHistory(tx: Tx, scope: AccountScope, fact: Fact<'history.synced'>): Promise<void> {
    if (fact.ends === undefined) return
    await this.#append(tx, scope, toHistorySyncedEvent(scope, fact, this.#deps.clock.now()))
  }

  #append(tx: Tx, scope: AccountScope, event: Parameters<Outbox['append']>[2]): Promise<boolean> {
    return this.#deps.outbox.append(tx, scope.deviceId, event)
  }

  /** The chat as it is known; one that is not is not made for something that passes. */
  async #chatOf(tx: Tx, scope: AccountScope, jid: Jid): Promise<EventChat> {
    const chat = await this.#deps.chats.find(tx, scope, jid)
    if (chat !== null) return chat
    if (jidKind(jid) === 'group') return { id: jid, jid, lid: null }
    const address = await this.#deps.identities.addressOf(tx, scope.deviceId, jid)
    return { id: address.jid, ...address }
  }
}
