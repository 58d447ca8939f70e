import type { Newsletter, NewsletterPost } from '@gatewa/simulator'
import sharp from 'sharp'
import { describe, expect } from 'vitest'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

describe('a channel', () => {
  scenario('of the account gets a text and a picture, which its followers see', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada, followers: [bo] })
    const text = await gateway.sendText('main', news.jid, 'first post')
    expect(text.status, text.text).toBe(200)
    await bo.receives('first post')

    const form = new FormData()
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#3366cc' } })
    form.set('phone', news.jid)
    form.set('caption', 'a picture')
    form.set('image', new Blob([new Uint8Array(await picture.jpeg().toBuffer())]), 'dot.jpg')
    const posted = await fetch(`${gateway.url}/send/image`, {
      method: 'POST',
      headers: { 'x-device-id': 'main' },
      body: form,
    })
    expect(posted.status, await posted.clone().text()).toBe(200)
    const post = await news.gets(({ message }) => message.imageMessage?.caption === 'a picture')
    expect(post.message.imageMessage).toMatchObject({ width: 40, height: 30 })
    expect(await gateway.messages('main', news.jid)).toMatchObject([
      { is_from_me: true, media_type: 'image' },
      { id: messageIdOf(text), content: 'first post' },
    ])
  })

  scenario('that others run takes nothing from us', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: bo, followers: [ada] })
    expect(await gateway.sendText('main', news.jid, 'not mine')).toMatchObject(notAdmin)
    expect(news.posts).toEqual([])
    expect(await gateway.chats('main')).toEqual([])
    const post = news.post('theirs')
    await aPostOf(stage, news, post.id)
    expect(await change(stage, news, post.id, 'update', { message: 'mine' })).toMatchObject(notAdmin)
    expect(await change(stage, news, post.id, 'revoke')).toMatchObject(notAdmin)
    expect(news.posts).toEqual([post])
    expect(post.message.conversation).toBe('theirs')
    expect(await shown(stage, news)).toMatchObject([{ content: 'theirs' }])

    news.makeAdmin(ada)
    expect(await gateway.sendText('main', news.jid, 'may I now?')).toMatchObject({ status: 200 })
    expect((await news.gets(({ message }) => textOf(message) === 'may I now?')).author).toBe(ada.account)
  })

  scenario('is posted to all the same when its directory says nothing that can be read', async (stage) => {
    const { world, gateway } = stage
    const { ada } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada })
    let said = ''
    world.simulator.iqs.add({
      xmlns: 'w:mex',
      handle: () =>
        Promise.resolve(said === '' ? [] : [{ tag: 'result', attrs: {}, content: Buffer.from(said) }]),
    })
    const refused = { status: 403, json: { code: 'WHATSAPP_REFUSED' } }
    for (said of ['', 'null', '{"data":null}', '{"data":{"other":1}}', '<html>']) {
      expect(await gateway.sendText('main', news.jid, `after ${said}`)).toMatchObject({ status: 200 })
      expect(await gateway.call('GET', '/user/my/newsletters', { device: 'main' })).toMatchObject(refused)
      const unfollow = { device: 'main', body: { newsletter_id: news.jid } }
      expect(await gateway.call('POST', '/newsletter/unfollow', unfollow)).toMatchObject(refused)
    }
  })

  scenario('is posted to all the same when its directory does not answer', async (stage) => {
    const { world, gateway, clock } = stage
    const { ada } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada })
    world.simulator.faults.refuseIq('w:mex', 404)
    expect(await gateway.sendText('main', news.jid, 'refused')).toMatchObject({ status: 200 })
    world.simulator.faults.clear()
    world.simulator.faults.ignoreIq('w:mex')
    clock.haste = 20
    expect(await gateway.sendText('main', news.jid, 'ignored')).toMatchObject({ status: 200 })
    expect(news.posts.map(({ message }) => textOf(message))).toEqual(['refused', 'ignored'])
  })

  scenario('that does not exist is named so, and leaves neither a row nor a chat', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const unknown = '120363099999999999@newsletter'
    const gone = world.simulator.addNewsletter({ name: 'Gone', owner: ada, followers: [bo] })
    gone.state.state = 'DELETED'
    const sent = await bo.sendText(ada, 'pass it on')
    await world.nextEvent('message', ({ payload }) => payload.id === sent.id)
    const bodies = {
      '/send/message': { message: 'hello?' },
      '/send/link': { link: 'https://example.com', caption: 'look' },
      '/send/location': { latitude: '1', longitude: '2' },
      '/send/contact': { contact_name: 'Bo', contact_phone: bo.phone },
      '/send/poll': { question: 'who?', options: ['a', 'b'], max_answer: 1 },
      '/send/image': { image_url: 'https://example.com/a.png' },
      '/send/audio': { audio_url: 'https://example.com/a.ogg' },
      '/send/video': { video_url: 'https://example.com/a.mp4' },
      '/send/file': { file_url: 'https://example.com/a.pdf' },
      '/send/sticker': { sticker_url: 'https://example.com/a.webp' },
      [`/message/${sent.id}/forward`]: {},
    }
    for (const channel of [unknown, gone.jid]) {
      const body = { phone: channel }
      for (const [path, more] of Object.entries(bodies)) {
        const answer = await gateway.call('POST', path, { device: 'main', body: { ...body, ...more } })
        expect(answer, `${path} ${answer.text}`).toMatchObject(notFound)
      }
      const posts = `/newsletter/messages?newsletter_id=${channel}`
      expect(await gateway.call('GET', posts, { device: 'main' })).toMatchObject(notFound)
    }
    const unfollowed = { device: 'main', body: { newsletter_id: unknown } }
    expect(await gateway.call('POST', '/newsletter/unfollow', unfollowed)).toMatchObject(notFound)
    expect(await gateway.chats('main')).toEqual([bo.jid])
    expect(world.events('message.status')).toEqual([])
  })
})

