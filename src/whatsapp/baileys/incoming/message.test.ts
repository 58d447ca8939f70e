import { proto, type WAMessage } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toHistoryMessage, toMessageEvents } from './message.ts'
import type { Me } from './wire-jid.ts'

const me: Me = { jid: parseJid('628999@s.whatsapp.net'), lid: parseJid('999@lid') }

function aMessage(message: proto.IMessage | null, overrides: Partial<WAMessage> = {}): WAMessage {
  return {
    key: { remoteJid: '628111@s.whatsapp.net', fromMe: false, id: 'A1' },
    messageTimestamp: 1_767_225_600,
    pushName: 'Ayu',
    // As it comes from the wire: decoded, with Longs and inherited defaults.
    ...(message === null ? {} : { message: proto.Message.decode(proto.Message.encode(message).finish()) }),
    ...overrides,
  }
}

function onlyEvent<T extends WhatsAppEvent['type']>(
  type: T,
  message: WAMessage,
  upsertType: 'notify' | 'append' = 'notify',
): Extract<WhatsAppEvent, { type: T }> {
  const events = toMessageEvents(message, upsertType, me)
  const found = events.filter((event) => event.type === type)
  expect(found, JSON.stringify(events)).toHaveLength(1)
  return found[0] as Extract<WhatsAppEvent, { type: T }> // just filtered by its type
}

const picture = { mimetype: 'image/jpeg', url: 'https://mmg.whatsapp.net/x', fileLength: 10 }

