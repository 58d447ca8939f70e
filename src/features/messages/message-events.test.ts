import { describe, expect, it } from 'vitest'
import { asDeviceId, asMessageId } from '../../core/ids.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import type { MediaInfo } from '../../whatsapp/message.ts'
import type { Receipt } from '../../whatsapp/whatsapp-event.ts'
import { anasLid, anasPhone, ownAccount, someFacts } from './message-event-fixtures.ts'
import {
  ackTypeOf,
  mentionedLids,
  toAckEvent,
  toEditedEvent,
  toMessageEvent,
  toReactionEvent,
  toRevokedEvent,
  toStatusEvent,
} from './message-events.ts'

const base = {
  id: '3EB0C127D7BACC83D6A3',
  timestamp: '2026-01-05T10:11:12Z',
  chat_id: anasPhone,
  chat_lid: anasLid,
  from: anasPhone,
  from_lid: anasLid,
  from_name: 'Ana',
  sender_display_name: 'Ana Santos',
  is_from_me: false,
}
const target = {
  targetId: asMessageId('TARGET'),
  writtenKey: { isFromMe: true, chat: '62811:3@s.whatsapp.net' },
}
const payloadOf = (event: { body: { readonly [key: string]: unknown } }) => event.body['payload']

describe('message', () => {
  it('has the members of the reference and no top-level timestamp', () => {
    expect(toMessageEvent(someFacts()).body).toEqual({
      event: 'message',
      device_id: ownAccount,
      session_id: 'main',
      payload: { ...base, body: 'Hello' },
    })
  })

  it('names the LIDs that are known, whatever the wire used', () => {
    const byPhone = { chat: anasPhone, sender: anasPhone }
    expect(payloadOf(toMessageEvent(someFacts(byPhone)))).toMatchObject({
      chat_lid: anasLid,
      from_lid: anasLid,
    })
    const { chat, sender } = someFacts()
    const unknown = { chat: { ...chat, lid: null }, sender: { ...sender, lid: null } }
    const payload = payloadOf(toMessageEvent(someFacts(byPhone, unknown)))
    expect(payload).not.toHaveProperty('chat_lid')
    expect(payload).not.toHaveProperty('from_lid')
  })

  it('names the LID that the wire used before another one of the same person', () => {
    const other = parseJid('990000000000009@lid')
    const payload = payloadOf(toMessageEvent(someFacts({ chat: other, sender: other })))
    expect(payload).toMatchObject({ chat_lid: other, from_lid: other })
  })

  it('says nothing about what is not there: no body, no push name', () => {
    const payload = payloadOf(
      toMessageEvent(someFacts({ text: '', pushName: '', contentType: 'pollCreationMessage' })),
    )
    expect(payload).not.toHaveProperty('body')
    expect(payload).not.toHaveProperty('from_name')
  })

  it('names the user part when nobody has a name for the sender', () => {
    const sender = { jid: anasPhone, lid: anasLid, displayName: '' }
    expect(payloadOf(toMessageEvent(someFacts({}, { sender })))).toMatchObject({
      sender_display_name: '628120000002',
    })
  })

  it('tells what it replies to, that it is forwarded, and that it can be seen once', () => {
    const repliedTo = { id: asMessageId('Q1'), text: 'Coming?' }
    const payload = payloadOf(toMessageEvent(someFacts({ repliedTo, isForwarded: true, isViewOnce: true })))
    expect(payload).toEqual({
      ...base,
      body: 'Hello',
      replied_to_id: 'Q1',
      quoted_body: 'Coming?',
      view_once: true,
      forwarded: true,
    })
    const unquoted = payloadOf(toMessageEvent(someFacts({ repliedTo: { ...repliedTo, text: '' } })))
    expect(unquoted).not.toHaveProperty('quoted_body')
  })

  it('replaces mentions of LIDs by the phone numbers that are known', () => {
    const text = 'hi @220000000000002 and @555, mail a@220000000000002'
    expect(mentionedLids(text)).toEqual(['220000000000002', '555'])
    const phoneByLid = new Map([['220000000000002', '628120000002']])
    expect(payloadOf(toMessageEvent(someFacts({ text }, { phoneByLid })))).toMatchObject({
      body: 'hi @628120000002 and @555, mail a@220000000000002',
    })
  })

  describe('media', () => {
    const media = (overrides: Partial<MediaInfo>): MediaInfo => ({
      kind: 'image',
      mimeType: 'image/jpeg',
      fileName: '',
      caption: '',
      url: 'https://mmg.whatsapp.net/x',
      fileLength: 10,
      ...overrides,
    })

    it.each([
      ['image', { url: 'https://mmg.whatsapp.net/x', caption: 'Look' }],
      ['video', { url: 'https://mmg.whatsapp.net/x', caption: 'Look' }],
      ['video_note', { url: 'https://mmg.whatsapp.net/x', caption: 'Look' }],
      ['audio', { url: 'https://mmg.whatsapp.net/x' }],
      ['sticker', { url: 'https://mmg.whatsapp.net/x' }],
      ['document', { url: 'https://mmg.whatsapp.net/x', filename: 'a.pdf' }],
    ] as const)("%s not downloaded: WhatsApp's URL", (kind, value) => {
      const facts = someFacts({ text: 'Look', media: media({ kind, caption: 'Look', fileName: 'a.pdf' }) })
      expect(payloadOf(toMessageEvent(facts))).toEqual({ ...base, body: 'Look', [kind]: value })
    })

    it('of a carousel: a list, in the order of the cards', () => {
      const card = (name: string) => media({ url: `https://mmg.whatsapp.net/${name}`, isOfInteractive: true })
      const message = { text: '', media: card('a'), furtherMedia: [card('b'), card('c')] }
      const urls = ['a', 'b', 'c'].map((name) => `https://mmg.whatsapp.net/${name}`)
      expect(payloadOf(toMessageEvent(someFacts(message)))).toEqual({ ...base, interactive_media: urls })
      const mediaPaths = ['statics/media/1-a.jpg', 'statics/media/3-c.jpg']
      expect(payloadOf(toMessageEvent(someFacts(message, { mediaPaths })))).toMatchObject({
        interactive_media: mediaPaths,
      })
      expect(payloadOf(toMessageEvent(someFacts(message, { isMediaAwaited: true })))).toEqual(base)
    })

    it('downloaded: the path, with the caption beside it if there is one', () => {
      const at = { mediaPaths: ['statics/media/1-a.jpg'] }
      expect(payloadOf(toMessageEvent(someFacts({ text: '', media: media({}) }, at)))).toMatchObject({
        image: 'statics/media/1-a.jpg',
      })
      expect(
        payloadOf(toMessageEvent(someFacts({ text: 'Look', media: media({ caption: 'Look' }) }, at))),
      ).toMatchObject({ body: 'Look', image: { path: 'statics/media/1-a.jpg', caption: 'Look' } })
    })
  })

  it('carries what the adapter read from the protobuf under keys of its own', () => {
    const details = { location: { degreesLatitude: -7.8, degreesLongitude: 110.4 } }
    expect(payloadOf(toMessageEvent(someFacts({ text: '', details })))).toEqual({ ...base, ...details })
  })

  it('of our own on another device says so', () => {
    expect(payloadOf(toMessageEvent(someFacts({ isFromMe: true })))).toMatchObject({ is_from_me: true })
  })
})

