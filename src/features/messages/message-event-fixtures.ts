import { asDeviceId, asMessageId } from '../../core/ids.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { MessageEventFacts } from './message-events.ts'

// Builders for tests of message events: one account, Ana who writes to it.

export const ownAccount = parseJid('628110000001@s.whatsapp.net')
export const anasPhone = parseJid('628120000002@s.whatsapp.net')
export const anasLid = parseJid('220000000000002@lid')

/** A text that Ana sent over her LID. */
export function aMessage(overrides: Partial<WhatsAppMessage> = {}): WhatsAppMessage {
  return {
    id: asMessageId('3EB0C127D7BACC83D6A3'),
    chat: anasLid,
    chatAlt: anasPhone,
    sender: anasLid,
    senderAlt: anasPhone,
    isFromMe: false,
    sentAt: new Date('2026-01-05T10:11:12.345Z'),
    pushName: 'Ana',
    text: 'Hello',
    media: null,
    contentType: 'conversation',
    repliedTo: null,
    isForwarded: false,
    isViewOnce: false,
    expirationSeconds: 0,
    raw: new Uint8Array(),
    ...overrides,
  }
}

/** What an event tells of `aMessage`: the chat and Ana, resolved to her phone number. */
export function someFacts(
  message: Partial<WhatsAppMessage> = {},
  overrides: Partial<Omit<MessageEventFacts, 'message'>> = {},
): MessageEventFacts {
  return {
    scope: { deviceId: asDeviceId('main'), account: ownAccount },
    message: aMessage(message),
    chat: { id: '01KE6CHATOFANA', jid: anasPhone, lid: anasLid },
    sender: { jid: anasPhone, lid: anasLid, displayName: 'Ana Santos' },
    ...overrides,
  }
}
