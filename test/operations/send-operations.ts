import type { ReceivedMessage } from '@gatewa/simulator'
import sharp from 'sharp'
import { expect } from 'vitest'
import { TestWebServer } from '../../src/fetch/test-web-server.ts'
import { type Answer, eventually } from '../harness.ts'
import { messageIdOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'
import { everySendRefuses, post } from './send-refusals.ts'

/** Sends to Bo and waits until his phone has decrypted it. */
async function sentToBo(
  world: OperationWorld,
  path: string,
  body: object,
): Promise<{ answer: Answer; arrived: ReceivedMessage }> {
  const answer = await post(path, { phone: world.bo.phone, ...body })(world)
  const id = messageIdOf(answer)
  return { answer, arrived: await world.bo.receives((message) => message.id === id) }
}

/** What `GET /chat/{jid}/messages` says of a message that was just sent to Bo. */
async function storedFor({ gateway, bo }: OperationWorld, answer: Answer): Promise<string | undefined> {
  return (await gateway.messages('main', bo.jid)).find(({ id }) => id === messageIdOf(answer))?.content
}

function sentence(answer: Answer, start: string): void {
  expect(answer.json.message).toMatch(
    new RegExp(`^${start} \\(server timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+0000 UTC\\)$`),
  )
  expect(answer.json.results).toMatchObject({ status: answer.json.message })
}

function invalid(path: string, body: object, message: string): RefusedCall {
  return { call: post(path, body), status: 400, code: 'VALIDATION_ERROR', message }
}

const texts: Operation = {
  operationId: 'sendMessage',
  works: async (world) => {
    const { gateway, ada, bo, cy } = world
    const question = await bo.sendText(ada, 'who comes?')
    await gateway.message('main', bo.jid, ({ id }) => id === question.id)
    const { answer, arrived } = await sentToBo(world, '/send/message', {
      message: `@${cy.phone} does`,
      reply_message_id: question.id,
      is_forwarded: true,
      duration: 3600,
      mentions: [ada.lid],
    })
    expect(arrived.attributes).toMatchObject({ type: 'text' })
    expect(arrived.message.extendedTextMessage).toMatchObject({
      text: `@${cy.phone} does`,
      contextInfo: {
        stanzaId: question.id,
        participant: bo.jid,
        quotedMessage: { conversation: 'who comes?' },
        mentionedJid: [cy.jid, ada.lid],
        isForwarded: true,
        forwardingScore: 100,
        expiration: 3600,
      },
    })
    expect(await storedFor(world, answer)).toBe(`@${cy.phone} does`)
    sentence(answer, `Message sent to ${bo.jid}`)
    return answer
  },
  refuses: {
    ...everySendRefuses('/send/message', { message: 'hello' }),
    'a request without text': invalid('/send/message', { phone: '6281234' }, 'message: cannot be blank.'),
    'a text that is a number': invalid(
      '/send/message',
      { phone: '6281234', message: 1 },
      'message: must be a string.',
    ),
    'a mention that is no number': invalid(
      '/send/message',
      { phone: '6281234', message: 'x', mentions: ['0812'] },
      'mention 0812: phone number must be in international format',
    ),
    "a mention that is nobody's number": invalid(
      '/send/message',
      { phone: '6281234', message: 'x', mentions: ['62812', 'abc'] },
      'mention abc: phone number must be in international format',
    ),
    'a mention of a group': invalid(
      '/send/message',
      { phone: '6281234', message: 'x', mentions: ['120363000000000001@g.us'] },
      'mention 120363000000000001@g.us: phone number must be in international format',
    ),
  },
}

const contacts: Operation = {
  operationId: 'sendContact',
  works: async (world) => {
    const { answer, arrived } = await sentToBo(world, '/send/contact', {
      contact_name: 'Dee; "D", Jr.',
      contact_phone: '+6281234567',
      is_forwarded: true,
    })
    expect(arrived.message.contactMessage).toMatchObject({
      displayName: 'Dee; "D", Jr.',
      vcard: [
        'BEGIN:VCARD',
        'VERSION:3.0',
        'N:;Dee\\; "D"\\, Jr.;;;',
        'FN:Dee\\; "D"\\, Jr.',
        'TEL;type=CELL;waid=6281234567:+6281234567',
        'END:VCARD',
      ].join('\n'),
      contextInfo: { isForwarded: true, forwardingScore: 100 },
    })
    expect(await storedFor(world, answer)).toBe('👤 Dee; "D", Jr.')
    sentence(answer, `Contact sent to ${world.bo.jid}`)
    return answer
  },
  refuses: {
    ...everySendRefuses('/send/contact', { contact_name: 'Dee', contact_phone: '6281234' }),
    'a card without name and number': invalid(
      '/send/contact',
      { phone: '6281234' },
      'contact_name: cannot be blank; contact_phone: cannot be blank.',
    ),
    'a number on the card that is not international': invalid(
      '/send/contact',
      { phone: '6281234', contact_name: 'Dee', contact_phone: '0812' },
      'contact phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx',
    ),
  },
}

const links: Operation = {
  operationId: 'sendLink',
  works: async (world) => {
    const picture = await sharp({ create: { width: 800, height: 400, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    const web = new TestWebServer()
    const origin = await web.listen()
    web.respond = (request, response) => {
      if (request.url === '/sea.png') return void response.setHeader('content-type', 'image/png').end(picture)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(
        '<meta property="og:title" content="The sea"><meta property="og:image" content="/sea.png"><meta name="description" content="Very wet">',
      )
    }
    try {
      const { answer, arrived } = await sentToBo(world, '/send/link', {
        link: `${origin}/page`,
        caption: 'look',
        is_forwarded: true,
      })
      const text = arrived.message.extendedTextMessage
      expect(text).toMatchObject({
        text: `look\n${origin}/page`,
        matchedText: `${origin}/page`,
        title: 'The sea',
        description: 'Very wet',
        contextInfo: { isForwarded: true },
      })
      expect((await sharp(text?.jpegThumbnail ?? Buffer.alloc(0)).metadata()).format).toBe('jpeg')
      const large = await sharp(arrived.media()).metadata()
      expect([large.format, large.width, large.height]).toEqual([
        'jpeg',
        text?.thumbnailWidth,
        text?.thumbnailHeight,
      ])
      expect(await storedFor(world, answer)).toBe('🔗 look')
      sentence(answer, `Link sent to ${world.bo.jid}`)
      await web.close()
      const bare = await sentToBo(world, '/send/link', { link: `${origin}/page`, caption: 'gone' })
      expect(bare.arrived.message.extendedTextMessage).toMatchObject({ text: `gone\n${origin}/page` })
      expect(bare.arrived.message.extendedTextMessage?.title).toBeFalsy()
      return answer
    } finally {
      await web.close()
    }
  },
  refuses: {
    ...everySendRefuses('/send/link', { link: 'https://example.com', caption: 'x' }),
    'a message without link and caption': invalid(
      '/send/link',
      { phone: '6281234' },
      'caption: cannot be blank; link: cannot be blank.',
    ),
    'what is no link': invalid(
      '/send/link',
      { phone: '6281234', link: 'javascript:alert(1)', caption: 'x' },
      'link: must be a valid URL.',
    ),
    'a link to a file of ours': invalid(
      '/send/link',
      { phone: '6281234', link: 'file:///etc/passwd', caption: 'x' },
      'link: must be a valid URL.',
    ),
  },
}

const locations: Operation = {
  operationId: 'sendLocation',
  works: async (world) => {
    const { answer, arrived } = await sentToBo(world, '/send/location', {
      latitude: '-7.797068',
      longitude: '110.370529',
      duration: 86_400,
    })
    expect(arrived.message.locationMessage).toMatchObject({
      degreesLatitude: -7.797068,
      degreesLongitude: 110.370529,
      contextInfo: { expiration: 86_400 },
    })
    expect(await storedFor(world, answer)).toBe('📍 -7.797068, 110.370529')
    sentence(answer, `Send location success ${world.bo.jid}`)
    return answer
  },
  refuses: {
    ...everySendRefuses('/send/location', { latitude: '1', longitude: '1' }),
    'a place without degrees': invalid(
      '/send/location',
      { phone: '6281234', latitude: '' },
      'latitude: cannot be blank; longitude: cannot be blank.',
    ),
    'degrees beyond the poles and the date line': invalid(
      '/send/location',
      { phone: '6281234', latitude: '90.1', longitude: '-180.5' },
      'latitude: must be a valid latitude; longitude: must be a valid longitude.',
    ),
    'degrees that are numbers': invalid(
      '/send/location',
      { phone: '6281234', latitude: 1, longitude: 2 },
      'latitude: must be a string; longitude: must be a string.',
    ),
  },
}

const poll = { question: 'Where?', options: ['Here', 'There'], max_answer: 1 }

const polls: Operation = {
  operationId: 'sendPoll',
  works: async (world) => {
    const { answer, arrived } = await sentToBo(world, '/send/poll', {
      ...poll,
      options: ['Here', 'There', 'Nowhere'],
      max_answer: 2,
      duration: 604_800,
      is_forwarded: true,
    })
    expect(arrived.attributes['type']).toBe('poll')
    expect(arrived.meta).toEqual({ polltype: 'creation' })
    expect(arrived.message.messageContextInfo?.messageSecret).toHaveLength(32)
    expect(arrived.message.pollCreationMessage).toMatchObject({
      name: 'Where?',
      options: [{ optionName: 'Here' }, { optionName: 'There' }, { optionName: 'Nowhere' }],
      selectableOptionsCount: 2,
      contextInfo: { expiration: 604_800, isForwarded: true },
    })
    const single = await sentToBo(world, '/send/poll', poll)
    expect(single.arrived.message.pollCreationMessageV3).toMatchObject({ selectableOptionsCount: 1 })
    expect(await storedFor(world, answer)).toBe('📊 Where?')
    sentence(answer, `Send poll success ${world.bo.jid}`)
    return answer
  },
  refuses: {
    ...everySendRefuses('/send/poll', poll),
    'a poll without anything to choose': invalid(
      '/send/poll',
      { phone: '6281234', question: 'x', options: [], max_answer: 1 },
      'options: cannot be blank.',
    ),
    'a poll of which nothing is right, for its options alone': invalid(
      '/send/poll',
      { phone: '', max_answer: 0 },
      'options: cannot be blank.',
    ),
    'too many answers, beside what else is wrong': invalid(
      '/send/poll',
      { options: ['a', ''], max_answer: 3 },
      'max_answer: must be no greater than 2; options: (1: cannot be blank.); phone: cannot be blank; question: cannot be blank.',
    ),
    'a blank option': invalid(
      '/send/poll',
      { phone: '6281234', ...poll, options: ['a', ''] },
      'options: (1: cannot be blank.).',
    ),
    'more answers than options': invalid(
      '/send/poll',
      { phone: '6281234', ...poll, max_answer: 3 },
      'max_answer: must be no greater than 2.',
    ),
    'no answers at all': invalid(
      '/send/poll',
      { phone: '6281234', ...poll, max_answer: 0 },
      'max_answer: cannot be blank.',
    ),
    'less than no answers': invalid(
      '/send/poll',
      { phone: '6281234', ...poll, max_answer: -1 },
      'max_answer: must be no less than 1.',
    ),
    'an option that is there twice': invalid(
      '/send/poll',
      { phone: '6281234', ...poll, options: ['a', 'a'] },
      'options should be unique',
    ),
    'a list of options that is a text': invalid(
      '/send/poll',
      { phone: '6281234', ...poll, options: 'a' },
      'options: must be a list.',
    ),
  },
}

const notLinked = { status: 401, code: 'AUTHENTICATION_ERROR', message: 'you are not logged in' } as const

const presences: readonly Operation[] = [
  {
    operationId: 'sendPresence',
    works: async (world) => {
      const device = await world.ada.hasClientOnline()
      const seen = (type: string) =>
        eventually(`a presence ${type}`, () => device.presence === type || undefined)
      // The phone tells the account's name a moment after it has linked.
      await eventually('a presence being sent', async () => {
        const { status } = await post('/send/presence', { type: 'available' })(world)
        return status === 200 || undefined
      })
      await seen('available')
      const answer = await post('/send/presence', { type: 'unavailable', is_forwarded: false })(world)
      await seen('unavailable')
      expect(answer.json).toMatchObject({
        message: 'Send presence success unavailable',
        results: { message_id: 'presence', status: 'Send presence success unavailable' },
      })
      return answer
    },
    refuses: {
      'a presence there is not': invalid('/send/presence', { type: 'busy' }, 'type: must be a valid value.'),
      'no presence': invalid('/send/presence', {}, 'type: cannot be blank.'),
      'a device that is not linked': {
        call: post('/send/presence', { type: 'available' }, 'blank'),
        ...notLinked,
      },
    },
  },
  {
    operationId: 'sendChatPresence',
    works: async (world) => {
      const { bo, ada } = world
      const started = await post('/send/chat-presence', { phone: bo.phone, action: 'start' })(world)
      const status = `Send chat presence start typing success ${bo.jid}`
      expect(started.json).toMatchObject({
        message: status,
        results: { message_id: 'chat-presence-start', status },
      })
      const answer = await post('/send/chat-presence', { phone: bo.lid, action: 'stop' })(world)
      const states = await eventually('two states of the chat', () => {
        const seen = bo.log.chatStates.filter(({ from }) => from === ada.account).map(({ state }) => state)
        return seen.length >= 2 ? seen : undefined
      })
      expect(states.slice(-2)).toEqual(['composing', 'paused'])
      expect(answer.json).toMatchObject({ results: { message_id: 'chat-presence-stop' } })
      return answer
    },
    refuses: {
      'an action there is not': invalid(
        '/send/chat-presence',
        { phone: '6281234', action: 'sing' },
        'action: must be a valid value.',
      ),
      'neither phone nor action': invalid(
        '/send/chat-presence',
        {},
        'action: cannot be blank; phone: cannot be blank.',
      ),
      'a channel': {
        call: post('/send/chat-presence', { phone: '120363000000000009@newsletter', action: 'start' }),
        status: 400,
        code: 'INVALID_JID',
      },
      ...everySendRefuses('/send/chat-presence', { action: 'start' }, { hasDuration: false }),
    },
  },
]

/** What is promised of the operations under `/send` that carry no file. */
export const sendOperations: readonly Operation[] = [texts, contacts, links, locations, polls, ...presences]