it('message.reaction names the message and the emoji, also an empty one', () => {
  const event = toReactionEvent(someFacts({ text: '' }), target, '')
  expect(event.body).toMatchObject({ event: 'message.reaction' })
  expect(payloadOf(event)).toEqual({ ...base, reaction: '', reacted_message_id: 'TARGET' })
})

it('message.revoked names the message as the one who deleted it does', () => {
  expect(payloadOf(toRevokedEvent(someFacts(), target))).toEqual({
    ...base,
    revoked_message_id: 'TARGET',
    revoked_from_me: true,
    revoked_chat: '62811:3@s.whatsapp.net',
  })
  const withoutChat = { ...target, writtenKey: { isFromMe: false, chat: null } }
  expect(payloadOf(toRevokedEvent(someFacts(), withoutChat))).not.toHaveProperty('revoked_chat')
})

it('message.edited has the new text, if it was text', () => {
  expect(payloadOf(toEditedEvent(someFacts(), target, 'Hallo'))).toEqual({
    ...base,
    original_message_id: 'TARGET',
    body: 'Hallo',
  })
  expect(payloadOf(toEditedEvent(someFacts(), target, ''))).toEqual({
    ...base,
    original_message_id: 'TARGET',
  })
})

describe('message.ack', () => {
  const receipt: Receipt = {
    chat: anasLid,
    messageIds: [asMessageId('A'), asMessageId('B')],
    from: anasLid,
    fromDevice: 0,
    participant: null,
    receiptType: 'read',
    at: new Date('2026-01-05T10:11:12Z'),
  }
  const facts = { ...someFacts(), from: someFacts().sender, receipt, ackType: 'read' as const }

  it('has the timestamp at the top, the ids, and the description of the reference to the letter', () => {
    expect(toAckEvent({ ...facts, ids: receipt.messageIds }).body).toEqual({
      event: 'message.ack',
      timestamp: '2026-01-05T10:11:12Z',
      device_id: ownAccount,
      session_id: 'main',
      payload: {
        ids: ['A', 'B'],
        chat_id: anasPhone,
        chat_lid: anasLid,
        from: anasPhone,
        from_lid: anasLid,
        sender_display_name: 'Ana Santos',
        receipt_type: 'read',
        receipt_type_description: 'the user opened the chat and saw the message.',
      },
    })
  })

  it('in a group takes the sender from the participant', () => {
    const inGroup = { ...receipt, chat: parseJid('1@g.us'), from: parseJid('1@g.us'), participant: anasLid }
    const chat = { id: '01KE6GROUP', jid: parseJid('1@g.us'), lid: null }
    const payload = payloadOf(toAckEvent({ ...facts, chat, receipt: inGroup, ids: receipt.messageIds }))
    expect(payload).toMatchObject({ from: anasPhone, from_lid: anasLid })
    expect(payload).not.toHaveProperty('chat_lid')
  })

  it.each([
    ['delivered', 0, 'delivered'],
    ['read', 0, 'read'],
    ['read-self', 0, 'read-self'],
    ['played', 0, null],
    ['played-self', 0, null],
    ['delivered', 3, null],
  ] as const)('is made of a %s receipt of device %i: %s', (receiptType, fromDevice, expected) => {
    expect(ackTypeOf({ receiptType, fromDevice })).toBe(expected)
  })

  it('has the same dedupe key for the same receipt in whatever order, and another for another', () => {
    const key = (overrides: Partial<typeof facts>, ids = ['A', 'B']) =>
      toAckEvent({ ...facts, ...overrides, ids: ids.map(asMessageId) }).dedupeKey
    expect(key({}, ['B', 'A'])).toBe(key({}))
    expect(key({}, ['A'])).not.toBe(key({}))
    expect(key({ ackType: 'read-self' as 'read' })).not.toBe(key({}))
    expect(key({ receipt: { ...receipt, from: anasPhone } })).not.toBe(key({}))
  })
})

