import { proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { asMessageId } from '../../../core/ids.ts'
import { parseJid } from '../../jid.ts'
import { newsletterStanza } from './newsletter-stanza.ts'
import { toWaMessage, type WaMessage } from './wa-message.ts'

const channel = parseJid('120363000000000001@newsletter')

function stanzaOf(made: WaMessage) {
  return newsletterStanza(channel, asMessageId('M1'), made)
}

function made(message: proto.IMessage, attributes: Record<string, string> = {}): WaMessage {
  return { message, raw: proto.Message.encode(message).finish(), attributes, nodes: [] }
}

const never = () => Promise.reject(new Error('nothing is uploaded'))
const uploads = { upload: never, uploads: { upload: never }, at: new Date('2026-01-01T00:00:00Z') }

describe('a message to a channel', () => {
  it('is in the clear', () => {
    const message = { extendedTextMessage: { text: 'hello all' } }
    expect(stanzaOf(made(message))).toEqual({
      tag: 'message',
      attrs: { to: channel, id: 'M1', type: 'text' },
      content: [{ tag: 'plaintext', attrs: {}, content: made(message).raw }],
    })
  })

  it.each([
    ['image', { imageMessage: {} }],
    ['gif', { videoMessage: { gifPlayback: true } }],
    ['ptt', { audioMessage: { ptt: true } }],
    ['document', { documentMessage: {} }],
  ])('says that it brings a file of the kind %s, and which', (kind, message) => {
    const { attrs, content } = stanzaOf(made(message, { media_id: 'handle' }))
    expect(attrs).toMatchObject({ type: 'media', media_id: 'handle' })
    expect(content).toMatchObject([{ attrs: { mediatype: kind } }])
  })

  it('can be a poll, without quote and timer', async () => {
    const poll = { kind: 'poll', question: 'x', options: ['a', 'b'], maxAnswers: 1 } as const
    const stanza = stanzaOf(
      await toWaMessage(channel, { ...poll, context: { expirationSeconds: 60 } }, uploads),
    )
    expect(stanza).toMatchObject({
      attrs: { type: 'poll' },
      content: [{ tag: 'plaintext' }, { tag: 'meta', attrs: { polltype: 'creation' } }],
    })
  })
})
