import type { Clock } from '../../core/clock.ts'
import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import { toIdentityResolvedEvent } from '../activity/activity-events.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { ContactLog } from '../users/contact-log.ts'
import type { IdentityStore } from './identity-store.ts'

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
    if (!isNew) return
    const chatId = await this.#chats.mergeIdentities(tx, scope, lid, phone)
    await this.#contacts.mergeIdentities(tx, scope, lid, phone)
    if (chatId === null) return
    const event = toIdentityResolvedEvent(scope, { lane: chatId, lid, phone, at: this.#clock.now() })
    await this.#outbox.append(tx, scope.deviceId, event)
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
