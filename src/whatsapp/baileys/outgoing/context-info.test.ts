import { proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { asMessageId } from '../../../core/ids.ts'
import { parseJid } from '../../jid.ts'
import type { MessageContext } from '../../outgoing-message.ts'
import { putContext } from './context-info.ts'

const group = parseJid('120363000000000001@g.us')
const ani = parseJid('628111@s.whatsapp.net')
const everything: MessageContext = {
  quoted: {
    id: asMessageId('Q1'),
    chat: group,
    sender: ani,
    isFromMe: false,
    raw: proto.Message.encode({
      pollCreationMessageV3: { name: 'where?', options: [], contextInfo: { isForwarded: true } },
      messageContextInfo: { messageSecret: new Uint8Array(32) },
    }).finish(),
  },
  mentions: { people: [ani], everyone: true },
  isForwarded: true,
  expirationSeconds: 60,
}

describe('the context of a message', () => {
  it('is put on a poll, whose secret stays beside it', () => {
    const poll = {
      messageContextInfo: { messageSecret: new Uint8Array(32).fill(7) },
      pollCreationMessage: { name: 'when?', options: [{ optionName: 'now' }] },
    }
    putContext(poll, everything, group)
    const sent = proto.Message.decode(proto.Message.encode(poll).finish())
    expect(sent.pollCreationMessage?.contextInfo).toMatchObject({
      stanzaId: 'Q1',
      participant: ani,
      mentionedJid: [ani],
      nonJidMentions: 1,
      isForwarded: true,
      forwardingScore: 100,
      expiration: 60,
    })
    expect(sent.messageContextInfo?.messageSecret).toHaveLength(32)
  })

  it('is put on the picture inside a view-once wrapper', () => {
    const message: proto.IMessage = { viewOnceMessage: { message: { imageMessage: { viewOnce: true } } } }
    putContext(message, { mentions: { people: [ani], everyone: false } }, group)
    expect(message).toEqual({
      viewOnceMessage: {
        message: { imageMessage: { viewOnce: true, contextInfo: { mentionedJid: [ani] } } },
      },
    })
  })

  it('quotes the content alone, without secret and without the context of the quoted message', () => {
    const message: proto.IMessage = { extendedTextMessage: { text: 'here' } }
    putContext(message, everything, group)
    const quoted = message.extendedTextMessage?.contextInfo?.quotedMessage
    expect(quoted).toMatchObject({ pollCreationMessageV3: { name: 'where?' } })
    expect(Object.keys(quoted ?? {})).toEqual(['pollCreationMessageV3'])
    expect(quoted?.pollCreationMessageV3).not.toHaveProperty('contextInfo')
  })

  it('has neither quote nor timer in a channel', () => {
    const message: proto.IMessage = { extendedTextMessage: { text: 'here' } }
    putContext(message, everything, parseJid('120363000000000001@newsletter'))
    expect(message.extendedTextMessage?.contextInfo).not.toHaveProperty('stanzaId')
    expect(message.extendedTextMessage?.contextInfo).not.toHaveProperty('expiration')
  })

  it('leaves a message alone when there is nothing to say', () => {
    const message: proto.IMessage = { conversation: 'plain' }
    putContext(message, {}, group)
    expect(message).toEqual({ conversation: 'plain' })
  })
})
