import type { Clock } from '../../core/clock.ts'
import { slicesOf } from '../../core/slices.ts'
import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { Identity } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { toIdentityResolvedEvent } from '../activity/activity-events.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { ContactLog } from '../users/contact-log.ts'
import type { IdentityStore } from './identity-store.ts'

/** Most people whose chats and contacts are looked for in one query. */
const mergeSize = 250

/** Writes who is who, and makes one of what was kept as two people. */
export class IdentityLog {
  readonly #identities: IdentityStore
  readonly #chats: ChatLog
  readonly #contacts: ContactLog
  readonly #outbox: Pick<Outbox, 'append'>
  readonly #clock: Clock

  constructor(deps: {
    readonly identities: IdentityStore
    readonly chats: ChatLog
    readonly contacts: ContactLog
    readonly outbox: Pick<Outbox, 'append'>
    readonly clock: Clock
  }) {
    this.#identities = deps.identities
    this.#chats = deps.chats
    this.#contacts = deps.contacts
    this.#outbox = deps.outbox
    this.#clock = deps.clock
  }

  /**
   * The LID and the phone-number JID are one person. Known before: nothing happens. A chat that stood there under the LID
   * alone has a number now, which is announced.
   */
  async applyLearned(tx: Tx, scope: AccountScope, lid: Jid, phone: Jid): Promise<void> {
    const isNew = await this.#identities.learn(tx, scope.deviceId, lid, phone, this.#clock.now())
    if (isNew) await this.#merge(tx, scope, [{ lid, phone }])
  }

  /** As `applyLearned` for each of these pairs, in few statements however many they are; none is written that was known. */
  async applyAllLearned(tx: Tx, scope: AccountScope, pairs: readonly Identity[]): Promise<void> {
    const news = await this.#identities.learnAll(tx, scope.deviceId, pairs, this.#clock.now())
    for (const part of slicesOf(news, mergeSize)) await this.#merge(tx, scope, part)
  }

  async #merge(tx: Tx, scope: AccountScope, pairs: readonly Identity[]): Promise<void> {
    const merged = await this.#chats.mergeIdentities(tx, scope, pairs)
    await this.#contacts.mergeIdentities(tx, scope, pairs)
    for (const { chatId, lid, phone } of merged) {
      const event = toIdentityResolvedEvent(scope, { lane: chatId, lid, phone, at: this.#clock.now() })
      await this.#outbox.append(tx, scope.deviceId, event)
    }
  }

  /** Two addresses that came together; learnt from when they are a LID and a phone-number JID, in either order. */
  async applyPair(tx: Tx, scope: AccountScope, jid: Jid, alt: Jid | null | undefined): Promise<void> {
    if (alt === null || alt === undefined) return
    if (jidKind(jid) === 'lid' && jidKind(alt) === 'phone') await this.applyLearned(tx, scope, jid, alt)
    if (jidKind(jid) === 'phone' && jidKind(alt) === 'lid') await this.applyLearned(tx, scope, alt, jid)
  }

  /** To be called when a transaction was undone: what it learnt is not known. */
  forgetUncommitted(): void {
    this.#identities.clearCache()
  }
}
