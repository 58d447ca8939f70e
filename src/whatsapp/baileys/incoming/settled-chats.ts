import type { BaileysEventEmitter, ChatMutation, proto, WAMessageKey } from 'baileys'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toNumber } from './content.ts'
import type { SyncActionLine } from './sync-action.ts'
import { wireJid } from './wire-jid.ts'

// Baileys raises nothing for a chat that another device emptied, and for one that was deleted or read it does not say until when.
// All are put among what it gathers as deleted messages, so that they keep their place behind messages that came before.

type Settled = Extract<WhatsAppEvent, { type: 'chat.emptied' | 'chat.read' }>

interface SettledKey extends WAMessageKey {
  readonly settled: Settled
}

/** Puts a chat that was emptied, deleted or read among Baileys' events, when that is what the change says. Never throws. */
export function tellSettled(
  ev: Pick<BaileysEventEmitter, 'emit'>,
  { syncAction, initialSync }: SyncActionLine,
): void {
  // What is fetched first is how things stand; the history comes without what was deleted before.
  if (initialSync) return
  const settled = readEmptied(syncAction) ?? readRead(syncAction)
  if (settled === null) return
  const what = settled.type === 'chat.read' ? 'read' : settled.isGone ? 'deleted' : 'emptied'
  const id = `${what} ${settled.until.getTime()}`
  const key: SettledKey = { remoteJid: settled.chat, id, fromMe: false, settled }
  ev.emit('messages.delete', { keys: [key] })
}

/** The chat that stands in the place of a deleted message; null for a message. */
export function settledBy(key: WAMessageKey): Settled | null {
  return 'settled' in key ? (key as SettledKey).settled : null // nobody else adds that to a key
}

/** `["markChatAsRead", chat]`. Marked as unread it has no time, and comes as a number of unread ones. */
function readRead({ index, syncAction }: ChatMutation): Settled | null {
  const [type, id] = index
  const { value } = syncAction
  const chat = wireJid(id)
  const action = value?.markChatAsReadAction
  if (type !== 'markChatAsRead' || chat === null || action?.read !== true) return null
  const until = untilOf(action.messageRange, value?.timestamp)
  return until === 0 ? null : { type: 'chat.read', chat, until: new Date(until) }
}

/** `["clearChat", chat, deletes starred ones, …]` and `["deleteChat", chat, …]`. */
function readEmptied({ index, syncAction }: ChatMutation): Settled | null {
  const [type, id, deletesStarred] = index
  const { value } = syncAction
  const chat = wireJid(id)
  const isGone = type === 'deleteChat'
  if (chat === null || !(isGone || type === 'clearChat')) return null
  const range = (isGone ? value?.deleteChatAction : value?.clearChatAction)?.messageRange
  const until = untilOf(range, value?.timestamp)
  if (until === 0) return null
  return {
    type: 'chat.emptied',
    chat,
    isGone,
    until: new Date(until),
    keepsStarred: !isGone && deletesStarred === '0',
  }
}

/** Until when a change of a chat reaches, in milliseconds; 0 when it does not say. */
function untilOf(
  range: proto.SyncActionValue.ISyncActionMessageRange | null | undefined,
  changedAtMs: Parameters<typeof toNumber>[0],
): number {
  const lastSeconds = Math.max(
    toNumber(range?.lastMessageTimestamp),
    toNumber(range?.lastSystemMessageTimestamp),
  )
  return lastSeconds > 0 ? lastSeconds * 1_000 : toNumber(changedAtMs)
}
