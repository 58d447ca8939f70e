import type { BaileysEventEmitter, ChatMutation } from 'baileys'
import { tellLabelEdit } from './label-edits.ts'
import { tellSettled } from './settled-chats.ts'

/** A line of Baileys' log about one change of the account's state. */
export interface SyncActionLine {
  readonly syncAction: ChatMutation
  /** Whether it belongs to what is fetched first, which is how things stand. */
  readonly initialSync: boolean
}

/** Puts among Baileys' events what it leaves out of a change of the account's state, or tells only a part of. Never throws. */
export function tellSyncAction(ev: Pick<BaileysEventEmitter, 'emit'>, fields: unknown): void {
  const line = fields as SyncActionLine // as `processSyncAction` logs it
  tellSettled(ev, line)
  tellLabelEdit(ev, line)
}
