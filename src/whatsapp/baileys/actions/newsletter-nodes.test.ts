import { type BinaryNode, proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { makeJid } from '../../jid.ts'
import { parseNewsletters, parsePosts, postsQuery } from './newsletter-nodes.ts'

const news = makeJid('120363144038483540', 'newsletter')
const entry = {
  id: news,
  state: { type: 'ACTIVE' },
  thread_metadata: {
    creation_time: '1688746895',
    invite: '0029Va4K0PZ5a245NkngBA2M',
    name: { text: 'WhatsApp', id: '1', update_time: '1688746895480511' },
    description: { text: 'Official', id: '2', update_time: '1689653839450668' },
    subscribers_count: '12',
    verification: 'VERIFIED',
    picture: null,
    preview: { id: '3', type: 'PREVIEW', direct_path: '/v/3.jpg' },
    settings: { reaction_codes: { value: 'ALL' } },
  },
  viewer_metadata: { mute: 'OFF', role: 'SUBSCRIBER' },
}

describe('the channels of an account', () => {
  it('come with state, verification, mute and role in lower case, and the rest as WhatsApp has it', () => {
    expect(parseNewsletters([entry])).toEqual([
      {
        jid: news,
        state: 'active',
        createdAt: '1688746895',
        invite: '0029Va4K0PZ5a245NkngBA2M',
        name: { text: 'WhatsApp', id: '1', updatedAt: '1688746895480511' },
        description: { text: 'Official', id: '2', updatedAt: '1689653839450668' },
        subscribers: '12',
        verification: 'verified',
        picture: null,
        preview: { url: '', id: '3', type: 'PREVIEW', directPath: '/v/3.jpg' },
        reactionCodes: 'ALL',
        viewer: { mute: 'off', role: 'subscriber' },
      },
    ])
  })

  it('are none in an answer that has no list, and leave out what names no channel', () => {
    expect(parseNewsletters(null)).toEqual([])
    expect(parseNewsletters([null, 7, { id: 5 }, entry]).map(({ jid }) => jid)).toEqual([news])
  })

  it('have no viewer where the account has no part in them', () => {
    expect(parseNewsletters([{ ...entry, viewer_metadata: null }])[0]?.viewer).toBeNull()
  })
})

describe('posts', () => {
  it('come with text or caption, views and reactions', () => {
    const message = (serverId: string, content: proto.IMessage, ...more: BinaryNode[]): BinaryNode => ({
      tag: 'message',
      attrs: { server_id: serverId, id: `M${serverId}`, type: 'text', t: '1700000000' },
      content: [{ tag: 'plaintext', attrs: {}, content: proto.Message.encode(content).finish() }, ...more],
    })
    const counts: BinaryNode[] = [
      { tag: 'views_count', attrs: { count: '9' } },
      { tag: 'reactions', attrs: {}, content: [{ tag: 'reaction', attrs: { code: '👍', count: '4' } }] },
    ]
    const page = [
      message('100', { conversation: 'one' }, ...counts),
      message('101', { imageMessage: { caption: 'two' } }),
    ]
    const answer: BinaryNode = {
      tag: 'iq',
      attrs: {},
      content: [{ tag: 'messages', attrs: {}, content: page }],
    }
    const postedAt = new Date(1_700_000_000_000)
    const common = { type: 'text', postedAt }
    expect(parsePosts(answer)).toEqual([
      { ...common, serverId: 100, id: 'M100', views: 9, reactions: { '👍': 4 }, text: 'one' },
      { ...common, serverId: 101, id: 'M101', views: 0, reactions: {}, text: 'two' },
    ])
  })

  it('are listed without text when they cannot be read', () => {
    const post: BinaryNode = {
      tag: 'message',
      attrs: { server_id: '1', id: 'M', t: '1' },
      content: [{ tag: 'plaintext', attrs: {}, content: Uint8Array.of(0xff, 0xff) }],
    }
    const answer: BinaryNode = {
      tag: 'iq',
      attrs: {},
      content: [{ tag: 'messages', attrs: {}, content: [post] }],
    }
    expect(parsePosts(answer)).toMatchObject([{ serverId: 1, text: '' }])
  })

  it('are asked for from the newest, or before one of them', () => {
    const attrs = { type: 'jid', jid: news, count: '5' }
    expect(postsQuery(news, 5, null).content).toEqual([{ tag: 'messages', attrs }])
    expect(postsQuery(news, 5, 100).content).toEqual([
      { tag: 'messages', attrs: { ...attrs, before: '100' } },
    ])
  })
})
