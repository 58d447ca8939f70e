import { beforeEach, expect, it } from 'vitest'
import { asMessageId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'
import { aFakeAccount, aTextMessage, type FakeSession } from '../../whatsapp/fake-session.ts'
import { makeJid } from '../../whatsapp/jid.ts'
import type { MediaInfo, WhatsAppMessage } from '../../whatsapp/message.ts'

const budi = makeJid('6281299999999', 's.whatsapp.net')
const budiLid = makeJid('77', 'lid')
const document: MediaInfo = {
  kind: 'document',
  mimeType: 'application/pdf',
  fileName: 'bill.pdf',
  caption: '',
  url: 'https://mmg.whatsapp.net/x',
  fileLength: 1234,
}

describeEachDialect('GET /chat/{chat_jid}/messages', (open) => {
  let gateway: TestGateway
  let session: FakeSession

  beforeEach(async () => {
    gateway = new TestGateway(await open())
    session = await gateway.devices.addLinked('main')
    await session.receive(
      aMessage(1, { text: 'first word' }),
      aMessage(2, { text: 'my answer', sender: aFakeAccount().jid, isFromMe: true }),
      aMessage(3, { text: '', media: document }),
      aMessage(4, { text: 'last WORD 100%' }),
    )
  })

  /** A message in the chat with Budi, `minute` minutes into the year. */
  function aMessage(minute: number, overrides: Partial<WhatsAppMessage>) {
    const sentAt = new Date(Date.UTC(2026, 0, 1, 0, minute))
    const message = aTextMessage({
      id: asMessageId(`M${minute}`),
      chat: budi,
      sender: budi,
      sentAt,
      ...overrides,
    })
    return { type: 'message.received', message, isOffline: false } as const
  }

  async function list(query = '', chat: string = budi) {
    const answer = await gateway.get(`/chat/${chat}/messages${query}`)
    const results = answer.body['results'] as { data: { id: string }[]; pagination: object } // asserted by the contract's test
    return { answer, ids: results.data.map((message) => message.id), ...results }
  }

  it('lists newest first, with the chat and all members of a message', async () => {
    const { answer, ids } = await list()
    expect(ids).toEqual(['M4', 'M3', 'M2', 'M1'])
    expect(answer.body).toMatchObject({
      code: 'SUCCESS',
      message: 'Success get chat messages',
      results: {
        data: [
          {
            id: 'M4',
            chat_jid: budi,
            sender_jid: budi,
            sender_display_name: 'Budi',
            content: 'last WORD 100%',
            timestamp: '2026-01-01T00:04:00Z',
            is_from_me: false,
            media_type: '',
            filename: '',
            url: '',
            file_length: 0,
          },
          { id: 'M3', media_type: 'document', filename: 'bill.pdf', file_length: 1234, url: document.url },
          { id: 'M2', sender_jid: aFakeAccount().jid, is_from_me: true, status: 'sent' },
          {},
        ],
        pagination: { limit: 50, offset: 0, total: 4 },
        chat_info: { jid: budi, name: 'Budi', archived: false },
      },
    })
  })

  it('shows who reacts to a message with what, as long as they do', async () => {
    const react = (emoji: string, minute: number) => ({
      ...aMessage(minute, {}),
      type: 'message.reacted' as const,
      emoji,
      chat: budi,
      targetId: asMessageId('M2'),
      targetIsFromMe: true,
    })
    await session.receive(react('👍', 5))
    const { data } = await list('?is_from_me=true')
    expect(data).toMatchObject([
      {
        id: 'M2',
        reactions: [
          {
            emoji: '👍',
            sender_jid: budi,
            sender_display_name: 'Budi',
            is_from_me: false,
            timestamp: '2026-01-01T00:05:00Z',
          },
        ],
      },
    ])
    await session.receive(react('', 6))
    expect((await list('?is_from_me=true')).data).toMatchObject([{ id: 'M2', reactions: [] }])
  })

  it.each([
    ['?limit=2&offset=1', ['M3', 'M2'], 4],
    ['?search=WoRd', ['M4', 'M1'], 2],
    ['?search=word&limit=1&offset=1', ['M1'], 2],
    ['?search=word&end_time=2026-01-01T00:03:00Z', ['M1'], 1],
    ['?search=100%25', ['M4'], 1],
    ['?start_time=2026-01-01T00:02:00Z&end_time=2026-01-01T00:03:00Z', ['M3', 'M2'], 2],
    ['?start_time=2026-01-01T07:04:00%2B07:00', ['M4'], 1],
    ['?start_time=2026-01-01T07:04:00+07:00', ['M4'], 1],
    ['?end_time=2026-01-01T00:01:00.0Z', ['M1'], 1],
    ['?start_time=&end_time=', ['M4', 'M3', 'M2', 'M1'], 4],
    ['?media_only=true', ['M3'], 1],
    ['?is_from_me=true', ['M2'], 1],
    ['?is_from_me=false', ['M4', 'M3', 'M1'], 3],
    ['?is_from_me=', ['M4', 'M3', 'M2', 'M1'], 4],
    ['?media_only=true&is_from_me=false', ['M3'], 1],
    ['?media_only=true&is_from_me=true', [], 0],
  ])('answers %s', async (query, ids, total) => {
    expect(await list(query)).toMatchObject({ ids, pagination: { total } })
  })

  it('is named by phone number, JID, encoded JID and LID', async () => {
    await session.receive({ type: 'identity.learned', lid: budiLid, phone: budi })
    for (const named of ['6281299999999', '+6281299999999', budi, encodeURIComponent(budi), budiLid]) {
      expect((await list('', named)).ids, named).toHaveLength(4)
    }
  })

  it.each([
    ['62800@s.whatsapp.net', '62800@s.whatsapp.net'],
    ['120363@g.us', '120363@g.us'],
    ['what%20is%20this', 'what is this'],
  ])('does not know the chat %s', async (chat, named) => {
    expect(await gateway.get(`/chat/${chat}/messages`)).toEqual({
      status: 404,
      body: { code: 'NOT_FOUND', message: `chat with JID ${named} not found` },
    })
  })

  it("does not know another device's chat", async () => {
    await gateway.devices.addLinked('other', aFakeAccount('6289'))
    const answer = await gateway.get(`/chat/${budi}/messages`, { 'x-device-id': 'other' })
    expect(answer.status).toBe(404)
  })

  it.each([
    ['?limit=0', 'limit: must be no less than 1.'],
    ['?limit=101', 'limit: must be no greater than 100.'],
    [
      '?start_time=yesterday',
      'invalid start_time format: "yesterday" is not RFC 3339, as in 2024-01-15T10:30:00Z',
    ],
    [
      '?end_time=2026-02-30T00:00:00Z',
      'invalid end_time format: "2026-02-30T00:00:00Z" is not RFC 3339, as in 2024-01-15T10:30:00Z',
    ],
  ])('refuses %s before it looks for the chat', async (query, message) => {
    const answer = await gateway.get(`/chat/62800/messages${query}`)
    expect(answer).toEqual({ status: 400, body: { code: 'VALIDATION_ERROR', message } })
  })
})
