import { proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { asMessageId } from '../../../core/ids.ts'
import { parseJid } from '../../jid.ts'
import type { MessageContext } from '../../outgoing-message.ts'
import { toWaMessage } from './wa-message.ts'

const to = parseJid('628111@s.whatsapp.net')

async function sent(text: string, context: MessageContext = {}): Promise<proto.Message> {
  const { raw } = await toWaMessage(
    to,
    { kind: 'text', text, context },
    {
      upload: () => Promise.reject(new Error('a text uploads nothing')),
      uploads: { upload: () => Promise.reject(new Error('a text uploads nothing')) },
      at: new Date(0),
    },
  )
  return proto.Message.decode(raw)
}

describe('toWaMessage', () => {
  it('sends a text as extended text, without looking at links', async () => {
    const message = await sent('see https://example.com')
    expect(message.extendedTextMessage?.text).toBe('see https://example.com')
    expect(message.extendedTextMessage?.matchedText).toBeFalsy()
    expect(message.conversation).toBeFalsy()
  })

  it('mentions people, and everyone', async () => {
    const context = (
      await sent('@628222 hi', { mentions: { people: [parseJid('628222@s.whatsapp.net')], everyone: false } })
    ).extendedTextMessage?.contextInfo
    expect(context?.mentionedJid).toEqual(['628222@s.whatsapp.net'])
    expect(context?.nonJidMentions).toBeFalsy()
    const all = (await sent('@everyone', { mentions: { people: [], everyone: true } })).extendedTextMessage
    expect(all?.contextInfo?.nonJidMentions).toBe(1)
    expect(all?.contextInfo?.mentionedJid).toEqual([])
  })

  it('marks what is forwarded and keeps mentions beside it', async () => {
    const context = (
      await sent('x', {
        isForwarded: true,
        mentions: { people: [parseJid('628222@s.whatsapp.net')], everyone: false },
      })
    ).extendedTextMessage?.contextInfo
    expect(context).toMatchObject({ isForwarded: true, forwardingScore: 100 })
    expect(context?.mentionedJid).toEqual(['628222@s.whatsapp.net'])
  })

  it('puts the timer on the message', async () => {
    expect((await sent('x', { expirationSeconds: 3600 })).extendedTextMessage?.contextInfo?.expiration).toBe(
      3600,
    )
    expect(
      (await sent('x', { expirationSeconds: 0 })).extendedTextMessage?.contextInfo?.expiration,
    ).toBeFalsy()
  })

  it('quotes with the author as addressed, also an own message in a LID chat', async () => {
    const raw = proto.Message.encode({
      extendedTextMessage: { text: 'first', contextInfo: { stanzaId: 'old' } },
    }).finish()
    const context = (
      await sent('reply', {
        quoted: {
          id: asMessageId('Q1'),
          chat: parseJid('111@lid'),
          sender: parseJid('999@lid'),
          isFromMe: true,
          raw,
        },
      })
    ).extendedTextMessage?.contextInfo
    expect(context).toMatchObject({ stanzaId: 'Q1', participant: '999@lid' })
    expect(context?.quotedMessage?.extendedTextMessage?.text).toBe('first')
    expect(context?.quotedMessage?.extendedTextMessage?.contextInfo).toBeFalsy()
    expect(context?.remoteJid).toBeFalsy()
  })

  it('names the status feed when a status is answered', async () => {
    const raw = proto.Message.encode({ conversation: 'story' }).finish()
    const quoted = {
      id: asMessageId('S1'),
      chat: parseJid('status@broadcast'),
      sender: to,
      isFromMe: false,
      raw,
    }
    expect((await sent('nice', { quoted })).extendedTextMessage?.contextInfo?.remoteJid).toBe(
      'status@broadcast',
    )
  })

  it('quotes a message whose content is not known', async () => {
    const quoted = { id: asMessageId('Q1'), chat: to, sender: to, isFromMe: false, raw: new Uint8Array() }
    expect((await sent('reply', { quoted })).extendedTextMessage?.contextInfo?.stanzaId).toBe('Q1')
  })
})
