import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import type { MessageId } from '../../core/ids.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { Chat } from '../chats/chat.ts'
import { wireChat, wirePagination } from '../chats/chat-schemas.ts'
import type { StoredReaction } from './reaction-store.ts'
import { type MediaState, type MessageFilter, mediaStates, type StoredMessage } from './stored-message.ts'

const wireReaction = z.object({
  emoji: z.string(),
  sender_jid: z.string(),
  sender_display_name: z.string(),
  is_from_me: z.boolean(),
  timestamp: z.iso.datetime(),
})

/** A message as the API shows it; texts are '' and numbers 0 when there is none. */
export const wireMessage = z.object({
  id: z.string(),
  chat_jid: z.string(),
  sender_jid: z.string(),
  sender_display_name: z.string(),
  content: z.string(),
  timestamp: z.iso.datetime(),
  is_from_me: z.boolean(),
  status: z
    .enum(['pending', 'sent', 'delivered', 'read', 'played', 'failed', 'unknown'])
    .optional()
    .describe('How far an own message has come; `unknown` when nobody confirmed it within a day.'),
  media_type: z.string(),
  media_state: z
    .enum(mediaStates)
    .optional()
    .describe(
      'Of the file, here: `waiting` to be fetched, `stored`, `failed` (given up), `removed` (kept no longer). Absent when it was never fetched. A download fetches it in any state.',
    ),
  filename: z.string(),
  url: z.string(),
  file_length: z.int(),
  replied_to_id: z.string().optional().describe('Id of the message that it answers.'),
  revoked: z.boolean().describe('Deleted for everyone; its text stays here.'),
  edited_at: z.iso.datetime().optional().describe('When its text was last changed.'),
  starred: z.boolean(),
  reactions: z.array(wireReaction).describe('What people react with now, oldest first.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})

/** Query of `GET /chat/{chat_jid}/messages`. */
export const messagesQuery = z.object({
  limit: z.int().min(1).max(100).default(50).describe('Most messages to return.'),
  offset: z.int().min(0).default(0).describe('Messages to skip.'),
  start_time: z.string().optional().describe('Not before this time (RFC 3339).'),
  end_time: z.string().optional().describe('Not after this time (RFC 3339).'),
  media_only: z
    .boolean()
    .default(false)
    .describe('Only messages with media; with it `is_from_me=false` does not count.'),
  is_from_me: z.boolean().optional().describe('Only own messages, or only the others.'),
  search: z.string().optional().describe('Part of the text, in any case.'),
})

/** Results of `GET /chat/{chat_jid}/messages`. */
export const messagesResults = z.object({
  data: z.array(wireMessage),
  pagination: wirePagination,
  chat_info: wireChat,
})

/** Turns a query into a filter. Raises `validation_failed` for times that are none. */
export function toMessageFilter(query: z.infer<typeof messagesQuery>): MessageFilter {
  const startAt = readTime('start_time', query.start_time)
  const endAt = readTime('end_time', query.end_time)
  const isFromMe = query.media_only && query.is_from_me === false ? undefined : query.is_from_me
  return {
    limit: query.limit,
    offset: query.offset,
    mediaOnly: query.media_only,
    ...(startAt === null ? {} : { startAt: new Date(startAt) }),
    // Times are shown in whole seconds, and a message shown with the given one is not after it.
    ...(endAt === null ? {} : { endAt: new Date(endAt % 1000 === 0 ? endAt + 999 : endAt) }),
    ...(isFromMe === undefined ? {} : { isFromMe }),
    ...(query.search === undefined ? {} : { search: query.search }),
  }
}

/** What is shown beside a message. */
export interface MessageSurroundings {
  readonly account: Jid
  readonly chat: Chat
  /** Names to show, by JID. */
  readonly names: ReadonlyMap<Jid, string>
  /** Reactions to any messages of the chat, oldest first. */
  readonly reactions: readonly StoredReaction[]
  /** Of the media of any messages of the chat. */
  readonly mediaStates: ReadonlyMap<MessageId, MediaState>
}

/** Turns a message into what the API shows of it. */
export function toWireMessage(
  message: StoredMessage,
  { account, chat, names, reactions, mediaStates: states }: MessageSurroundings,
): z.infer<typeof wireMessage> {
  const mediaState = states.get(message.id)
  return {
    id: message.id,
    chat_jid: chat.jid,
    sender_jid: message.sender,
    sender_display_name: names.get(message.sender) ?? '',
    content: message.content,
    timestamp: toRfc3339(message.sentAt),
    is_from_me: message.isFromMe,
    ...(message.isFromMe ? { status: message.status } : {}),
    media_type: message.mediaKind ?? '',
    ...(mediaState === undefined ? {} : { media_state: mediaState }),
    filename: message.fileName,
    url: message.url,
    file_length: message.fileLength,
    ...(message.repliedToId === null ? {} : { replied_to_id: message.repliedToId }),
    revoked: message.isRevoked,
    ...(message.editedAt === null ? {} : { edited_at: toRfc3339(message.editedAt) }),
    starred: message.isStarred,
    reactions: reactions
      .filter((reaction) => reaction.messageId === message.id)
      .map((reaction) => ({
        emoji: reaction.emoji,
        sender_jid: reaction.sender,
        sender_display_name: names.get(reaction.sender) ?? '',
        is_from_me: reaction.sender === account,
        timestamp: toRfc3339(reaction.at),
      })),
    created_at: toRfc3339(message.createdAt),
    updated_at: toRfc3339(message.updatedAt),
  }
}

const rfc3339 = z.iso.datetime({ offset: true })

function readTime(name: string, text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  // A + that was not percent-encoded arrives as a space.
  const time = text.replace(' ', '+')
  if (rfc3339.safeParse(time).success) return Date.parse(time)
  throw new AppError('validation_failed', {
    message: `invalid ${name} format: "${text}" is not RFC 3339, as in 2024-01-15T10:30:00Z`,
  })
}
