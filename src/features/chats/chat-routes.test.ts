import { beforeEach, expect, it } from 'vitest'
import { asDeviceId, asMessageId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'
import { aFakeAccount, aTextMessage, type FakeSession } from '../../whatsapp/fake-session.ts'
import { makeJid } from '../../whatsapp/jid.ts'
import type { MediaInfo } from '../../whatsapp/message.ts'

const image: MediaInfo = {
  kind: 'image',
  mimeType: 'image/jpeg',
  fileName: '',
  caption: '',
  url: 'https://mmg.whatsapp.net/x',
  fileLength: 10,
}

describeEachDialect('GET /chats', (open) => {
  let gateway: TestGateway
  let session: FakeSession

  beforeEach(async () => {
    gateway = new TestGateway(await open())
    session = await gateway.devices.addLinked('main')
  })

  /** A message from `user`, `minute` minutes into the year. */
  function from(user: string, minute: number, pushName: string, media: MediaInfo | null = null) {
    const sender = makeJid(user, 's.whatsapp.net')
    const id = asMessageId(`M${user}${minute}`)
    const sentAt = new Date(Date.UTC(2026, 0, 1, 0, minute))
    const message = aTextMessage({ id, chat: sender, sender, sentAt, pushName, media })
    return { type: 'message.received', message, isOffline: false } as const
  }

  async function list(query = '', device = 'main') {
    const answer = await gateway.get(`/chats${query}`, { 'x-device-id': device })
    const results = answer.body['results'] as { data: { jid: string }[]; pagination: object } // asserted by the contract's test
    return { answer, jids: results.data.map((chat) => chat.jid.replace(/@.*/, '')), ...results }
  }

  it('lists newest first, with all members of a chat', async () => {
    await session.receive(from('6281', 1, 'Ani'), from('6282', 3, 'Budi'), from('6281', 2, 'Ani'))
    const { answer, jids } = await list()
    expect(jids).toEqual(['6282', '6281'])
    expect(answer.body).toMatchObject({
      code: 'SUCCESS',
      message: 'Success get chat list',
      results: {
        data: [
          {
            jid: '6282@s.whatsapp.net',
            name: 'Budi',
            last_message_time: '2026-01-01T00:03:00Z',
            ephemeral_expiration: 0,
            archived: false,
            pinned: false,
            labels: [],
            created_at: '2026-01-01T00:00:00Z',
            updated_at: '2026-01-01T00:00:00Z',
          },
          {},
        ],
        pagination: { limit: 25, offset: 0, total: 2 },
      },
    })
  })

  it('pages, searches and filters; the total counts what passes', async () => {
    await session.receive(
      from('6281', 1, 'Ani 100%'),
      from('6282', 2, 'Budi', image),
      from('6283', 3, 'Citra', image),
      { type: 'chat.updated', chat: { jid: makeJid('6281', 's.whatsapp.net'), isArchived: true } },
    )
    expect(await list('?limit=1&offset=1')).toMatchObject({
      jids: ['6282'],
      pagination: { limit: 1, offset: 1, total: 3 },
    })
    expect(await list('?search=aNI')).toMatchObject({ jids: ['6281'], pagination: { total: 1 } })
    expect(await list('?search=%25')).toMatchObject({ jids: ['6281'] })
    expect(await list('?has_media=true')).toMatchObject({ jids: ['6283', '6282'], pagination: { total: 2 } })
    expect(await list('?has_media=false')).toMatchObject({ jids: ['6283', '6282', '6281'] })
    expect(await list('?archived=true')).toMatchObject({ jids: ['6281'] })
    expect(await list('?archived=false')).toMatchObject({ jids: ['6283', '6282'] })
  })

  it('puts pinned chats before newer ones when asked', async () => {
    await session.receive(from('6281', 1, 'Ani'), from('6282', 2, 'Budi'), from('6283', 3, 'Citra'), {
      type: 'chat.updated',
      chat: { jid: makeJid('6281', 's.whatsapp.net'), isPinned: true },
    })
    expect((await list()).jids).toEqual(['6283', '6282', '6281'])
    expect((await list('?pinned_first=true')).jids).toEqual(['6281', '6283', '6282'])
    expect((await list('?pinned_first=true&limit=1&offset=1')).jids).toEqual(['6283'])
  })

  it('tells the labels of chats, and their newest messages when asked', async () => {
    const chat = makeJid('6281', 's.whatsapp.net')
    const label = (id: string, name: string) => ({
      type: 'label.edited' as const,
      id,
      edit: { name, color: 1 },
    })
    await session.receive(
      from('6281', 1, 'Ani'),
      from('6281', 5, 'Ani'),
      from('6281', 3, 'Ani', image),
      label('1', 'New'),
      label('2', 'Paid'),
      { type: 'label.associated', chat, labelId: '2', isLabeled: true },
      { type: 'label.associated', chat, labelId: '1', isLabeled: true },
      { type: 'chat.updated', chat: { jid: chat, isPinned: true } },
    )
    const { answer } = await list('?last_message=true')
    expect(answer.body).toMatchObject({
      results: {
        data: [
          {
            pinned: true,
            labels: [
              { id: '1', name: 'New' },
              { id: '2', name: 'Paid' },
            ],
            last_message: { id: 'M62815', media_type: '', is_from_me: false, revoked: false },
          },
        ],
      },
    })
    expect(JSON.stringify((await list()).answer.body)).not.toContain('last_message"')
  })

  it('shows each device its own chats, and a device never linked none', async () => {
    await session.receive(from('6281', 1, 'Ani'))
    const other = await gateway.devices.addLinked('other', aFakeAccount('6289'))
    await other.receive(from('6282', 1, 'Budi'))
    await gateway.devices.add('fresh')
    expect((await list()).jids).toEqual(['6281'])
    expect((await list('', 'other')).jids).toEqual(['6282'])
    expect(await list('', 'fresh')).toMatchObject({ jids: [], pagination: { total: 0 } })
  })

  it('answers while the device is unlinked', async () => {
    await session.receive(from('6281', 1, 'Ani'))
    session.unlink()
    await gateway.devices.until(async () => {
      expect((await gateway.devices.reader.find(asDeviceId('main')))?.isLinked).toBe(false)
    })
    expect((await list()).jids).toEqual(['6281'])
  })

  it.each([
    ['?limit=0', 'limit: must be no less than 1.'],
    ['?limit=101', 'limit: must be no greater than 100.'],
    ['?limit=-1&offset=-1', 'limit: must be no less than 1; offset: must be no less than 0.'],
    ['?limit=2.5', 'limit: must be an integer.'],
  ])('refuses %s', async (query, message) => {
    expect(await gateway.get(`/chats${query}`)).toEqual({
      status: 400,
      body: { code: 'VALIDATION_ERROR', message },
    })
  })

  it('takes what it cannot read in the query for absent', async () => {
    const { pagination } = await list('?limit=many&offset=&has_media=maybe')
    expect(pagination).toEqual({ limit: 25, offset: 0, total: 0 })
  })
})