describe('toMessageEvents', () => {
  it.each<[string, proto.IMessage, string]>([
    [
      'native buttons',
      {
        interactiveMessage: {
          header: { title: 'Offer', imageMessage: picture },
          body: { text: 'Pick one' },
          nativeFlowMessage: {
            buttons: [{ name: 'quick_reply', buttonParamsJson: '{"display_text":"Yes"}' }],
          },
        },
      },
      'Offer\nPick one\nYes',
    ],
    [
      'the first card of a carousel that has a picture',
      {
        interactiveMessage: {
          body: { text: 'Our shoes' },
          carouselMessage: {
            cards: [
              { body: { text: 'No picture' } },
              { header: { imageMessage: picture }, body: { text: 'Red' } },
              { header: { imageMessage: { ...picture, url: 'https://mmg.whatsapp.net/y' } } },
            ],
          },
        },
      },
      'Our shoes\nNo picture\nRed',
    ],
    [
      'buttons',
      {
        buttonsMessage: {
          imageMessage: picture,
          contentText: 'Choose',
          buttons: [{ buttonText: { displayText: 'A' } }],
        },
      },
      'Choose\nA',
    ],
    [
      'a template',
      { templateMessage: { hydratedTemplate: { imageMessage: picture, hydratedContentText: 'Hi' } } },
      'Hi',
    ],
  ])('reads text and media of an interactive message: %s', (_what, content, text) => {
    const { message } = onlyEvent('message.received', aMessage(content))
    expect(message.details?.interactive).toBe(text)
    expect(message.media).toMatchObject({ kind: 'image', url: picture.url, isOfInteractive: true })
  })

  it('names the media of every card of a carousel, in the order of the cards', () => {
    const at = (name: string) => ({ ...picture, url: `https://mmg.whatsapp.net/${name}` })
    const carousel = {
      header: { imageMessage: at('above') },
      carouselMessage: {
        cards: [
          { header: { videoMessage: at('one') } },
          { body: { text: 'No picture' } },
          { header: { documentMessage: { ...at('three'), fileName: 'offer.pdf' } } },
          { header: { imageMessage: at('four') } },
        ],
      },
    }
    for (const content of [
      { interactiveMessage: carousel },
      {
        templateMessage: {
          interactiveMessageTemplate: carousel,
          hydratedTemplate: { imageMessage: picture },
        },
      },
    ]) {
      const { message } = onlyEvent('message.received', aMessage(content))
      const files = [message.media, ...(message.furtherMedia ?? [])]
      expect(files).toMatchObject([
        { kind: 'image', url: at('above').url, isOfInteractive: true },
        { kind: 'video', url: at('one').url, isOfInteractive: true },
        { kind: 'document', url: at('three').url, fileName: 'offer.pdf', isOfInteractive: true },
        { kind: 'image', url: at('four').url, isOfInteractive: true },
      ])
      expect(message.details?.interactive).toBe('No picture')
    }
  })

  it('names one file of what brings one along, also when a template says it in two forms', () => {
    for (const content of [
      { imageMessage: picture },
      {
        templateMessage: {
          hydratedTemplate: { imageMessage: picture },
          hydratedFourRowTemplate: { imageMessage: picture },
        },
      },
    ])
      expect(onlyEvent('message.received', aMessage(content)).message).not.toHaveProperty('furtherMedia')
  })

  it('names no more files than any real carousel has cards', () => {
    const cards = Array.from({ length: 1_000 }, () => ({ header: { imageMessage: picture } }))
    const content = { interactiveMessage: { carouselMessage: { cards } } }
    expect(onlyEvent('message.received', aMessage(content)).message.furtherMedia).toHaveLength(29)
  })

  it('reads a plain text of a contact', () => {
    const event = onlyEvent('message.received', aMessage({ conversation: 'hello' }))
    expect(event.isOffline).toBe(false)
    expect(event.message).toMatchObject({
      id: 'A1',
      chat: '628111@s.whatsapp.net',
      chatAlt: null,
      sender: '628111@s.whatsapp.net',
      isFromMe: false,
      pushName: 'Ayu',
      text: 'hello',
      contentType: 'conversation',
      media: null,
      repliedTo: null,
      isForwarded: false,
      isViewOnce: false,
      expirationSeconds: 0,
    })
    expect(event.message.sentAt.toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(proto.Message.decode(event.message.raw).conversation).toBe('hello')
  })

  it('reads both addresses of a contact and tells that they are one person', () => {
    const message = aMessage(
      { conversation: 'hi' },
      { key: { remoteJid: '111@lid', remoteJidAlt: '628111@s.whatsapp.net', fromMe: false, id: 'A1' } },
    )
    expect(onlyEvent('message.received', message).message).toMatchObject({
      chat: '111@lid',
      chatAlt: '628111@s.whatsapp.net',
      sender: '111@lid',
      senderAlt: '628111@s.whatsapp.net',
    })
    expect(onlyEvent('identity.learned', message)).toEqual({
      type: 'identity.learned',
      lid: '111@lid',
      phone: '628111@s.whatsapp.net',
    })
  })

  it('reads the author of a group message, without device parts', () => {
    const message = aMessage(
      { conversation: 'hi all' },
      {
        key: {
          remoteJid: '120363@g.us',
          participant: '111:4@lid',
          participantAlt: '628111:4@s.whatsapp.net',
          fromMe: false,
          id: 'A1',
        },
      },
    )
    expect(onlyEvent('message.received', message).message).toMatchObject({
      chat: '120363@g.us',
      chatAlt: null,
      sender: '111@lid',
      senderAlt: '628111@s.whatsapp.net',
    })
  })

  it('takes a message typed on the own phone as ours, in the chat it was sent to', () => {
    const message = aMessage(
      { conversation: 'from my phone' },
      { key: { remoteJid: '111@lid', remoteJidAlt: '628999@s.whatsapp.net', fromMe: true, id: 'A1' } },
    )
    expect(onlyEvent('message.received', message).message).toMatchObject({
      isFromMe: true,
      chat: '111@lid',
      chatAlt: null,
      sender: '999@lid',
      senderAlt: '628999@s.whatsapp.net',
    })
  })

  it('reads reply, forward mark, timer and the marks of wrappers', () => {
    const event = onlyEvent(
      'message.received',
      aMessage({
        ephemeralMessage: {
          message: {
            viewOnceMessageV2: {
              message: {
                imageMessage: {
                  caption: 'look',
                  mimetype: 'image/jpeg',
                  url: 'https://mmg.whatsapp.net/x',
                  fileLength: 4096,
                  contextInfo: {
                    stanzaId: 'Q1',
                    quotedMessage: { extendedTextMessage: { text: 'quoted' } },
                    isForwarded: true,
                    expiration: 86400,
                  },
                },
              },
            },
          },
        },
      }),
      'append',
    )
    expect(event.isOffline).toBe(true)
    expect(event.message).toMatchObject({
      text: 'look',
      contentType: 'imageMessage',
      media: {
        kind: 'image',
        mimeType: 'image/jpeg',
        fileName: '',
        caption: 'look',
        url: 'https://mmg.whatsapp.net/x',
        fileLength: 4096,
      },
      repliedTo: { id: 'Q1', text: 'quoted' },
      isForwarded: true,
      isViewOnce: true,
      expirationSeconds: 86400,
    })
  })

  it('takes a captioned document out of its wrapper', () => {
    const event = onlyEvent(
      'message.received',
      aMessage({
        documentWithCaptionMessage: {
          message: {
            documentMessage: { fileName: 'a.pdf', caption: 'read me', mimetype: 'application/pdf' },
          },
        },
      }),
    )
    expect(event.message.media).toMatchObject({ kind: 'document', fileName: 'a.pdf', caption: 'read me' })
    expect(event.message.text).toBe('read me')
  })

  it('tells a reaction with its target', () => {
    const event = onlyEvent(
      'message.reacted',
      aMessage({ reactionMessage: { text: '👍', key: { id: 'T1', fromMe: true } } }),
    )
    expect(event).toMatchObject({
      emoji: '👍',
      targetId: 'T1',
      targetIsFromMe: true,
      chat: '628111@s.whatsapp.net',
    })
  })

  it('tells the removal of a reaction as an empty emoji', () => {
    const event = onlyEvent('message.reacted', aMessage({ reactionMessage: { text: '', key: { id: 'T1' } } }))
    expect(event).toMatchObject({ emoji: '', targetIsFromMe: false })
  })

  it("tells a revoke from the revoker's point of view in ours, and its key as they wrote it", () => {
    const byAuthor = onlyEvent(
      'message.revoked',
      aMessage({ protocolMessage: { key: { id: 'T1', fromMe: true, remoteJid: '999@lid' }, type: 0 } }),
    )
    expect(byAuthor).toMatchObject({
      targetId: 'T1',
      targetIsFromMe: false,
      writtenKey: { isFromMe: true, chat: '999@lid' },
    })

    const byAdmin = onlyEvent(
      'message.revoked',
      aMessage(
        { protocolMessage: { key: { id: 'T2', fromMe: false, participant: '999:3@lid' }, type: 0 } },
        { key: { remoteJid: '120363@g.us', participant: '111@lid', fromMe: false, id: 'A1' } },
      ),
    )
    expect(byAdmin).toMatchObject({
      targetId: 'T2',
      targetIsFromMe: true,
      writtenKey: { isFromMe: false, chat: null },
    })
  })

  it('tells an edit with its new text, in both forms it has on the wire', () => {
    const protocolMessage = {
      key: { id: 'T1', fromMe: true },
      type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT,
      editedMessage: { conversation: 'better' },
    }
    for (const message of [{ protocolMessage }, { editedMessage: { message: { protocolMessage } } }]) {
      expect(onlyEvent('message.edited', aMessage(message))).toMatchObject({ targetId: 'T1', text: 'better' })
    }
  })

  it('tells a change of the disappearing timer as a fact of the chat, also to off', () => {
    const type = proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING
    for (const ephemeralExpiration of [604800, 0]) {
      const event = onlyEvent('chat.updated', aMessage({ protocolMessage: { type, ephemeralExpiration } }))
      expect(event.chat).toEqual({ jid: '628111@s.whatsapp.net', expirationSeconds: ephemeralExpiration })
    }
  })

  it('tells a message that cannot be decrypted', () => {
    const event = onlyEvent(
      'message.undecryptable',
      aMessage(null, { messageStubType: proto.WebMessageInfo.StubType.CIPHERTEXT }),
    )
    expect(event).toMatchObject({ id: 'A1', chat: '628111@s.whatsapp.net', isFromMe: false })
  })

  it('calls machinery unhandled instead of a message', () => {
    for (const message of [
      { protocolMessage: { type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE } },
      { senderKeyDistributionMessage: { groupId: '120363@g.us' } },
      { pollUpdateMessage: { senderTimestampMs: 1 } },
    ]) {
      expect(toMessageEvents(aMessage(message), 'notify', me).map((event) => event.type)).toEqual([
        'unhandled',
      ])
    }
  })

  it('does not keep the key of the group that comes with a first message', () => {
    const { raw } = onlyEvent(
      'message.received',
      aMessage({
        conversation: 'hello',
        senderKeyDistributionMessage: {
          groupId: '120363@g.us',
          axolotlSenderKeyDistributionMessage: Buffer.alloc(40, 1),
        },
      }),
    ).message
    expect(proto.Message.decode(raw).toJSON()).toEqual({ conversation: 'hello' })
  })

  it('takes a poll or a location for a message without text', () => {
    const event = onlyEvent('message.received', aMessage({ pollCreationMessageV3: { name: 'Lunch?' } }))
    expect(event.message).toMatchObject({ text: '', contentType: 'pollCreationMessageV3' })
  })

  it('never throws, whatever comes', () => {
    const odd: WAMessage[] = [
      { key: {} },
      { key: { remoteJid: 'nonsense', id: 'A' } },
      { key: { remoteJid: '628111@s.whatsapp.net', id: 'A' }, message: {} },
      { key: { remoteJid: '628111@s.whatsapp.net', id: 'A' }, message: { reactionMessage: {} } },
      {
        key: { remoteJid: '628111@s.whatsapp.net', id: 'A' },
        messageStubType: 27,
        messageStubParameters: [],
      },
    ]
    for (const message of odd) {
      expect(toMessageEvents(message, 'notify', me).map((event) => event.type)).toEqual(['unhandled'])
    }
  })
})

describe('toHistoryMessage', () => {
  it('takes messages and leaves machinery, reactions and stubs out', () => {
    expect(toHistoryMessage(aMessage({ conversation: 'old' }), me)).toMatchObject({ text: 'old' })
    expect(toHistoryMessage(aMessage({ reactionMessage: { key: { id: 'T' } } }), me)).toBeNull()
    expect(toHistoryMessage(aMessage({ protocolMessage: { type: 0 } }), me)).toBeNull()
    expect(toHistoryMessage(aMessage(null, { messageStubType: 20 }), me)).toBeNull()
  })
})
