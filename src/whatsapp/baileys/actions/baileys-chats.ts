import type { Clock } from '../../../core/clock.ts'
import type { ChatActions, Label } from '../../chat-actions.ts'
import type { Jid } from '../../jid.ts'
import type { AppStateWriter } from './app-state.ts'
import { archivePatch, chatLabelPatch, labelPatch, pinPatch } from './app-state-patches.ts'

/** App state of chats through Baileys. */
export class BaileysChats implements ChatActions {
  readonly #appState: AppStateWriter
  readonly #clock: Clock

  constructor(deps: { readonly appState: AppStateWriter; readonly clock: Clock }) {
    this.#appState = deps.appState
    this.#clock = deps.clock
  }

  pin(chat: Jid, isPinned: boolean): Promise<void> {
    return this.#appState.write(pinPatch(chat, isPinned, this.#clock.now()))
  }

  async archive(chat: Jid, isArchived: boolean, lastMessageAt: Date): Promise<void> {
    const now = this.#clock.now()
    // Official clients take a chat's pin away when they archive it.
    if (isArchived) await this.#appState.write(pinPatch(chat, false, now))
    await this.#appState.write(archivePatch(chat, isArchived, lastMessageAt, now))
  }

  saveLabel(label: Label): Promise<void> {
    return this.#appState.write(labelPatch(label, this.#clock.now()))
  }

  setLabel(chat: Jid, labelId: string, isLabeled: boolean): Promise<void> {
    return this.#appState.write(chatLabelPatch(chat, labelId, isLabeled, this.#clock.now()))
  }
}
