import { z } from 'zod'
import { toRfc3339 } from '../../core/rfc3339.ts'
import type { Chat } from './chat.ts'

/** A chat as the API shows it. */
export const wireChat = z.object({
  jid: z.string(),
  name: z.string(),
  last_message_time: z.iso.datetime(),
  ephemeral_expiration: z.int().describe('Disappearing timer in seconds, 0 when off.'),
  archived: z.boolean(),
  pinned: z.boolean(),
  unread_count: z.int().describe('Messages of others that the account has read on none of its devices.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})

/** Which part of a list an answer is; `total` counts all that pass the filters. */
export const wirePagination = z.object({ limit: z.int(), offset: z.int(), total: z.int() })

/** Query of `GET /chats`. */
export const chatsQuery = z.object({
  limit: z.int().min(1).max(100).default(25).describe('Most chats to return.'),
  offset: z.int().min(0).default(0).describe('Chats to skip.'),
  search: z.string().optional().describe('Part of the name, in any case.'),
  has_media: z.boolean().default(false).describe('Only chats with media messages.'),
  archived: z.boolean().optional().describe('Only archived chats, or only the others.'),
  pinned_first: z.boolean().default(false).describe('Pinned chats stand before all others.'),
  last_message: z.boolean().default(false).describe('Tell the newest message of each chat too.'),
})

/** A chat in the list: with what stands beside its name. */
const listedChat = wireChat.extend({
  labels: z.array(z.object({ id: z.string(), name: z.string() })).describe('In the order they were put on.'),
  last_message: z
    .object({
      id: z.string(),
      content: z.string(),
      media_type: z.string(),
      is_from_me: z.boolean(),
      revoked: z.boolean(),
      status: z.string().optional().describe('How far an own message has come.'),
    })
    .optional()
    .describe('The newest message; only when asked for.'),
})

/** Results of `GET /chats`. */
export const chatsResults = z.object({ data: z.array(listedChat), pagination: wirePagination })

/** What a list shows of a chat's newest message. */
export interface NewestMessage {
  readonly id: string
  readonly content: string
  readonly mediaKind: string | null
  readonly isFromMe: boolean
  readonly isRevoked: boolean
  readonly status: string
}

/** Turns a chat into what the list shows of it. */
export function toListedChat(
  chat: Chat,
  labels: readonly { readonly id: string; readonly name: string }[],
  newest: NewestMessage | undefined,
): z.infer<typeof listedChat> {
  const listed = { ...toWireChat(chat), labels: labels.map(({ id, name }) => ({ id, name })) }
  if (newest === undefined) return listed
  return {
    ...listed,
    last_message: {
      id: newest.id,
      content: newest.content,
      media_type: newest.mediaKind ?? '',
      is_from_me: newest.isFromMe,
      revoked: newest.isRevoked,
      ...(newest.isFromMe ? { status: newest.status } : {}),
    },
  }
}

/** Turns a chat into what the API shows of it. */
export function toWireChat(chat: Chat): z.infer<typeof wireChat> {
  return {
    jid: chat.jid,
    name: chat.name,
    last_message_time: toRfc3339(chat.lastMessageAt),
    ephemeral_expiration: chat.expirationSeconds,
    archived: chat.isArchived,
    pinned: chat.isPinned,
    unread_count: chat.unreadCount,
    created_at: toRfc3339(chat.createdAt),
    updated_at: toRfc3339(chat.updatedAt),
  }
}
