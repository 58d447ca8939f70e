import { expect } from 'vitest'
import { type EventKind, eventKinds } from '../../src/core/event-envelope.ts'
import { eventBodySchema } from '../../src/features/events/event-schemas.ts'
import { eventually, type WebhookEvent } from '../harness.ts'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

const channel = '120363000000000777@newsletter'
const allKinds = {
  settings: { WHATSAPP_WEBHOOK_EVENTS: '*' },
  timeoutMs: 60_000,
  engine: { keepAliveMs: 250 },
}

/** Waits for an event of a kind, and for its body to fit the published schema. */
async function told(stage: Stage, kind: EventKind, test: (event: WebhookEvent) => boolean = () => true) {
  const event = await stage.world.nextEvent(kind, test)
  const result = eventBodySchema(kind).safeParse(event)
  expect(result.success ? [] : result.error.issues, `${kind} fits its schema`).toEqual([])
  return event.payload
}

/** The time goes on by so much while the connection answers pings and brings nothing else. */
async function sixQuietMinutes(stage: Stage): Promise<void> {
  for (let minute = 0; minute < 6; minute += 1) {
    stage.clock.putForward(60_000)
    const now = stage.clock.now()
    await eventually('a sign of life', async () => {
      const { connection } = resultsOf<{ connection?: { last_sign_at?: string } }>(
        await stage.gateway.call('GET', '/devices/main'),
      )
      return new Date(connection?.last_sign_at ?? 0) >= now ? true : undefined
    })
  }
}

