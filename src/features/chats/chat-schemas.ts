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
})

/** Results of `GET /chats`. */
export const chatsResults = z.object({ data: z.array(wireChat), pagination: wirePagination })

/** Turns a chat into what the API shows of it. */
export function toWireChat(chat: Chat): z.infer<typeof wireChat> {
  return {
    jid: chat.jid,
    name: chat.name,
    last_message_time: toRfc3339(chat.lastMessageAt),
    ephemeral_expiration: chat.expirationSeconds,
    archived: chat.isArchived,
    created_at: toRfc3339(chat.createdAt),
    updated_at: toRfc3339(chat.updatedAt),
  }
}
