import type { BaileysEventMap } from 'baileys'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toAppStateEvents } from './app-state.ts'
import { toChatEvents, toGroupChatEvents } from './chat.ts'
import { toContactEvents } from './contact.ts'
import { toHistoryEvents } from './history.ts'
import { toIdentityEvents } from './identity.ts'
import { toMessageEvents } from './message.ts'
import type { Me } from './wire-jid.ts'

/** Events that are the connection's own business, or that we take from raw stanzas instead. */
const silent: ReadonlySet<string> = new Set([
  'connection.update',
  'creds.update',
  'messaging-history.status',
  'messages.update',
  'message-receipt.update',
  'messages.reaction',
  'messages.media-update',
  'presence.update',
  // From the raw stanzas.
  'call',
  'group-participants.update',
  'settings.update',
  // Without the time until when; see `settled-chats.ts`.
  'chats.delete',
])

/**
 * One batch of Baileys' events as our words, in the order in which they can be applied: who is who, the history,
 * then people, chats and messages. Never throws.
 */
export function toWhatsAppEvents(batch: Partial<BaileysEventMap>, me: Me): WhatsAppEvent[] {
  const events: WhatsAppEvent[] = []
  const mapping = batch['lid-mapping.update']
  if (mapping) events.push(...toIdentityEvents([mapping]))
  const history = batch['messaging-history.set']
  if (history) events.push(...toHistoryEvents(history, me))
  events.push(...toContactEvents(batch['contacts.upsert'] ?? []))
  events.push(...toContactEvents(batch['contacts.update'] ?? []))
  events.push(...toChatEvents(batch['chats.upsert'] ?? []))
  events.push(...toChatEvents(batch['chats.update'] ?? []))
  events.push(...toGroupChatEvents(batch['groups.upsert'] ?? []))
  events.push(...toGroupChatEvents(batch['groups.update'] ?? []))
  const upsert = batch['messages.upsert']
  if (upsert) {
    for (const message of upsert.messages) events.push(...toMessageEvents(message, upsert.type, me))
  }
  events.push(...toAppStateEvents(batch))
  const lock = batch['connection.update']?.reachoutTimeLock
  if (lock) {
    const { isActive, enforcementType, timeEnforcementEnds } = lock
    const endsAt = timeEnforcementEnds ?? null
    events.push({
      type: 'account.restricted',
      isActive: isActive === true,
      kind: enforcementType ?? '',
      endsAt,
    })
  }
  for (const name of Object.keys(batch)) {
    if (!silent.has(name) && !handled.has(name)) events.push({ type: 'unhandled', kind: name })
  }
  return events
}

const handled: ReadonlySet<string> = new Set([
  'lid-mapping.update',
  'messaging-history.set',
  'contacts.upsert',
  'contacts.update',
  'chats.upsert',
  'chats.update',
  'groups.upsert',
  'groups.update',
  'messages.upsert',
  'messages.delete',
  'labels.edit',
  'labels.association',
])