it('message.status tells the outcome of a send, and the error code of a failure', () => {
  const facts = {
    ...someFacts(),
    id: asMessageId('S1'),
    status: 'failed' as const,
    failure: 'reachout_timelocked',
    at: new Date('2026-01-05T10:11:12Z'),
  }
  expect(toStatusEvent(facts).body).toEqual({
    event: 'message.status',
    timestamp: '2026-01-05T10:11:12Z',
    device_id: ownAccount,
    session_id: 'main',
    payload: {
      id: 'S1',
      chat_id: anasPhone,
      chat_lid: anasLid,
      status: 'failed',
      error: 'reachout_timelocked',
    },
  })
})

describe('lanes and dedupe keys', () => {
  it('all events of a chat share its lane, whatever address the wire used', () => {
    const lanes = [
      toMessageEvent(someFacts()),
      toMessageEvent(someFacts({ chat: anasPhone })),
      toReactionEvent(someFacts(), target, '👍'),
      toRevokedEvent(someFacts(), target),
      toEditedEvent(someFacts(), target, 'x'),
    ].map((event) => event.lane)
    expect(new Set(lanes)).toEqual(new Set(['01KE6CHATOFANA']))
  })

  it('one message has one key; another message, chat, kind or account has another', () => {
    const other = { scope: { deviceId: asDeviceId('main'), account: anasPhone } }
    const keys = [
      toMessageEvent(someFacts()),
      toMessageEvent(someFacts({ id: asMessageId('OTHER') })),
      toMessageEvent(someFacts({ chat: parseJid('1@g.us') })),
      toMessageEvent(someFacts({}, other)),
      toReactionEvent(someFacts(), target, '👍'),
      toRevokedEvent(someFacts(), target),
      toEditedEvent(someFacts(), target, 'x'),
    ].map((event) => event.dedupeKey)
    expect(new Set(keys).size).toBe(keys.length)
    expect(toMessageEvent(someFacts({ text: 'again', pushName: 'X' })).dedupeKey).toBe(keys[0])
  })
})
