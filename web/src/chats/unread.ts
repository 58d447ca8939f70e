// Owns: how many messages have come to each chat since this page was opened and the chat was last looked at.
import { signal } from '@preact/signals'
import type { GatewayEvent } from '../api/event-stream.ts'

/** By `<device> <chat>`. */
export const unread = signal<ReadonlyMap<string, number>>(new Map())

let open = ''

/** Counts an event when it is a message to a chat that nobody looks at. */
export function countUnread({ event, body }: GatewayEvent): void {
  if (event !== 'message' || body.payload?.['is_from_me'] === true) return
  const key = `${body.session_id ?? ''} ${String(body.payload?.['chat_id'])}`
  if (key === open && !document.hidden) return
  unread.value = new Map(unread.value).set(key, (unread.value.get(key) ?? 0) + 1)
}

/** A chat is looked at from now on; until the returned function is called. */
export function lookAt(device: string, jid: string): () => void {
  open = `${device} ${jid}`
  const next = new Map(unread.value)
  if (next.delete(open)) unread.value = next
  return () => {
    open = ''
  }
}