describe('a post', () => {
  scenario('of a channel that we follow is reacted to, and counted as seen', async (stage) => {
    const { world } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: bo, followers: [ada] })
    const post = news.post('how is it?')
    news.react(post, bo, '🔥')
    await aPostOf(stage, news, post.id)
    const reaction = (emoji: string) => change(stage, news, post.id, 'reaction', { emoji })
    expect(await reaction('👍')).toMatchObject({ status: 200 })
    expect(post.reactions.get(ada.account)).toBe('👍')
    expect(await counts(stage, news)).toEqual({ '👍': 1, '🔥': 1 })
    expect(await shown(stage, news)).toMatchObject([{ reactions: [{ emoji: '👍', is_from_me: true }] }])
    expect(await reaction('🎉')).toMatchObject({ status: 200 })
    expect(await counts(stage, news)).toEqual({ '🎉': 1, '🔥': 1 })
    expect(await reaction('')).toMatchObject({ status: 200 })
    expect(post.reactions.has(ada.account)).toBe(false)
    expect(await counts(stage, news)).toEqual({ '🔥': 1 })
    expect(await shown(stage, news)).toMatchObject([{ reactions: [] }])

    expect(await change(stage, news, post.id, 'read')).toMatchObject({ status: 200 })
    await news.gets(({ viewers }) => viewers.has(ada.account))
    news.state.reactionCodes = 'NONE'
    expect(await reaction('👍')).toMatchObject({ status: 403, json: { code: 'WHATSAPP_REFUSED' } })
    expect(await shown(stage, news)).toMatchObject([{ reactions: [] }])
  })

  scenario('of ours is reacted to, edited more than once and taken back', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada, followers: [bo] })
    const id = messageIdOf(await gateway.sendText('main', news.jid, 'one'))
    const post = await news.gets((each) => each.id === id)
    expect(await change(stage, news, id, 'reaction', { emoji: '🙏' })).toMatchObject({ status: 200 })
    expect([...post.reactions]).toEqual([[ada.account, '🙏']])
    for (const text of ['two', 'three']) {
      const answer = await change(stage, news, id, 'update', { message: text })
      expect(answer.status, answer.text).toBe(200)
      expect(messageIdOf(answer)).toBe(id)
      expect(textOf(post.message)).toBe(text)
      expect(await shown(stage, news)).toMatchObject([{ id, content: text }])
    }
    expect(await change(stage, news, id, 'revoke')).toMatchObject({ status: 200 })
    expect(news.posts).toEqual([])
    expect(await change(stage, news, id, 'update', { message: 'four' })).toMatchObject({
      status: 403,
      json: { code: 'MESSAGE_NOT_EDITABLE' },
    })
    expect(await shown(stage, news)).toMatchObject([{ id, content: 'three' }])
  })

  scenario('that is edited is so here when the ack comes after its time', async (stage) => {
    const { world, gateway, clock } = stage
    const { ada } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada })
    const id = messageIdOf(await gateway.sendText('main', news.jid, 'one'))
    clock.haste = 20
    world.simulator.faults.delay(3_000)
    expect(await change(stage, news, id, 'update', { message: 'two' })).toMatchObject({ status: 504 })
    expect(await shown(stage, news)).toMatchObject([{ content: 'one' }])
    await gateway.message('main', news.jid, ({ content }) => content === 'two')
  })
})