scenario(
  'every kind of event is told of what happens at WhatsApp, and fits its published schema',
  async (stage) => {
    const { gateway, world } = stage
    const [ada, bo] = stage.people('Ada', 'Bo')
    const cy = world.simulator.addPerson({ name: 'Cy', behaviour: { addressing: 'lid' } })
    await gateway.link(ada, 'main')
    expect(await told(stage, 'device.qr')).toMatchObject({ qr_code: expect.stringContaining('#') as string })
    await told(stage, 'device.connected')
    await told(stage, 'history.synced')

    // === Messages of every sort
    const dee = world.simulator.addPerson({ name: 'Dee', behaviour: { addressing: 'lid' } })
    dee.account.showsPhone = false
    await dee.sendText(ada, 'guess who')
    expect(await told(stage, 'message')).toMatchObject({ body: 'guess who', chat_id: dee.lid })
    dee.account.showsPhone = true
    await dee.sendText(ada, 'it is me')
    expect(await told(stage, 'contact.identity_resolved')).toEqual({ jid: dee.jid, lid: dee.lid })
    const text = await bo.sendText(ada, 'hello')
    expect(await told(stage, 'message', ({ payload }) => payload.id === text.id)).toMatchObject({
      body: 'hello',
    })
    await bo.reactTo(text, '👍')
    expect(await told(stage, 'message.reaction')).toMatchObject({ reacted_message_id: text.id })
    await bo.edit(text, 'hello!')
    expect(await told(stage, 'message.edited')).toMatchObject({
      original_message_id: text.id,
      body: 'hello!',
    })
    await bo.revoke(text)
    expect(await told(stage, 'message.revoked')).toMatchObject({ revoked_message_id: text.id })
    const secret = await cy.sendSecretText(ada, 'under a secret')
    await cy.editSealed(secret, 'edited under it')
    expect(
      await told(stage, 'message.edited', ({ payload }) => payload['original_message_id'] === secret.id),
    ).toMatchObject({ body: 'edited under it' })
    const damaged = await bo.sendUndecryptable(ada, 'the second time')
    expect(await told(stage, 'message.undecryptable')).toMatchObject({ id: damaged.id })
    expect(await told(stage, 'message', ({ payload }) => payload.id === damaged.id)).toMatchObject({
      body: 'the second time',
    })

    const bytes = Buffer.from('a note')
    const file = await bo.sendMedia(ada, {
      type: 'document',
      bytes,
      mimeType: 'text/plain',
      fileName: 'a.txt',
    })
    await told(stage, 'message', ({ payload }) => payload.id === file.id)
    await told(stage, 'media.downloaded')
    const { media } = world.simulator
    ada.behaviour.reuploads = 'has-it-no-more'
    media.throwsAwayUploads = true
    const lost = await bo.sendMedia(ada, { type: 'image', bytes, mimeType: 'image/jpeg' })
    media.throwsAwayUploads = false
    await told(stage, 'message', ({ payload }) => payload.id === lost.id)
    expect(await told(stage, 'media.failed')).toMatchObject({ id: lost.id, error: 'MEDIA_EXPIRED' })

    // === What the owner does on the phone
    const { appState } = world.simulator
    await appState.change(ada.account, 'regular_high', ['deleteMessageForMe', bo.jid, damaged.id, '0', '0'], {
      deleteMessageForMeAction: { deleteMedia: true, messageTimestamp: Math.floor(Date.now() / 1000) },
    })
    expect(await told(stage, 'message.deleted')).toMatchObject({
      deleted_message_id: damaged.id,
      chat_id: bo.jid,
      original_content: 'the second time',
      was_from_me: false,
    })
    await appState.change(ada.account, 'regular', ['label_edit', '7'], {
      labelEditAction: { name: 'Regulars', color: 3, deleted: false },
    })
    expect(await told(stage, 'label.edit')).toMatchObject({ label_id: '7', name: 'Regulars', color: 3 })
    await appState.change(ada.account, 'regular', ['label_jid', '7', bo.jid], {
      labelAssociationAction: { labeled: true },
    })
    expect(await told(stage, 'label.association')).toMatchObject({
      label_id: '7',
      labeled: true,
      chat_id: bo.jid,
    })

    // === What we send, and how far it comes
    const sent = messageIdOf(await gateway.sendText('main', bo.phone, 'hi Bo'))
    const received = await bo.receives('hi Bo')
    await bo.markRead(received)
    expect(
      await told(stage, 'message.ack', ({ payload }) => payload['receipt_type'] === 'read'),
    ).toMatchObject({
      ids: [sent],
    })
    for (const status of ['queued', 'sent', 'delivered', 'read']) {
      await told(
        stage,
        'message.status',
        ({ payload }) => payload.id === sent && payload['status'] === status,
      )
    }

    // === Polls
    const poll = await cy.sendPoll(ada, 'When?', ['Monday', 'Friday'])
    expect(await told(stage, 'message', ({ payload }) => payload.id === poll.id)).toMatchObject({
      poll: { name: 'When?', options: ['Monday', 'Friday'], max_answers: 1 },
    })
    await cy.vote(poll, ['Friday'])
    expect(await told(stage, 'poll.vote')).toMatchObject({
      options: ['Friday'],
      tally: [
        { option: 'Monday', votes: 0, voters: [] },
        { option: 'Friday', votes: 1, voters: [cy.jid] },
      ],
      total_voters: 1,
    })
    const again = await cy.vote(poll, ['Monday'])
    expect(await told(stage, 'poll.vote', ({ payload }) => payload.id === again.id)).toMatchObject({
      tally: [{ votes: 1 }, { votes: 0 }],
      total_voters: 1,
    })

    // === Chats, groups, channels, calls
    await bo.typing(ada, 'recording')
    expect(await told(stage, 'chat_presence')).toMatchObject({
      state: 'composing',
      media: 'audio',
      from: bo.jid,
    })
    const group = world.simulator.addGroup({ subject: 'Weekend', owner: bo, members: [] })
    group.add([ada])
    expect(await told(stage, 'group.joined')).toMatchObject({
      chat_id: group.jid,
      jids: [ada.jid],
      reason: 'added',
    })
    group.add([cy])
    await told(stage, 'group.participants', ({ payload }) => String(payload['jids']) === cy.jid)
    group.promote([cy])
    await told(stage, 'group.participants', ({ payload }) => payload['type'] === 'promote')
    group.demote([cy])
    await told(stage, 'group.participants', ({ payload }) => payload['type'] === 'demote')
    group.leave(cy)
    await told(stage, 'group.participants', ({ payload }) => payload['type'] === 'leave')
    ada.hearsOfChannel(channel, { what: 'joined', name: 'News', description: 'All of it' })
    expect(await told(stage, 'newsletter.joined')).toEqual({
      newsletter_id: channel,
      name: 'News',
      description: 'All of it',
    })
    ada.hearsOfChannel(channel, { what: 'mute', on: true })
    expect(await told(stage, 'newsletter.mute')).toEqual({ newsletter_id: channel, mute: 'on' })
    ada.hearsOfPost(channel, { serverId: 7, id: 'POST', views: 3 })
    expect(await told(stage, 'newsletter.message')).toMatchObject({
      messages: [{ server_id: 7, views_count: 3, reaction_counts: { '👍': 2 } }],
    })
    ada.hearsOfChannel(channel, { what: 'left' })
    expect(await told(stage, 'newsletter.left')).toEqual({ newsletter_id: channel, role: 'guest' })
    const call = await bo.call(ada, { video: true })
    expect(await told(stage, 'call.offer')).toMatchObject({
      call_id: call.id,
      from: bo.jid,
      is_video: true,
      auto_rejected: false,
    })

    // === The account and its connection
    ada.isRestricted(new Date(Date.now() + 3_600_000))
    await told(stage, 'device.restricted')
    ada.isRestricted(null)
    await told(stage, 'device.restriction_lifted')
    // From here on what has to be waited for takes a twentieth of its time.
    stage.clock.haste = 20
    world.simulator.dropConnections()
    await told(stage, 'device.disconnected')
    await gateway.loggedIn('main')
    const logins = ada.linkedDevices[0]?.logins ?? 0
    world.simulator.faults.deafen(ada)
    await sixQuietMinutes(stage)
    expect(await told(stage, 'device.deaf')).toMatchObject({ silent_seconds: expect.any(Number) as number })
    stage.clock.haste = 1
    await eventually('a new connection', () =>
      ada.linkedDevices[0]?.logins === logins + 1 ? true : undefined,
    )
    await gateway.loggedIn('main')
    await ada.unlink()
    await told(stage, 'device.logged_out')

    const seen = new Set(world.events().map(({ event }) => event))
    expect(eventKinds.filter((kind) => !seen.has(kind))).toEqual([])
  },
  allKinds,
)

