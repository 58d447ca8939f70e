// Owns: which messages were seen here. Seeing them tells their authors nothing; that is what "Mark as read" is for.
import { signal } from '@preact/signals'
import type { ListedChat } from './shapes.ts'

/** Id of the newest message of a chat when it was last looked at, by `<device> <chat>`. */
const seen = signal<ReadonlyMap<string, string>>(new Map())

/** Somebody looks at a chat whose newest message this is. */
export function noteSeen(device: string, jid: string, newestId: string): void {
  const key = `${device} ${jid}`
  if (seen.value.get(key) !== newestId) seen.value = new Map(seen.value).set(key, newestId)
}

/** How many messages of a chat are unread at WhatsApp; 0 when the newest was seen here since this page was opened. */
export function unreadOf(
  device: string,
  { jid, unread_count: count, last_message: newest }: ListedChat,
): number {
  return newest !== undefined && seen.value.get(`${device} ${jid}`) === newest.id ? 0 : count
}