describe('a post of a channel', () => {
  scenario('that its admins edit or take back changes here, and each of it is told once', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: bo, followers: [ada] })
    const post = news.post('one')
    await aPostOf(stage, news, post.id)
    // Twice within a second: only WhatsApp's milliseconds tell one from the other.
    for (const text of ['two', 'three']) {
      news.edit(post, text)
      const edited = await world.nextEvent('message.edited', ({ payload }) => payload['body'] === text)
      expect(edited.payload).toMatchObject({
        id: post.id,
        chat_id: news.jid,
        from: news.jid,
        is_from_me: false,
        original_message_id: post.id,
      })
      expect(await shown(stage, news)).toMatchObject([{ id: post.id, content: text }])
    }
    news.revoke(post)
    const revoked = await world.nextEvent('message.revoked')
    expect(revoked.payload).toMatchObject({
      id: post.id,
      chat_id: news.jid,
      revoked_message_id: post.id,
      revoked_from_me: false,
      revoked_chat: news.jid,
    })
    await theLast(stage, news)
    expect(world.events('message.edited')).toHaveLength(2)
    expect(world.events('message.revoked')).toHaveLength(1)
    expect(world.events('message').map(({ payload }) => payload['body'])).toEqual(['one', 'the last'])
    expect(world.events('message.undecryptable')).toEqual([])
    expect(await gateway.chats('main')).toEqual([news.jid])
  })

  scenario(
    'that was edited and taken back while we were away is told in the order it was done',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      const news = world.simulator.addNewsletter({ name: 'News', owner: bo, followers: [ada] })
      await gateway.stop()
      const post = news.post('one')
      news.edit(post, 'two')
      const gone = news.post('gone')
      news.revoke(gone)
      const restarted = await world.startGateway()
      await restarted.loggedIn('main')
      await theLast(stage, news)
      const told = world
        .events()
        .flatMap(({ event, payload }) => (event.startsWith('message') ? [[event, payload.id]] : []))
      expect(told.slice(0, -1)).toEqual([
        ['message', post.id],
        ['message.edited', post.id],
        ['message', gone.id],
        ['message.revoked', gone.id],
      ])
      expect(await restarted.messages('main', news.jid)).toMatchObject([
        { content: 'the last' },
        { content: 'gone' },
        { content: 'two' },
      ])
    },
  )

  scenario('that we posted is edited and taken back by another admin', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada, followers: [bo] })
    news.makeAdmin(bo)
    const id = messageIdOf(await gateway.sendText('main', news.jid, 'ours'))
    const post = await news.gets((each) => each.id === id)
    news.edit(post, 'bettered', bo)
    await world.nextEvent('message.edited', ({ payload }) => payload['original_message_id'] === id)
    expect(await shown(stage, news)).toMatchObject([{ id, content: 'bettered' }])
    news.revoke(post, bo)
    const { payload } = await world.nextEvent('message.revoked')
    expect(payload).toMatchObject({ revoked_message_id: id, revoked_from_me: true })
  })

  scenario('that we edit and take back is not told again when WhatsApp sends it to us too', async (stage) => {
    const { world, gateway } = stage
    const { ada } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: ada })
    const id = messageIdOf(await gateway.sendText('main', news.jid, 'one'))
    const post = await news.gets((each) => each.id === id)
    expect(await change(stage, news, id, 'update', { message: 'two' })).toMatchObject({ status: 200 })
    news.edit(post, 'two')
    expect(await change(stage, news, id, 'revoke')).toMatchObject({ status: 200 })
    news.revoke(post)
    await theLast(stage, news)
    expect(world.events('message.edited')).toEqual([])
    expect(world.events('message.revoked')).toEqual([])
  })
})

const notFound = { status: 404, json: { code: 'NEWSLETTER_NOT_FOUND' } }
const notAdmin = { status: 403, json: { code: 'NEWSLETTER_NOT_ADMIN' } }

interface Shown {
  readonly id: string
  readonly content: string
  readonly reactions: readonly { readonly emoji: string; readonly is_from_me: boolean }[]
}

/** What our rows have of a channel. */
async function shown({ gateway }: Stage, news: Newsletter): Promise<Shown[]> {
  const answer = await gateway.call('GET', `/chat/${news.jid}/messages`, { device: 'main' })
  return resultsOf<{ data: Shown[] }>(answer).data
}

/** Waits until our rows have a post. */
function aPostOf(stage: Stage, news: Newsletter, id: string): Promise<unknown> {
  return stage.gateway.message('main', news.jid, (message) => message.id === id)
}

/** Posts once more and waits until it is told: what was to come before has come. */
async function theLast({ world }: Stage, news: Newsletter): Promise<void> {
  news.post('the last')
  await world.nextEvent('message', ({ payload }) => payload['body'] === 'the last')
}

/** How often which reaction was given to the newest post, as WhatsApp tells us. */
async function counts({ gateway }: Stage, news: Newsletter): Promise<Record<string, number> | undefined> {
  const path = `/newsletter/messages?newsletter_id=${news.jid}&count=1`
  const answer = await gateway.call('GET', path, { device: 'main' })
  return resultsOf<{ data: { reaction_counts?: Record<string, number> }[] }>(answer).data[0]?.reaction_counts
}

function change({ gateway }: Stage, news: Newsletter, id: string, what: string, body: object = {}) {
  const path = `/message/${id}/${what}`
  return gateway.call('POST', path, { device: 'main', body: { phone: news.jid, ...body } })
}

function textOf(message: NewsletterPost['message']): string | null | undefined {
  return message.conversation || message.extendedTextMessage?.text
}