scenario(
  'contacts, locations, lists, orders, advertisements and buttons arrive under names of their own',
  async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const contact = {
      displayName: 'Dee',
      vcard: 'BEGIN:VCARD\nTEL;waid=15550009999:+1 555 000 9999\nEND:VCARD',
    }
    const messages = {
      contact: { contactMessage: contact },
      contacts_array: {
        contactsArrayMessage: { displayName: '2', contacts: [contact, { displayName: 'E' }] },
      },
      location: {
        locationMessage: { degreesLatitude: 1.5, degreesLongitude: 2.5, name: 'Here', url: 'https://x' },
      },
      live_location: {
        liveLocationMessage: { degreesLatitude: 1.5, degreesLongitude: 2.5, caption: 'moving' },
      },
      list: {
        listMessage: {
          title: 'Menu',
          buttonText: 'Choose',
          listType: 1,
          sections: [{ title: 'A', rows: [{ title: 'Tea', rowId: 'tea-1' }] }],
        },
      },
      order: {
        orderMessage: { orderId: 'O1', itemCount: 2, totalAmount1000: 5000, totalCurrencyCode: 'EUR' },
      },
      referral: {
        extendedTextMessage: {
          text: 'I saw your ad',
          contextInfo: { externalAdReply: { ctwaClid: 'clid', sourceId: '99', title: 'Buy', mediaType: 1 } },
        },
      },
      interactive: {
        interactiveMessage: {
          body: { text: 'Pick one' },
          nativeFlowMessage: {
            buttons: [{ name: 'quick_reply', buttonParamsJson: '{"display_text":"Yes"}' }],
          },
        },
      },
    }
    const expected: Record<keyof typeof messages, unknown> = {
      contact: { ...contact, phone_number: '15550009999' },
      contacts_array: [
        { ...contact, phone_number: '15550009999' },
        { displayName: 'E', vcard: '' },
      ],
      location: { degreesLatitude: 1.5, degreesLongitude: 2.5, name: 'Here', URL: 'https://x' },
      live_location: { degreesLatitude: 1.5, degreesLongitude: 2.5, caption: 'moving' },
      list: {
        title: 'Menu',
        buttonText: 'Choose',
        listType: 1,
        sections: [{ title: 'A', rows: [{ title: 'Tea', rowID: 'tea-1' }] }],
      },
      order: { orderID: 'O1', itemCount: 2, totalAmount1000: 5000, totalCurrencyCode: 'EUR' },
      referral: { ctwa_clid: 'clid', source_id: '99', ad_title: 'Buy', media_type: 1 },
      interactive: 'Pick one\nYes',
    }
    for (const [name, message] of Object.entries(messages)) {
      const { id } = await bo.send(ada, message)
      const payload = await told(stage, 'message', (event) => event.payload.id === id)
      expect(payload[name], name).toEqual(expected[name as keyof typeof messages]) // the literal's keys are these
    }
  },
  allKinds,
)
