import type { GroupMetadata } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Jid } from '../jid.ts'
import type { WhatsAppEvent } from '../whatsapp-event.ts'

/** Which chats are called something already (implemented by the chats' reader). */
export interface NamedChats {
  /** Whether the account has this chat, under a name that somebody gave it. */
  isNamed(owner: { readonly deviceId: DeviceId; readonly account: Jid }, chat: Jid): Promise<boolean>
}

export interface GroupSubjectsDeps {
  readonly isNamed: (group: Jid) => Promise<boolean>
  readonly fetch: (group: Jid) => Promise<GroupMetadata>
  readonly tell: (events: readonly WhatsAppEvent[]) => void
  /** Resolves once everything told so far is committed. */
  readonly committed: () => Promise<void>
  readonly isAlive: () => boolean
  readonly clock: Clock
  readonly logger: Logger
}

/** Groups are asked about one after another, with this pause: WhatsApp soon says that it is too fast. */
const pauseMs = 500
/** A group that could not be asked about is tried again after this, when another message comes from it. */
const retryAfterMs = 10 * 60_000
/** Groups remembered as looked at on this connection. */
const maxSeen = 5_000

/**
 * Learns what groups are called that messages come from, one at a time and only where it is not known: no message of a
 * group has its name.
 */
export class GroupSubjects {
  readonly #deps: GroupSubjectsDeps
  /** When to look at a group again; null for never. */
  readonly #seen = new Map<Jid, number | null>()
  readonly #waiting: { readonly group: Jid; readonly joinedAt: Date | null }[] = []
  #isRunning = false

  constructor(deps: GroupSubjectsDeps) {
    this.#deps = deps
  }

  /** A message came from the group. */
  onMessage(group: Jid): void {
    const again = this.#seen.get(group)
    if (again === null || (again !== undefined && again > this.#deps.clock.now().getTime())) return
    this.#enqueue(group, null)
  }

  /** The account is in the group from now on: its chat begins. */
  onJoined(group: Jid): void {
    this.#enqueue(group, this.#deps.clock.now())
  }

  #enqueue(group: Jid, joinedAt: Date | null): void {
    if (this.#seen.size >= maxSeen) this.#seen.clear()
    this.#seen.set(group, null)
    this.#waiting.push({ group, joinedAt })
    if (!this.#isRunning) void this.#run()
  }

  async #run(): Promise<void> {
    const { clock, isAlive } = this.#deps
    this.#isRunning = true
    for (let next = this.#waiting.shift(); next !== undefined && isAlive(); next = this.#waiting.shift()) {
      const hasAsked = await this.#learn(next.group, next.joinedAt)
      if (hasAsked && this.#waiting.length > 0) {
        await new Promise<void>((resolve) => clock.after(pauseMs, resolve))
      }
    }
    this.#isRunning = false
  }

  /** Resolves to whether WhatsApp was asked. */
  async #learn(group: Jid, joinedAt: Date | null): Promise<boolean> {
    const { isNamed, committed, fetch, tell, clock, logger } = this.#deps
    try {
      // The message's chat may have been told with its name a moment ago, as history does.
      await committed()
      if (joinedAt === null && (await isNamed(group))) return false
      const { subject, ephemeralDuration } = await fetch(group)
      const chat = {
        jid: group,
        name: subject,
        expirationSeconds: ephemeralDuration ?? 0,
        ...(joinedAt === null ? {} : { lastMessageAt: joinedAt }),
      }
      tell([{ type: 'chat.updated', chat }])
    } catch (error) {
      this.#seen.set(group, clock.now().getTime() + retryAfterMs)
      logger.debug({ reason: toError(error).message }, 'the name of a group could not be learnt')
    }
    return true
  }
}
