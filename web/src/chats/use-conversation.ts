import { useEffect, useRef } from 'preact/hooks'
import { ApiError, call } from '../api/client.ts'
import type { GatewayEvent } from '../api/event-stream.ts'
import { useEvents } from '../api/live.ts'
import type { Page } from '../api/shapes.ts'
import { chunkSize } from '../ui/chunked-list.tsx'
import { type Chunks, type ListPart, useChunks } from '../ui/use-chunks.ts'
import type { Chat, Message, MessageStatus } from './shapes.ts'

type MessagesPage = Page<Message> & { readonly chat_info: Chat }

/** A conversation: its messages by their place from the oldest on, kept live. */
export interface ConversationData {
  readonly messages: Chunks<Message>
  /** What is known of the chat; null until it was fetched, or when nothing was ever written in it. */
  readonly chat: Chat | null
}

/** Events that come together cause one look. */
const togetherMs = 80
const order: readonly MessageStatus[] = [
  'failed',
  'unknown',
  'pending',
  'sent',
  'delivered',
  'read',
  'played',
]

/** The messages of a chat. New ones, ticks, reactions, edits and revokes show as their events come. */
export function useConversation(device: string, jid: string): ConversationData {
  const chat = useRef<Chat | null>(null)
  // The API counts from the newest; counted from the oldest, a message keeps its place when others come.
  const fetchFrom = async (
    offset: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<ListPart<Message>> => {
    try {
      const path = `chat/${encodeURIComponent(jid)}/messages`
      const page = await call<MessagesPage>('GET', path, { device, query: { limit, offset }, signal })
      chat.current = page.chat_info
      const { total } = page.pagination
      return { items: [...page.data].reverse(), index: total - offset - page.data.length, total }
    } catch (error) {
      // A chat in which nothing was written yet.
      if (error instanceof ApiError && error.status === 404) return { items: [], index: 0, total: 0 }
      throw error
    }
  }
  const messages = useChunks<Message>(
    `${device} ${jid}`,
    (signal) => fetchFrom(0, chunkSize, signal),
    (index, total, signal) => {
      const end = Math.min(index + chunkSize, total)
      return fetchFrom(total - end, end - index, signal)
    },
  )

  const timers = useRef(new Map<number, number>())
  const later = (key: number, run: () => void) => {
    clearTimeout(timers.current.get(key))
    timers.current.set(key, window.setTimeout(run, togetherMs))
  }
  useEffect(() => () => timers.current.forEach((timer) => void clearTimeout(timer)), [])
  useEvents((event) => {
    if (event.body.session_id !== device || !isAbout(event, jid, chat.current)) return
    if (event.event === 'message.deleted') return later(-2, messages.reload)
    const ids = idsOf(event)
    const found = ids.map((id) => messages.find((message) => message.id === id)).filter((index) => index >= 0)
    const status = statusOf(event)
    if (status !== null)
      for (const index of found)
        messages.patch(index, (message) => ({ ...message, status: further(message.status, status) }))
    else for (const index of found) later(Math.floor(index / chunkSize), () => messages.refresh(index))
    if (found.length < ids.length) later(-1, messages.refreshStart)
  })
  return { messages, chat: chat.current }
}

function isAbout({ body }: GatewayEvent, jid: string, chat: Chat | null): boolean {
  const { chat_id: id, chat_lid: lid } = body.payload ?? {}
  return id === jid || lid === jid || (chat !== null && (id === chat.jid || lid === chat.jid))
}

/** The messages that an event changes; for a new one, its own id. */
function idsOf({ event, body }: GatewayEvent): readonly string[] {
  const payload = body.payload ?? {}
  const text = (name: string) => (typeof payload[name] === 'string' ? [payload[name]] : [])
  switch (event) {
    case 'message.reaction':
      return text('reacted_message_id')
    case 'message.revoked':
      return text('revoked_message_id')
    case 'message.edited':
      return text('original_message_id')
    case 'message.ack':
      return Array.isArray(payload['ids']) ? payload['ids'].map(String) : []
    case 'message':
    case 'message.status':
    case 'media.downloaded':
      return text('id')
    default:
      return []
  }
}

function statusOf({ event, body }: GatewayEvent): MessageStatus | null {
  const { status, receipt_type: receipt } = body.payload ?? {}
  if (event === 'message.ack') return receipt === 'delivered' || receipt === 'read' ? receipt : null
  if (event !== 'message.status') return null
  return status === 'queued' ? 'pending' : (order.find((known) => known === status) ?? null)
}

/** In groups one member's receipt does not tell of all; the API's own row says where the message stands. */
function further(now: MessageStatus | undefined, next: MessageStatus): MessageStatus {
  if (now === undefined || next === 'failed' || next === 'unknown') return next
  return order.indexOf(next) > order.indexOf(now) ? next : now
}
