import { assertNever } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { MessageId } from '../../core/ids.ts'
import type { Tx } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { ChangeEffect, KeptChanges } from '../kept-changes.ts'
import type { MessageChangeLog } from './message-change-log.ts'
import type { MessageStore } from './message-store.ts'
import type { SentChangeStore } from './sent-change-store.ts'

/** The life of changes sent through this API: kept before they leave, done here when WhatsApp has them, however late. */
export class SentChangeLog implements KeptChanges {
  readonly #rows: SentChangeStore
  readonly #messages: Pick<MessageStore, 'findById'>
  readonly #changes: Pick<MessageChangeLog, 'applyOwnEdit' | 'applyOwnReaction' | 'applyOwnRevoke'>
  readonly #chats: Pick<ChatLog, 'applyChatFacts'>
  readonly #clock: Clock

  constructor(deps: {
    readonly sentChanges: SentChangeStore
    readonly messages: Pick<MessageStore, 'findById'>
    readonly changes: Pick<MessageChangeLog, 'applyOwnEdit' | 'applyOwnReaction' | 'applyOwnRevoke'>
    readonly chats: Pick<ChatLog, 'applyChatFacts'>
    readonly clock: Clock
  }) {
    this.#rows = deps.sentChanges
    this.#messages = deps.messages
    this.#changes = deps.changes
    this.#chats = deps.chats
    this.#clock = deps.clock
  }

  keep(tx: Tx, scope: AccountScope, id: MessageId, raw: Uint8Array, effect: ChangeEffect): Promise<void> {
    return this.#rows.insert(tx, scope.deviceId, { id, raw, effect }, this.#clock.now())
  }

  /** WhatsApp has changes, since its time `at` where that is known. Those that were settled before are left as they are. */
  async applyConfirmed(
    tx: Tx,
    scope: AccountScope,
    ids: readonly MessageId[],
    at: Date | null,
  ): Promise<void> {
    for (const { effect, sentAt } of await this.#rows.settle(tx, scope.deviceId, ids)) {
      await this.#apply(tx, scope, effect, at ?? inWholeSeconds(sentAt))
    }
  }

  /** WhatsApp refused changes: what they would have done is not done. */
  async applyRefused(tx: Tx, scope: AccountScope, ids: readonly MessageId[]): Promise<void> {
    await this.#rows.settle(tx, scope.deviceId, ids)
  }

  /** Forgets what was sent before `olderThan`: nobody asks for it again. */
  prune(tx: Tx, olderThan: Date): Promise<void> {
    return this.#rows.prune(tx, olderThan)
  }

  async #apply(tx: Tx, scope: AccountScope, effect: ChangeEffect, at: Date): Promise<void> {
    if (effect.kind === 'timer') {
      const facts = { jid: effect.chat, expirationSeconds: effect.seconds }
      return this.#chats.applyChatFacts(tx, scope, facts)
    }
    const found = await this.#messages.findById(tx, scope, [effect.target])
    const target = found.find(({ wireChat }) => wireChat === effect.chat)
    if (target === undefined) return
    switch (effect.kind) {
      case 'revoke':
        return this.#changes.applyOwnRevoke(tx, scope, target)
      case 'edit':
        return this.#changes.applyOwnEdit(tx, scope, target, effect.text, at)
      case 'reaction':
        return this.#changes.applyOwnReaction(tx, scope, target, effect.emoji, at)
      default:
        return assertNever(effect)
    }
  }
}

/** A time of ours as WhatsApp tells its times, so that of two changes in one second the one that comes later wins. */
function inWholeSeconds(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000)
}
