import type { Clock } from '../../core/clock.ts'
import type { Tx } from '../../db/database.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import type { IdentityStore } from '../identities/identity-store.ts'
import type { ChatReader } from './chat-reader.ts'
import { toLabelAssociationEvent, toLabelEditEvent } from './label-events.ts'
import type { LabelStore, StoredLabel } from './label-store.ts'

type Of<Type extends WhatsAppEvent['type']> = Extract<WhatsAppEvent, { type: Type }>

/** Writes labels and the chats that carry them, inside transactions it is given. */
export class LabelLog {
  readonly #labels: LabelStore
  readonly #chats: Pick<ChatReader, 'find'>
  readonly #identities: Pick<IdentityStore, 'addressOf'>
  readonly #outbox: Pick<Outbox, 'append'>
  readonly #clock: Clock

  constructor(deps: {
    readonly labels: LabelStore
    readonly chatReader: Pick<ChatReader, 'find'>
    readonly identities: Pick<IdentityStore, 'addressOf'>
    readonly outbox: Pick<Outbox, 'append'>
    readonly clock: Clock
  }) {
    this.#labels = deps.labels
    this.#chats = deps.chatReader
    this.#identities = deps.identities
    this.#outbox = deps.outbox
    this.#clock = deps.clock
  }

  /** A label was made, changed or deleted on another device. */
  async applyEdited(tx: Tx, scope: AccountScope, event: Of<'label.edited'>): Promise<void> {
    const now = this.#clock.now()
    if (!(await this.#labels.applyEdit(tx, scope, event.id, event.edit, now))) return
    await this.#outbox.append(tx, scope.deviceId, toLabelEditEvent(scope, event.id, event.edit, now))
  }

  /** A label was put on a chat or taken off it on another device; of an unknown chat it is only told. */
  async applyAssociated(tx: Tx, scope: AccountScope, event: Of<'label.associated'>): Promise<void> {
    const { labelId, isLabeled } = event
    const now = this.#clock.now()
    const chat = await this.#chats.find(tx, scope, event.chat)
    const isNew = chat === null || (await this.#labels.setOn(tx, scope, chat.id, labelId, isLabeled, now))
    if (!isNew) return
    const { lid } = chat ?? (await this.#identities.addressOf(tx, scope.deviceId, event.chat))
    const named = { jid: chat?.jid ?? event.chat, lid }
    await this.#outbox.append(tx, scope.deviceId, toLabelAssociationEvent(scope, named, event, now))
  }

  /** What this gateway itself made of labels. */
  async save(tx: Tx, scope: AccountScope, label: StoredLabel): Promise<void> {
    const { id, ...edit } = label
    await this.#labels.applyEdit(tx, scope, id, edit, this.#clock.now())
  }

  /** What this gateway itself put on a chat or took off it. */
  async setOn(
    tx: Tx,
    scope: AccountScope,
    chatId: string,
    labelId: string,
    isLabeled: boolean,
  ): Promise<void> {
    await this.#labels.setOn(tx, scope, chatId, labelId, isLabeled, this.#clock.now())
  }
}
