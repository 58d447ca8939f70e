import { type BaileysEventMap, proto } from 'baileys'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toChatFacts } from './chat.ts'
import { toContactFacts } from './contact.ts'
import { toIdentityEvents } from './identity.ts'
import { toHistoryMessage } from './message.ts'
import type { Me } from './wire-jid.ts'

/** Messages per event: one part of a history is one transaction, which must not hold the database for long. */
const messagesPerEvent = 500

/** A part of the history that the phone shared, split into events of bounded size. Pairs of addresses come first. */
export function toHistoryEvents(history: BaileysEventMap['messaging-history.set'], me: Me): WhatsAppEvent[] {
  const chats = history.chats.flatMap((chat) => toChatFacts(chat, 'history') ?? [])
  const contacts = history.contacts.flatMap((contact) => toContactFacts(contact) ?? [])
  const messages = history.messages.flatMap((message) => toHistoryMessage(message, me) ?? [])
  const progress = typeof history.progress === 'number' ? history.progress : null
  const events: WhatsAppEvent[] = [...toIdentityEvents(pairsOf(history))]
  const what = {
    type: 'history.synced' as const,
    progress,
    syncType: proto.HistorySync.HistorySyncType[history.syncType ?? 0] ?? '',
    chunk: history.chunkOrder ?? 0,
  }
  const ends = { chats: chats.length, contacts: contacts.length, messages: messages.length }
  const parts = Math.max(1, Math.ceil(messages.length / messagesPerEvent))
  for (let part = 0; part < parts; part += 1) {
    const slice = messages.slice(part * messagesPerEvent, (part + 1) * messagesPerEvent)
    const people = part === 0 ? { chats, contacts } : { chats: [], contacts: [] }
    events.push({ ...what, ...people, messages: slice, ...(part === parts - 1 ? { ends } : {}) })
  }
  return events
}

/** Baileys drops `lidPnMappings` when it buffers this event, so chats and contacts are asked as well. */
function pairsOf(history: BaileysEventMap['messaging-history.set']): { lid: string; pn: string }[] {
  return [
    ...(history.lidPnMappings ?? []),
    ...history.chats.flatMap((chat) => [
      { lid: chat.lidJid ?? '', pn: chat.id ?? '' },
      { lid: chat.id ?? '', pn: chat.pnJid ?? '' },
    ]),
    ...history.contacts.flatMap((contact) => [
      { lid: contact.lid ?? '', pn: contact.id },
      { lid: contact.id, pn: contact.phoneNumber ?? '' },
    ]),
  ].filter(({ lid, pn }) => lid !== '' && pn !== '')
}
