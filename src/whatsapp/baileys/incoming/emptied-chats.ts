import type { BaileysEventEmitter, ChatMutation, WAMessageKey } from 'baileys'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toNumber } from './content.ts'
import { wireJid } from './wire-jid.ts'

// Baileys raises nothing for a chat that another device emptied, and for one that was deleted it does not say until when.
// Both are put among what it gathers as deleted messages, so that they keep their place behind messages that came before.

type Emptied = Extract<WhatsAppEvent, { type: 'chat.emptied' }>

interface EmptiedKey extends WAMessageKey {
  readonly emptied: Emptied
}

/** A line of Baileys' log about one change of the account's state. */
interface SyncActionLine {
  readonly syncAction: ChatMutation
  readonly initialSync: boolean
}

/** Puts a chat that was emptied or deleted among Baileys' events, when that is what the change says. Never throws. */
export function tellEmptied(ev: Pick<BaileysEventEmitter, 'emit'>, fields: unknown): void {
  const { syncAction, initialSync } = fields as SyncActionLine // as `processSyncAction` logs it
  // What is fetched first is how things stand; the history comes without what was deleted before.
  if (initialSync) return
  const emptied = readEmptied(syncAction)
  if (emptied === null) return
  const id = `${emptied.isGone ? 'deleted' : 'emptied'} ${emptied.until.getTime()}`
  const key: EmptiedKey = { remoteJid: emptied.chat, id, fromMe: false, emptied }
  ev.emit('messages.delete', { keys: [key] })
}

/** The emptied chat that stands in the place of a deleted message; null for a message. */
export function emptiedBy(key: WAMessageKey): Emptied | null {
  return 'emptied' in key ? (key as EmptiedKey).emptied : null // nobody else adds that to a key
}

/** `["clearChat", chat, deletes starred ones, …]` and `["deleteChat", chat, …]`. */
function readEmptied({ index, syncAction }: ChatMutation): Emptied | null {
  const [type, id, deletesStarred] = index
  const { value } = syncAction
  const chat = wireJid(id)
  const isGone = type === 'deleteChat'
  if (chat === null || !(isGone || type === 'clearChat')) return null
  const range = (isGone ? value?.deleteChatAction : value?.clearChatAction)?.messageRange
  const lastSeconds = Math.max(
    toNumber(range?.lastMessageTimestamp),
    toNumber(range?.lastSystemMessageTimestamp),
  )
  const until = lastSeconds > 0 ? lastSeconds * 1_000 : toNumber(value?.timestamp)
  if (until === 0) return null
  return {
    type: 'chat.emptied',
    chat,
    isGone,
    until: new Date(until),
    keepsStarred: !isGone && deletesStarred === '0',
  }
}
