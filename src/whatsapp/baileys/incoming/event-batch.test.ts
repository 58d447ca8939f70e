import { type BaileysEventMap, proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import { toWhatsAppEvents } from './event-batch.ts'
import type { Me } from './wire-jid.ts'

const me: Me = { jid: parseJid('628999@s.whatsapp.net'), lid: parseJid('999@lid') }

describe('toWhatsAppEvents', () => {
  it('tells who is who before the messages of the same batch', () => {
    const events = toWhatsAppEvents(
      {
        'messages.upsert': {
          type: 'notify',
          messages: [
            { key: { remoteJid: '111@lid', id: 'A', fromMe: false }, message: { conversation: 'hi' } },
          ],
        },
        'contacts.upsert': [{ id: '111@lid', notify: 'Ayu' }],
        'lid-mapping.update': { lid: '111@lid', pn: '628111:0@s.whatsapp.net' },
      },
      me,
    )
    expect(events.map((event) => event.type)).toEqual([
      'identities.learned',
      'contact.updated',
      'message.received',
    ])
  })

  it('reads a part of the history, with the pairs that chats and contacts name', () => {
    const history: BaileysEventMap['messaging-history.set'] = {
      chats: [
        proto.Conversation.create({
          id: '111@lid',
          pnJid: '628111@s.whatsapp.net',
          name: 'Ayu',
          conversationTimestamp: 1_767_225_600,
          ephemeralExpiration: 86400,
          archived: true,
          pinned: 1_767_000_000,
          unreadCount: 3,
        }),
      ],
      contacts: [{ id: '628222@s.whatsapp.net', lid: '222@lid', name: 'Budi' }],
      messages: [
        {
          key: { remoteJid: '111@lid', id: 'H1', fromMe: false },
          message: { conversation: 'old' },
          messageTimestamp: 1_767_225_600,
        },
      ],
      progress: 40,
    }
    const events = toWhatsAppEvents({ 'messaging-history.set': history }, me)
    expect(events.filter((event) => event.type === 'identities.learned')).toEqual([
      {
        type: 'identities.learned',
        pairs: [
          { lid: '111@lid', phone: '628111@s.whatsapp.net' },
          { lid: '222@lid', phone: '628222@s.whatsapp.net' },
        ],
      },
    ])
    expect(events.at(-1)).toMatchObject({
      type: 'history.synced',
      progress: 40,
      chats: [
        {
          jid: '111@lid',
          alt: '628111@s.whatsapp.net',
          name: 'Ayu',
          lastMessageAt: new Date('2026-01-01T00:00:00Z'),
          expirationSeconds: 86400,
          isArchived: true,
          isPinned: true,
          unreadCount: 3,
        },
      ],
      contacts: [{ jid: '628222@s.whatsapp.net', lid: '222@lid', name: 'Budi' }],
      messages: [{ id: 'H1', text: 'old' }],
    })
  })

  it('splits a large history into parts of bounded size', () => {
    const messages = Array.from({ length: 1200 }, (_, index) => ({
      key: { remoteJid: '111@lid', id: `H${index}`, fromMe: false },
      message: { conversation: 'old' },
    }))
    const events = toWhatsAppEvents({ 'messaging-history.set': { chats: [], contacts: [], messages } }, me)
    const sizes = events.flatMap((event) => (event.type === 'history.synced' ? [event.messages.length] : []))
    expect(sizes).toEqual([500, 500, 200])
  })

  it('does not take an increment for an unread count', () => {
    const events = toWhatsAppEvents({ 'chats.update': [{ id: '628111@s.whatsapp.net', unreadCount: 1 }] }, me)
    expect(events).toEqual([])
  })

  it('says nothing of what is the connection’s own business, and names the rest', () => {
    const events = toWhatsAppEvents(
      { 'connection.update': {}, 'creds.update': {}, 'blocklist.set': { blocklist: [] } },
      me,
    )
    expect(events).toEqual([{ type: 'unhandled', kind: 'blocklist.set' }])
  })
})
