import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import { asMessageId } from '../../core/ids.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'
import { aFakeAccount, aTextMessage, type FakeSession } from '../../whatsapp/fake-session.ts'
import { makeJid } from '../../whatsapp/jid.ts'

const budi = makeJid('6281299999999', 's.whatsapp.net')
const citra = makeJid('6281288888888', 's.whatsapp.net')

describeEachDialect('GET /messages/search', (open) => {
  let database: OpenDatabase
  let gateway: TestGateway
  let session: FakeSession

  beforeEach(async () => {
    database = await open()
    gateway = new TestGateway(database)
    session = await gateway.devices.addLinked('main')
  })

  /** A message with a text, `minute` minutes into the year. */
  function says(minute: number, text: string, chat = budi) {
    const sentAt = new Date(Date.UTC(2026, 0, 1, 0, minute))
    const message = aTextMessage({ id: asMessageId(`M${minute}`), chat, sender: chat, sentAt, text })
    return { type: 'message.received', message, isOffline: false } as const
  }

  async function search(q: string, more = '', device = 'main') {
    const path = `/messages/search?q=${encodeURIComponent(q)}${more}`
    const { body } = await gateway.get(path, { 'x-device-id': device })
    const results = body['results'] as { data: { id: string; chat_name: string }[]; has_more: boolean } // the route's schema
    return { ...results, ids: results.data.map(({ id }) => id) }
  }

  it('finds words and beginnings of words in all chats, in any order and case, newest first', async () => {
    await session.receive(
      says(1, 'The blue one, please'),
      says(2, 'BLUEBERRIES at 3.50 – two boxes', citra),
      says(3, 'nothing of the kind'),
      says(4, 'Ёлка и ÖL'),
    )
    expect((await search('blue')).ids).toEqual(['M2', 'M1'])
    expect((await search('one BLUE')).ids).toEqual(['M1'])
    expect((await search('berries')).ids).toEqual([])
    expect((await search('3.50 boxes')).ids).toEqual(['M2'])
    expect((await search('"blue" OR (nothing* -kind')).ids).toEqual([])
    expect((await search('ёлка öl')).ids).toEqual(['M4'])
    expect((await search('blue', `&chat_jid=${citra}`)).ids).toEqual(['M2'])
    expect(await search('blue', '&limit=1')).toMatchObject({ ids: ['M2'], has_more: true })
    expect(await search('blue', '&limit=1&offset=1')).toMatchObject({ ids: ['M1'], has_more: false })
  })

  it('follows what becomes of messages and keeps devices apart', async () => {
    const other = await gateway.devices.addLinked('other', aFakeAccount('6289'))
    await session.receive(says(1, 'first draft'), says(2, 'second draft'), says(3, 'third draft'))
    await other.receive(says(1, 'a draft elsewhere'))
    expect((await search('draft')).ids).toEqual(['M3', 'M2', 'M1'])
    expect((await search('draft', '', 'other')).ids).toEqual(['M1'])

    const { db } = database
    await sql`update messages set content = 'final' where id = 'M1' and device_id = 'main'`.execute(db)
    await sql`update messages set is_revoked = 1 where id = 'M2'`.execute(db)
    await sql`delete from messages where id = 'M3'`.execute(db)
    expect((await search('draft')).ids).toEqual([])
    expect((await search('final')).ids).toEqual(['M1'])
    expect((await search('draft', '', 'other')).ids).toEqual(['M1'])
    await sql`update messages set content = '' where id = 'M1' and device_id = 'main'`.execute(db)
    expect((await search('final')).ids).toEqual([])
    await sql`update messages set content = 'again' where id = 'M1' and device_id = 'main'`.execute(db)
    expect((await search('again')).ids).toEqual(['M1'])
  })

  it('finds a message in the chat that it was moved to', async () => {
    const lid = makeJid('77', 'lid')
    await session.receive(says(1, 'from before', lid), says(2, 'from after', budi))
    await session.receive({ type: 'identity.learned', lid, phone: budi })
    expect((await search('from', `&chat_jid=${budi}`)).ids).toEqual(['M2', 'M1'])
  })

  it('says what is wrong with a question', async () => {
    expect(await gateway.get('/messages/search?q=%20-%20')).toMatchObject({
      status: 400,
      body: { message: 'q: write at least one word to look for.' },
    })
    expect((await gateway.get('/messages/search')).status).toBe(400)
    expect((await gateway.get('/messages/search?q=x&chat_jid=6280')).status).toBe(404)
  })
})
