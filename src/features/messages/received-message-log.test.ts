import { expect, test } from 'vitest'
import { describeEachDialect } from '../../db/test-database.ts'
import {
  aMessage,
  ana,
  anasLid,
  anId,
  at,
  ben,
  bensLid,
  group,
  openHistory,
  ownLid,
  received,
  scope,
} from '../../inbox/history-fixture.ts'
import { parseJid, statusBroadcast } from '../../whatsapp/jid.ts'

describeEachDialect('messages that arrive', (open) => {
  test('one is stored with its chat and contact, and announced once however often it comes', async () => {
    const history = await openHistory(await open())
    for (let time = 0; time < 3; time += 1) await history.apply(received())
    await history.apply(received(), received())

    const { chats, total } = await history.chats.list(scope, { limit: 10, offset: 0 })
    expect(total).toBe(1)
    expect(chats[0]).toMatchObject({ jid: ana, name: 'Ana', lastMessageAt: at(1), messageCount: 1 })
    const page = await history.messages.page(scope, chats[0] ?? never(), { limit: 10, offset: 0 })
    expect(page.total).toBe(1)
    expect(page.messages).toMatchObject([
      { id: anId('FROMANA'), sender: ana, content: 'Hello', isFromMe: false, sentAt: at(1) },
    ])
    expect(await history.messages.rawMessage(scope.deviceId, anId('FROMANA'))).toEqual(Buffer.from([1, 2, 3]))
    expect(await history.contacts.displayName(scope, ana)).toBe('Ana')
    expect(await history.events()).toMatchObject([
      { kind: 'message', lane: chats[0]?.id, payload: { id: anId('FROMANA'), chat_id: ana, body: 'Hello' } },
    ])
  })

  test('one from a LID whose phone number comes along is shown under the phone number', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ chat: anasLid, chatAlt: ana, sender: anasLid, senderAlt: ana }),
      received({ id: anId('LATER'), chat: anasLid, sender: anasLid }),
    )
    const chat = await history.chats.get(scope, anasLid)
    expect(chat).toMatchObject({ jid: ana, lid: anasLid, messageCount: 2 })
    expect(await history.events()).toMatchObject([
      { payload: { chat_id: ana, chat_lid: anasLid, from: ana, from_lid: anasLid } },
      { payload: { chat_id: ana, chat_lid: anasLid, from: ana, from_lid: anasLid } },
    ])
  })

  test('a group member known by LID only is shown by phone number once that is learnt', async () => {
    const history = await openHistory(await open())
    await history.apply(received({ chat: group, sender: bensLid, pushName: 'Ben' }))
    const chat = (await history.chats.get(scope, group)) ?? never()
    expect(chat.name).toBe('Group 120363000000000001')
    const before = await history.messages.page(scope, chat, { limit: 1, offset: 0 })
    expect(before.messages[0]?.sender).toBe(bensLid)
    await history.apply({ type: 'identity.learned', lid: bensLid, phone: ben })
    const after = await history.messages.page(scope, chat, { limit: 1, offset: 0 })
    expect(after.messages[0]?.sender).toBe(ben)
    expect(await history.contacts.displayName(scope, ben)).toBe('Ben')
  })

  test('one that could not be decrypted is replaced by the real one, which is then announced', async () => {
    const history = await openHistory(await open())
    const placeholder = {
      type: 'message.undecryptable',
      chat: ana,
      sender: ana,
      id: anId('FROMANA'),
      isFromMe: false,
      sentAt: at(1),
      pushName: 'Ana',
    } as const
    await history.apply(placeholder, placeholder)
    expect(await history.events()).toMatchObject([
      { kind: 'message.undecryptable', payload: { id: anId('FROMANA'), from: ana, chat_id: ana } },
    ])
    await history.apply(received())
    await history.apply(placeholder, received())
    const chat = (await history.chats.get(scope, ana)) ?? never()
    const page = await history.messages.page(scope, chat, { limit: 10, offset: 0 })
    expect(page).toMatchObject({ total: 1, messages: [{ content: 'Hello', contentType: 'conversation' }] })
    expect((await history.events()).map((event) => event.kind)).toEqual(['message.undecryptable', 'message'])
  })

  test('one typed on another device of ours is announced as ours and names no chat', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ id: anId('TYPED'), isFromMe: true, sender: ownLid, pushName: 'Myself', text: 'Hi' }),
    )
    const chat = await history.chats.get(scope, ana)
    expect(chat).toMatchObject({ name: '628120000002', nameSource: 'default' })
    expect(await history.events()).toMatchObject([
      { kind: 'message', payload: { is_from_me: true, from: scope.account, chat_id: ana } },
    ])
    expect(await history.statusOf(anId('TYPED'))).toBe('sent')
  })

  test('the echo of a send settles it and is not announced, however it is addressed', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    const echo = { id: anId('MINE'), isFromMe: true, chat: anasLid, sender: ownLid, text: 'Hi Ana' }
    await history.apply(received(echo))
    expect(await history.statusOf()).toBe('sent')
    expect(await history.events()).toEqual([])
    expect((await history.chats.list(scope, { limit: 10, offset: 0 })).total).toBe(1)
  })

  test('history is stored and not announced; a message of it that still arrives is', async () => {
    const history = await openHistory(await open())
    const messages = Array.from({ length: 150 }, (_, index) =>
      aMessage({ id: anId(`OLD${index}`), sentAt: at(-1000 + index), text: `old ${index}` }),
    )
    const synced = {
      type: 'history.synced',
      chats: [{ jid: ana, name: 'Ana Santos', lastMessageAt: at(-851), expirationSeconds: 86_400 }],
      contacts: [{ jid: ana, lid: anasLid, name: 'Ana Santos' }],
      messages,
      progress: 50,
    } as const
    await history.apply(synced)
    await history.apply(synced)
    expect(await history.events()).toEqual([])
    const chat = (await history.chats.get(scope, anasLid)) ?? never()
    expect(chat).toMatchObject({
      jid: ana,
      lid: anasLid,
      name: 'Ana Santos',
      lastMessageAt: at(-851),
      expirationSeconds: 86_400,
      messageCount: 150,
    })
    const page = await history.messages.page(scope, chat, { limit: 2, offset: 1 })
    expect(page.messages.map((message) => message.content)).toEqual(['old 148', 'old 147'])

    const last = messages.at(-1) ?? never()
    await history.apply(received(last))
    await history.apply(received(last))
    await history.apply(synced)
    expect(await history.events()).toMatchObject([{ kind: 'message', payload: { body: 'old 149' } }])
    expect((await history.chats.get(scope, ana))?.messageCount).toBe(150)
  })

  test('status posts are stored and not announced', async () => {
    const history = await openHistory(await open())
    await history.apply(received({ chat: statusBroadcast, sender: ana }))
    expect(await history.events()).toEqual([])
    expect(await history.chats.get(scope, statusBroadcast)).toMatchObject({ messageCount: 1 })
  })

  test('media is kept with a file name, and found by the filters', async () => {
    const history = await openHistory(await open())
    const media = {
      kind: 'image',
      mimeType: 'image/jpeg',
      fileName: '',
      caption: 'At the sea!',
      url: 'https://mmg.whatsapp.net/x',
      fileLength: 12_345,
    } as const
    await history.apply(
      received({ id: anId('PICTURE'), media, text: media.caption, contentType: 'imageMessage' }),
      received({ id: anId('TEXT'), sentAt: at(2) }),
      received({ id: anId('OTHER'), chat: ben, sender: ben, sentAt: at(3) }),
    )
    const { chats } = await history.chats.list(scope, { limit: 10, offset: 0, hasMedia: true })
    expect(chats.map((chat) => chat.jid)).toEqual([ana])
    const page = await history.messages.page(scope, chats[0] ?? never(), {
      limit: 10,
      offset: 0,
      mediaOnly: true,
    })
    expect(page).toMatchObject({
      total: 1,
      messages: [
        { mediaKind: 'image', fileName: 'image_20260105_100001_At_the_sea_.jpg', fileLength: 12_345 },
      ],
    })
  })

  test('what no database can hold does not make a message fail for ever', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({
        text: 'nul\0 and \ud800 alone',
        pushName: 'A\0na',
        expirationSeconds: 4_294_967_295,
        sentAt: new Date(Number.NaN),
      }),
    )
    expect(await history.chats.get(scope, ana)).toMatchObject({ name: 'Ana', messageCount: 1 })
  })

  test('two accounts on one slot do not see each other', async () => {
    const history = await openHistory(await open())
    await history.apply(received())
    const other = { ...scope, account: parseJid('628990000009@s.whatsapp.net') }
    await history.inbox.apply(other.deviceId, other.account, [received({ chat: ben, sender: ben })])
    expect((await history.chats.list(other, { limit: 10, offset: 0 })).chats.map((chat) => chat.jid)).toEqual(
      [ben],
    )
    expect((await history.chats.list(scope, { limit: 10, offset: 0 })).chats.map((chat) => chat.jid)).toEqual(
      [ana],
    )
  })
})

function never(): never {
  throw new Error('expected to be there')
}
