import type { Chat, ChatUpdate, GroupMetadata } from 'baileys'
import type { ChatFacts, WhatsAppEvent } from '../../whatsapp-event.ts'
import { toDate, toNumber } from './content.ts'
import { wireJid } from './wire-jid.ts'

/**
 * What Baileys tells of a chat as our word; null when it names none or tells nothing.
 * Its unread counts are increments except in the history and where a chat is marked by hand, so they are taken only from
 * there; a chat marked as unread counts as one message.
 */
export function toChatFacts(chat: Partial<Chat>, source: 'history' | 'update'): ChatFacts | null {
  const jid = wireJid(chat.id)
  if (jid === null) return null
  const alt = wireJid(jid.endsWith('@lid') ? chat.pnJid : chat.lidJid)
  const at = toNumber(chat.conversationTimestamp) || toNumber(chat.lastMsgTimestamp)
  const name = chat.name || chat.displayName
  const facts: ChatFacts = {
    jid,
    ...(alt === null ? {} : { alt }),
    ...(name ? { name } : {}),
    ...(at > 0 ? { lastMessageAt: toDate(at) } : {}),
    ...(typeof chat.ephemeralExpiration === 'number' ? { expirationSeconds: chat.ephemeralExpiration } : {}),
    ...(typeof chat.archived === 'boolean' ? { isArchived: chat.archived } : {}),
    ...pinFacts(chat),
    ...unreadFacts(chat.unreadCount, source),
  }
  return Object.keys(facts).length > 1 ? facts : null
}

/** Whoever archives a chat takes its pin away with it, in a change of its own that may not have been told. */
function pinFacts({ pinned, archived }: Partial<Chat>): { isPinned?: boolean } {
  if (pinned !== undefined) return { isPinned: toNumber(pinned) > 0 }
  return archived === true ? { isPinned: false } : {}
}

function unreadFacts(
  count: number | null | undefined,
  source: 'history' | 'update',
): { unreadCount?: number } {
  if (source === 'history') return typeof count === 'number' ? { unreadCount: Math.max(count, 0) } : {}
  // In updates null means "all read", a negative one "marked unread by hand", a positive one "so many more".
  if (count === null || count === 0) return { unreadCount: 0 }
  return count !== undefined && count < 0 ? { unreadCount: 1 } : {}
}

/** Chats upserted or updated. */
export function toChatEvents(chats: readonly (Partial<Chat> | ChatUpdate)[]): WhatsAppEvent[] {
  return chats.flatMap((chat) => {
    const facts = toChatFacts(chat, 'update')
    return facts === null ? [] : [{ type: 'chat.updated' as const, chat: facts }]
  })
}

/** Groups made, fetched or changed: their subject and timer, as facts of the chat. */
export function toGroupChatEvents(groups: readonly Partial<GroupMetadata>[]): WhatsAppEvent[] {
  return toChatEvents(
    groups.map((group) => ({
      ...(group.id ? { id: group.id } : {}),
      ...(group.subject ? { name: group.subject } : {}),
      ...(group.ephemeralDuration === undefined ? {} : { ephemeralExpiration: group.ephemeralDuration }),
    })),
  )
}
