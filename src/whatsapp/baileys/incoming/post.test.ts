import { type BinaryNode, proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import { toMessageEvents } from './message.ts'
import { emptyPost, postIn } from './post.ts'
import type { Me } from './wire-jid.ts'

const me: Me = { jid: parseJid('628999@s.whatsapp.net'), lid: parseJid('999@lid') }
const channel = '120363000000000009@newsletter'

function aPost(
  attrs: Record<string, string>,
  content: Uint8Array | undefined,
  meta?: Record<string, string>,
) {
  const plaintext = { tag: 'plaintext', attrs: {}, ...(content === undefined ? {} : { content }) }
  const node: BinaryNode = {
    tag: 'message',
    attrs: { id: 'P1', from: channel, server_id: '101', type: 'text', t: '1767225600', ...attrs },
    content: [plaintext, ...(meta === undefined ? [] : [{ tag: 'meta', attrs: meta }])],
  }
  return node
}

const bytesOf = (message: proto.IMessage) => proto.Message.encode(message).finish()
const text = (conversation: string) => bytesOf({ conversation })

function factsOf(node: BinaryNode) {
  const post = postIn(node)
  return post === null ? null : toMessageEvents(post, 'notify', me)
}

describe('postIn', () => {
  it('reads a post', () => {
    const message = { id: 'P1', chat: channel, sender: channel, isFromMe: false, text: 'one', serverId: 101 }
    expect(factsOf(aPost({}, text('one')))).toMatchObject([{ type: 'message.received', message }])
  })

  const edits: readonly [string, Record<string, string>, Record<string, string> | undefined, string][] = [
    ['by its attribute', { edit: '3' }, undefined, '2026-01-01T00:00:00.000Z'],
    ['by its author’s attribute', { edit: '1' }, undefined, '2026-01-01T00:00:00.000Z'],
    ['by the time of its edit', {}, { msg_edit_t: '1767225600123' }, '2026-01-01T00:00:00.123Z'],
    ['by both', { edit: '3' }, { msg_edit_t: '1767225600123' }, '2026-01-01T00:00:00.123Z'],
  ]
  it.each(edits)('knows an edited one %s', (_how, attrs, meta, at) => {
    expect(factsOf(aPost(attrs, text('two'), meta))).toMatchObject([
      {
        type: 'message.edited',
        chat: channel,
        targetId: 'P1',
        text: 'two',
        message: { id: 'P1', sentAt: new Date(at) },
      },
    ])
  })

  it('reads the new caption of an edited picture', () => {
    const edited = aPost({ edit: '3' }, bytesOf({ imageMessage: { caption: 'three' } }))
    expect(factsOf(edited)).toMatchObject([{ type: 'message.edited', text: 'three' }])
  })

  it('leaves an edit that names its message as it is', () => {
    const key = { remoteJid: channel, id: 'P0' }
    const type = proto.Message.ProtocolMessage.Type.MESSAGE_EDIT
    const named = bytesOf({ protocolMessage: { type, key, editedMessage: { conversation: 'two' } } })
    expect(factsOf(aPost({ edit: '1' }, named))).toMatchObject([
      { type: 'message.edited', targetId: 'P0', text: 'two', message: { id: 'P1' } },
    ])
  })

  it.each([
    ['without content', '8', undefined],
    ['with nothing in it', '8', new Uint8Array()],
    ['by its author', '7', undefined],
  ])('knows one that was taken back, %s', (_how, edit, content) => {
    expect(factsOf(aPost({ edit }, content, { original_msg_t: '1767225500' }))).toMatchObject([
      { type: 'message.revoked', chat: channel, targetId: 'P1', message: { id: 'P1' } },
    ])
  })

  it('says nothing of other chats, of what cannot be read, and of what has no content', () => {
    expect(postIn(aPost({ from: '628111@s.whatsapp.net' }, text('one')))).toBeNull()
    expect(postIn(aPost({}, Uint8Array.of(255, 255)))).toBeNull()
    expect(postIn(aPost({}, undefined))).toBeNull()
    expect(postIn({ ...aPost({}, text('one')), tag: 'receipt' })).toBeNull()
  })
})

describe('emptyPost', () => {
  it('leaves everything but the content', () => {
    const node = aPost({ edit: '3' }, text('two'), { msg_edit_t: '1' })
    emptyPost(node)
    expect(node.content).toEqual([
      { tag: 'plaintext', attrs: {}, content: new Uint8Array() },
      { tag: 'meta', attrs: { msg_edit_t: '1' } },
    ])
  })
})
