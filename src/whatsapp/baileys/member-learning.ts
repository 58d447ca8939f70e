import { setImmediate as nextTurn } from 'node:timers/promises'
import type { GroupMetadata, WASocket } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Logger } from '../../core/logger.ts'
import type { GroupPerson } from '../group.ts'
import type { Identity, WhatsAppEvent } from '../whatsapp-event.ts'
import { asIdentity, wireJid } from './incoming/wire-jid.ts'

/** So many people are committed together. */
const mostPerCommit = 250

/** Pairs remembered as already told on this connection. */
const maxToldPairs = 20_000

export interface MemberLearningDeps {
  readonly commit: (events: readonly WhatsAppEvent[]) => Promise<void>
  readonly logger: Logger
}

/**
 * Learns who is who from lists of members, for good. They come with thousands of people, again and again, so each pair is told
 * once per connection, and in a line of its own: messages do not wait for it. What could not be committed, or was still
 * waiting when the connection ended, is learnt from the next list.
 */
export class MemberLearning {
  readonly #deps: MemberLearningDeps
  readonly #told = new Set<string>()
  #waiting: Identity[] = []
  #running: Promise<void> | null = null
  #isClosed = false

  constructor(deps: MemberLearningDeps) {
    this.#deps = deps
  }

  /** Takes the members of a list of whom it told both addresses. */
  learn(pairs: readonly Identity[]): void {
    if (this.#isClosed) return
    for (const pair of pairs) {
      const key = `${pair.lid} ${pair.phone}`
      if (this.#told.has(key)) continue
      if (this.#told.size >= maxToldPairs) this.#told.clear()
      this.#told.add(key)
      this.#waiting.push(pair)
    }
    if (this.#waiting.length > 0) this.#running ??= this.#run()
  }

  /** Learns nothing more; resolves once what is being committed is. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#waiting = []
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        // Lists that come together are learnt together, and everything else gets a turn in between.
        await nextTurn()
        const pairs = this.#waiting.splice(0, mostPerCommit)
        await this.#deps.commit([{ type: 'identities.learned', pairs }])
      }
    } catch (error) {
      this.#waiting = []
      this.#told.clear()
      this.#deps.logger.warn({ reason: toError(error).message }, 'members of a group could not be learnt')
    } finally {
      this.#running = null
    }
  }
}

/** Hears every list of members that Baileys is told, and hands on those of whom both addresses came. */
export function hearMembers(
  socket: Pick<WASocket, 'groupMetadata' | 'ev'>,
  learn: (pairs: readonly Identity[]) => void,
): void {
  const hear = (groups: readonly Partial<GroupMetadata>[]) => {
    for (const { participants } of groups) learn(identitiesOf(participants ?? []))
  }
  const ask = socket.groupMetadata
  socket.groupMetadata = async (group) => {
    const metadata = await ask(group)
    hear([metadata])
    return metadata
  }
  socket.ev.on('groups.upsert', hear)
  socket.ev.on('groups.update', hear)
}

/** Those of these people whose both addresses are known. */
export function knownPairs(people: readonly GroupPerson[]): Identity[] {
  return people.flatMap(({ lid, phone }) => (lid === null || phone === null ? [] : [{ lid, phone }]))
}

function identitiesOf(members: GroupMetadata['participants']): Identity[] {
  return members.flatMap(({ id, lid, phoneNumber }) => {
    return asIdentity(wireJid(id), wireJid(phoneNumber ?? lid)) ?? []
  })
}
