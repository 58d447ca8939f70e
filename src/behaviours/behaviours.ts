import { AppError, toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import { SerialQueue } from '../core/serial-queue.ts'
import type { AccountScope } from '../features/account-scope.ts'
import type { FreshFact } from '../inbox/inbox.ts'
import type { DeviceChange, SessionStatus } from '../sessions/session-status.ts'
import { jidKind } from '../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../whatsapp/message.ts'
import type { MessageKey } from '../whatsapp/message-actions.ts'
import type { LinkedSession, SessionLookup } from '../whatsapp/whatsapp-session.ts'
import { AutoReply } from './auto-reply.ts'

/** What the gateway does by itself, as the settings say. */
export interface BehaviourSettings {
  readonly autoReply?: string
  readonly autoReplyIntervalMs: number
  readonly autoMarkRead: boolean
  readonly autoRejectCall: boolean
  readonly presenceOnConnect: 'available' | 'unavailable' | 'none'
  /** 0 for no pulse. */
  readonly presencePulseMs: number
  readonly presencePulseForMs: number
  readonly subscribesToTyping: boolean
}

type FreshCall = Extract<FreshFact, { type: 'call.offered' }>

export interface BehavioursDeps {
  readonly settings: BehaviourSettings
  readonly sessions: SessionLookup & { status(deviceId: DeviceId): Pick<SessionStatus, 'isLoggedIn'> }
  /** Sends a text and records it, as the API does. */
  readonly sendText: (scope: AccountScope, to: string, text: string) => Promise<unknown>
  /** Tells the author that a message was read, and keeps it, as the API does. */
  readonly markRead: (scope: AccountScope, message: MessageKey) => Promise<void>
  /** Hears whether a call that was to be rejected was. */
  readonly callSettled: (scope: AccountScope, call: FreshCall, isRejected: boolean) => Promise<void>
  readonly clock: Clock
  readonly logger: Logger
}

/** How often it is looked whether the account has a name by now. */
const nameEveryMs = 5_000

interface Presence {
  cancelPulse: () => void
  readonly subscribed: Set<string>
}

/**
 * What the gateway does by itself about what happens: answers, marks as read, rejects calls, shows presence. Always after the
 * fact is committed, at most once, one thing after another per device; what fails is logged and not tried again.
 */
export class Behaviours {
  readonly #deps: BehavioursDeps
  readonly #autoReply: AutoReply | null
  readonly #queues = new Map<DeviceId, SerialQueue>()
  readonly #present = new Map<DeviceId, Presence>()
  #isStopped = false

  constructor(deps: BehavioursDeps) {
    this.#deps = deps
    const { autoReply, autoReplyIntervalMs } = deps.settings
    this.#autoReply =
      autoReply === undefined
        ? null
        : new AutoReply({ text: autoReply, intervalMs: autoReplyIntervalMs }, deps.clock)
  }

  /** Reacts to facts that were just committed, in their order. */
  react(scope: AccountScope, facts: readonly FreshFact[]): void {
    for (const fact of facts) {
      if (fact.type === 'call.offered') this.#onCall(scope, fact)
      else this.#onMessage(scope, fact.message)
    }
  }

  /** Shows presence when a device has connected; to be given to `Sessions.subscribe`. */
  onDeviceChange(change: DeviceChange): void {
    const { deviceId } = change
    const isOnline = change.type !== 'removed' && this.#deps.sessions.status(deviceId).isLoggedIn
    const known = this.#present.get(deviceId)
    if (isOnline && known === undefined) this.#onConnected(deviceId)
    if (isOnline || known === undefined) return
    known.cancelPulse()
    this.#present.delete(deviceId)
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const { cancelPulse } of this.#present.values()) cancelPulse()
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()))
  }

  #onMessage(scope: AccountScope, message: WhatsAppMessage): void {
    const { settings, sendText, markRead } = this.#deps
    if (message.isFromMe) return
    const { chat, id, sender, serverId } = message
    if (settings.autoMarkRead) {
      const key = { chat, id, sender, isFromMe: false, ...(serverId === undefined ? {} : { serverId }) }
      this.#do(scope.deviceId, 'mark as read', () => markRead(scope, key))
    }
    const text = this.#autoReply?.answerTo(scope.deviceId, message) ?? null
    if (text !== null) this.#do(scope.deviceId, 'answer', () => sendText(scope, chat, text))
    if (settings.subscribesToTyping) this.#subscribe(scope.deviceId, message)
  }

  #onCall(scope: AccountScope, call: FreshCall): void {
    const { settings, callSettled } = this.#deps
    if (!settings.autoRejectCall) return
    this.#do(scope.deviceId, 'reject a call', async (session) => {
      let isRejected = false
      try {
        await session.calls.reject(call.from, call.callId)
        isRejected = true
      } finally {
        await callSettled(scope, call, isRejected)
      }
    })
  }

  #subscribe(deviceId: DeviceId, { chat }: WhatsAppMessage): void {
    const subscribed = this.#present.get(deviceId)?.subscribed
    if (subscribed === undefined || subscribed.has(chat) || !['phone', 'lid'].includes(jidKind(chat))) return
    subscribed.add(chat)
    this.#do(deviceId, 'subscribe to typing', (session) => session.presence.subscribe(chat))
  }

  #onConnected(deviceId: DeviceId): void {
    const { presenceOnConnect, presencePulseMs } = this.#deps.settings
    const presence: Presence = { cancelPulse: () => undefined, subscribed: new Set() }
    this.#present.set(deviceId, presence)
    if (presenceOnConnect !== 'none') this.#show(deviceId, presenceOnConnect === 'available')
    if (presenceOnConnect !== 'available' && presencePulseMs > 0) this.#pulseLater(deviceId, presence)
  }

  #pulseLater(deviceId: DeviceId, presence: Presence): void {
    const { clock, settings } = this.#deps
    presence.cancelPulse = clock.after(settings.presencePulseMs, () => {
      this.#show(deviceId, true)
      presence.cancelPulse = clock.after(settings.presencePulseForMs, () => {
        this.#show(deviceId, false)
        this.#pulseLater(deviceId, presence)
      })
    })
  }

  /** The name that has to be shown comes a moment after the first connection. */
  #show(deviceId: DeviceId, isAvailable: boolean, triesLeft = 12): void {
    this.#do(deviceId, 'show presence', async (session) => {
      try {
        await session.presence.setAvailable(isAvailable)
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'push_name_missing') || triesLeft === 0) throw error
        this.#deps.clock.after(nameEveryMs, () => this.#show(deviceId, isAvailable, triesLeft - 1))
      }
    })
  }

  #do(deviceId: DeviceId, what: string, work: (session: LinkedSession) => Promise<unknown>): void {
    const { sessions, logger } = this.#deps
    const queue = this.#queues.get(deviceId) ?? new SerialQueue()
    this.#queues.set(deviceId, queue)
    queue
      .run(async () => {
        if (!this.#isStopped) await work(sessions.for(deviceId))
      })
      .catch((error: unknown) => {
        logger.info(
          { deviceId, what, reason: toError(error).message },
          'a thing to do by itself was not done',
        )
      })
  }
}
