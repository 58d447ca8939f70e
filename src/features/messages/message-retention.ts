import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import type { Db, Tx } from '../../db/database.ts'
import { lockDevice } from '../../db/lock-device.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { MessageRetentionStore, type RetainedChat } from './message-retention-store.ts'

const dayMs = 86_400_000
const messagesPerCommit = 200
const chatsPerPage = 500

/**
 * Deletes messages that were sent more than some days ago, with what belongs to them: reactions, receipts, votes, and where
 * their media was put. Chats stay. A chat is swept in small commits, between which everything else goes on.
 */
export class MessageRetention {
  readonly #db: Db
  readonly #inTransaction: InTransaction
  readonly #clock: Clock
  readonly #days: number
  readonly #store = new MessageRetentionStore()
  #isStopped = false

  /** `days` 0 keeps everything. */
  constructor(deps: {
    readonly db: Db
    readonly inTransaction: InTransaction
    readonly clock: Clock
    readonly days: number
  }) {
    this.#db = deps.db
    this.#inTransaction = deps.inTransaction
    this.#clock = deps.clock
    this.#days = deps.days
  }

  /** Deletes what is too old now; resolves to how many messages that were. */
  async sweep(): Promise<number> {
    if (this.#days === 0) return 0
    const before = new Date(this.#clock.now().getTime() - this.#days * dayMs)
    let deleted = 0
    let last: RetainedChat | null = null
    while (!this.#isStopped) {
      const chats: readonly RetainedChat[] = await this.#store.chats(this.#db, last, chatsPerPage)
      for (const chat of chats) deleted += await this.#sweepChat(chat, before)
      last = chats.at(-1) ?? null
      if (chats.length < chatsPerPage) break
    }
    return deleted
  }

  /** Lets a sweep end after the step under way. */
  stop(): void {
    this.#isStopped = true
  }

  async #sweepChat(chat: RetainedChat, before: Date): Promise<number> {
    let total = 0
    while (!this.#isStopped) {
      // Most chats have nothing old, and are not locked to find that out.
      if ((await this.#store.oldIds(this.#db, chat, before, 1)).length === 0) break
      const deleted = await this.#inTransaction((tx) => this.#deleteSome(tx, chat, before))
      total += deleted
      if (deleted < messagesPerCommit) break
      await setImmediate()
    }
    return total
  }

  async #deleteSome(tx: Tx, chat: RetainedChat, before: Date): Promise<number> {
    await lockDevice(tx, chat.scope.deviceId)
    const ids = await this.#store.oldIds(tx, chat, before, messagesPerCommit)
    return ids.length === 0 ? 0 : this.#store.delete(tx, chat, ids)
  }
}
