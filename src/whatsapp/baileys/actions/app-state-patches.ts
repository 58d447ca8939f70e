import { proto, type WAPatchCreate } from 'baileys'
import type { Label } from '../../chat-actions.ts'
import { type Jid, jidKind } from '../../jid.ts'
import type { MessageKey } from '../../message-actions.ts'

// Collections, indexes and versions as WhatsApp Web and whatsmeow write them. Baileys' own builders always put "0" in the
// place of a message's author, which no device takes for the author of somebody else's message in a group.

const set = proto.SyncdMutation.SyncdOperation.SET

function patch(
  type: WAPatchCreate['type'],
  apiVersion: number,
  index: string[],
  action: proto.ISyncActionValue,
  now: Date,
): WAPatchCreate {
  return {
    type,
    apiVersion,
    index,
    operation: set,
    syncAction: { ...action, timestamp: now.getTime() },
  }
}

/** `["star", chat, id, fromMe, author]` */
export function starPatch(message: MessageKey, isStarred: boolean, now: Date): WAPatchCreate {
  return patch('regular_high', 2, messageIndex('star', message), { starAction: { starred: isStarred } }, now)
}

/** `["deleteMessageForMe", chat, id, fromMe, author]` */
export function deleteForMePatch(message: MessageKey, sentAt: Date, now: Date): WAPatchCreate {
  const messageTimestamp = Math.floor(sentAt.getTime() / 1000)
  return patch(
    'regular_high',
    3,
    messageIndex('deleteMessageForMe', message),
    { deleteMessageForMeAction: { deleteMedia: true, messageTimestamp } },
    now,
  )
}

/** `["pin_v1", chat]` */
export function pinPatch(chat: Jid, isPinned: boolean, now: Date): WAPatchCreate {
  return patch('regular_low', 5, ['pin_v1', chat], { pinAction: { pinned: isPinned } }, now)
}

/** `["archive", chat]` */
export function archivePatch(chat: Jid, isArchived: boolean, lastMessageAt: Date, now: Date): WAPatchCreate {
  const messageRange = { lastMessageTimestamp: Math.floor(lastMessageAt.getTime() / 1000) }
  return patch(
    'regular_low',
    3,
    ['archive', chat],
    { archiveChatAction: { archived: isArchived, messageRange } },
    now,
  )
}

/** `["label_edit", id]` */
export function labelPatch({ id, name, color }: Label, now: Date): WAPatchCreate {
  return patch('regular', 3, ['label_edit', id], { labelEditAction: { name, color, deleted: false } }, now)
}

/** `["label_jid", id, chat]` */
export function chatLabelPatch(chat: Jid, labelId: string, isLabeled: boolean, now: Date): WAPatchCreate {
  return patch(
    'regular',
    3,
    ['label_jid', labelId, chat],
    { labelAssociationAction: { labeled: isLabeled } },
    now,
  )
}

/** `["setting_pushName"]` */
export function pushNamePatch(name: string, now: Date): WAPatchCreate {
  return patch('critical_block', 1, ['setting_pushName'], { pushNameSetting: { name } }, now)
}

/** The author is named only for what somebody else wrote where several write. */
function messageIndex(action: string, { chat, id, sender, isFromMe }: MessageKey): string[] {
  const hasAuthor = !isFromMe && (jidKind(chat) === 'group' || jidKind(chat) === 'broadcast')
  return [action, chat, id, isFromMe ? '1' : '0', hasAuthor ? sender : '0']
}
