import sharp from 'sharp'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { messageIdOf, scenario } from '../scenario.ts'

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

  scenario('that nobody lets us write in takes nothing', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const news = world.simulator.addNewsletter({ name: 'News', owner: bo, followers: [ada] })
    const refused = await gateway.sendText('main', news.jid, 'not mine')
    expect(refused.status, refused.text).toBeGreaterThanOrEqual(400)
    expect(refused.status).toBeLessThan(500)
    expect(news.posts).toEqual([])
    news.post('theirs')
    await eventually('the post', async () =>
      (await gateway.messages('main', news.jid)).find(({ content }) => content === 'theirs'),
    )
  })
})
