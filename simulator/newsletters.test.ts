import { type BinaryNode, proto, type WAMessage } from 'baileys'
import { executeWMexQuery } from 'baileys/lib/Socket/mex.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Newsletter, type Person, type Simulator, startSimulator } from './index.ts'
import { child, children, el } from './protocol/stanza.ts'
import { linkedClient } from './testing/linked-client.ts'
import type { PlainClient } from './testing/plain-client.ts'

let simulator: Simulator
let ada: Person
let bo: Person
let news: Newsletter
let client: PlainClient

beforeEach(async () => {
  simulator = await startSimulator()
  ada = simulator.addPerson({ name: 'Ada' })
  bo = simulator.addPerson({ name: 'Bo' })
  news = simulator.addNewsletter({ name: 'News', owner: bo, description: 'Daily', followers: [ada] })
  client = await linkedClient(simulator, ada)
})

afterEach(async () => {
  await client.close()
  await simulator.close()
})

describe('followers', () => {
  it('get posts at the phone and at the client', async () => {
    const post = news.post('good morning')
    const { key } = await client.receivesText('good morning')
    expect(key).toMatchObject({
      remoteJid: news.jid,
      id: post.id,
      fromMe: false,
      server_id: String(post.serverId),
    })
    await ada.receives((message) => message.chat === news.jid && message.encryption === 'plaintext')
  })

  it('are told of a post that was edited or taken back, under its own id', async () => {
    const post = news.post('good morning')
    await client.receivesText('good morning')
    const changed = (edit: string) =>
      ada.receives(
        ({ chat, id, attributes }) => chat === news.jid && id === post.id && attributes['edit'] === edit,
      )
    news.edit(post, 'good evening')
    expect(await changed('3')).toMatchObject({
      text: 'good evening',
      attributes: { server_id: String(post.serverId) },
    })
    await client.receivesText('good evening')
    news.revoke(post)
    expect((await changed('8')).text).toBeFalsy()
    expect(news.posts).toEqual([])
    const theirs = news.post('more')
    expect(() => news.edit(theirs, 'mine', ada)).toThrow('may not post')
    expect(() => news.revoke(theirs, ada)).toThrow('may not post')
  })

  it('get no more posts once the client has unfollowed', async () => {
    await client.socket.newsletterUnfollow(news.jid)
    expect(news.members.has(ada.account)).toBe(false)
    news.post('unheard')
    await client.socket.newsletterFollow(news.jid)
    news.post('heard')
    await ada.receives('heard')
    expect(ada.inbox.map(({ text }) => text)).toEqual(['heard'])
  })

  it('cannot post', async () => {
    const sent = await client.socket.sendMessage(news.jid, { text: 'may I?' })
    expect((await client.ack(sent?.key.id))['error']).toBe('403')
    expect(news.posts).toEqual([])
  })

  it('react and are counted', async () => {
    const post = news.post('how is it?')
    await client.socket.newsletterReactMessage(news.jid, String(post.serverId), '👍')
    expect([...post.reactions]).toEqual([[ada.account, '👍']])
    await client.socket.newsletterReactMessage(news.jid, String(post.serverId))
    expect(post.reactions.size).toBe(0)
  })
})

describe('an owner', () => {
  it('posts from the client; followers get it and the ack has the server id', async () => {
    const made = await client.socket.newsletterCreate('Own', 'About it')
    const own = simulator.newsletters.find(({ jid }) => jid === made.id)
    if (!own) throw new Error('the newsletter was not made')
    bo.follow(own)
    const sent: WAMessage | undefined = await client.socket.sendMessage(own.jid, { text: 'hello' })
    const received = await bo.receives('hello')
    expect(received).toMatchObject({ chat: own.jid, id: sent?.key.id, from: ada.account })
    expect((await client.ack(sent?.key.id))['server_id']).toBe(received.attributes['server_id'])
    await expect(client.socket.newsletterUnfollow(own.jid)).rejects.toThrow('Forbidden')
  })

  it('is refused a file that was not uploaded for newsletters', async () => {
    const made = await client.socket.newsletterCreate('Own')
    const id = '3EB0AAAAAAAAAAAAAAAAAA'
    await client.socket.relayMessage(
      made.id,
      proto.Message.create({ imageMessage: { mimetype: 'image/png' } }),
      { messageId: id },
    )
    expect((await client.ack(id))['error']).toBe('479')
  })
})

describe('the directory', () => {
  it('lists what the account follows, and refuses ids it knows no longer', async () => {
    const { query, generateMessageTag } = client.socket
    const ask = (id: string) =>
      executeWMexQuery({}, id, 'xwa2_newsletter_subscribed', query, generateMessageTag)
    simulator.addNewsletter({ name: 'Other', owner: bo })
    expect(await ask('25399611239711790')).toMatchObject([
      {
        id: news.jid,
        state: { type: 'ACTIVE' },
        thread_metadata: { name: { text: 'News' }, subscribers_count: '1' },
        viewer_metadata: { role: 'SUBSCRIBER', mute: 'OFF' },
      },
    ])
    simulator.newsletterDirectory.retiredIds.add('25399611239711790')
    await expect(ask('25399611239711790')).rejects.toThrow('not known')
  })

  it('knows a newsletter by invite, and nobody by another', async () => {
    const found = await client.socket.newsletterMetadata('invite', news.state.invite)
    expect(found?.id).toBe(news.jid)
    await expect(client.socket.newsletterMetadata('jid', '1@newsletter')).rejects.toThrow('Not Found')
  })
})

describe('pages of posts', () => {
  it('come with texts, views and reactions, and go back in time', async () => {
    const [first, second] = [news.post('one'), news.post('two')]
    news.view(second, ada)
    news.react(second, ada, '🔥')
    const ask = async (attrs: Record<string, string>): Promise<BinaryNode> => {
      const request = el('messages', { type: 'jid', jid: news.jid, ...attrs })
      const question = el('iq', { to: '@s.whatsapp.net', type: 'get', xmlns: 'newsletter' }, [request])
      return (await client.socket.query(question)) as BinaryNode // Baileys types no answer
    }
    const newest = children(child(await ask({ count: '1' }), 'messages'))
    expect(newest).toHaveLength(1)
    expect(newest[0]?.attrs['server_id']).toBe(String(second.serverId))
    expect(child(newest[0], 'views_count')?.attrs['count']).toBe('1')
    expect(children(child(newest[0], 'reactions'))).toMatchObject([{ attrs: { code: '🔥', count: '1' } }])
    const older = children(child(await ask({ count: '5', before: String(second.serverId) }), 'messages'))
    expect(older.map(({ attrs }) => attrs['id'])).toEqual([first.id])
  })

  it('count a view when the client says so', async () => {
    const post = news.post('look')
    await client.socket.sendNode(
      el('receipt', { to: news.jid, type: 'view', id: 'view-1' }, [
        el('list', {}, [el('item', { server_id: post.serverId })]),
      ]),
    )
    await news.gets(({ viewers }) => viewers.has(ada.account))
  })
})
