import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { isSignedWith } from '../../src/features/webhooks/webhook-receiver.ts'
import { type Gateway, TestWorld, webhookSecret } from '../harness.ts'

describe.each(testDialects())('sending and receiving (%s)', (dialect) => {
  let world: TestWorld
  let gateway: Gateway

  beforeEach(async () => {
    world = await TestWorld.open(dialect)
    gateway = await world.startGateway()
  })
  afterEach(() => world.close())

  it('sends a text that arrives decrypted at the phone and can be read back', async () => {
    const [ada, bo] = [world.simulator.addPerson({ name: 'Ada' }), world.simulator.addPerson({ name: 'Bo' })]
    await gateway.link(ada, 'main')
    const sent = await gateway.sendText('main', bo.phone, 'hello Bo')
    expect(sent.status).toBe(200)
    expect(sent.json.message).toMatch(
      /^Message sent to \d+@s\.whatsapp\.net \(server timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC\)$/,
    )
    const arrived = await bo.receives('hello Bo')
    expect(sent.json.results).toMatchObject({ message_id: arrived.id })
    expect(await gateway.messages('main', bo.jid)).toMatchObject([
      { id: arrived.id, content: 'hello Bo', is_from_me: true, sender_jid: ada.jid },
    ])
  })

  it('tells of a received text by a signed webhook and lists it', async () => {
    const [ada, bo] = [world.simulator.addPerson({ name: 'Ada' }), world.simulator.addPerson({ name: 'Bo' })]
    await gateway.link(ada, 'main')
    const written = await bo.sendText(ada, 'hello Ada')
    const event = await world.nextEvent('message')
    expect(event).toMatchObject({
      event: 'message',
      device_id: ada.jid,
      session_id: 'main',
      payload: {
        id: written.id,
        body: 'hello Ada',
        from: bo.jid,
        chat_id: bo.jid,
        from_name: 'Bo',
        is_from_me: false,
      },
    })
    expect(world.webhooks.received.every((webhook) => isSignedWith(webhook, webhookSecret))).toBe(true)
    await bo.getsReceipt(written, 'delivered')
    expect(await gateway.messages('main', bo.jid)).toMatchObject([
      { id: written.id, content: 'hello Ada', is_from_me: false },
    ])
  })

  it('reports delivered and read, once each, and shows how far a message has come', async () => {
    const ada = world.simulator.addPerson()
    const bo = world.simulator.addPerson({ behaviour: { reads: true } })
    await gateway.link(ada, 'main')
    const sent = await gateway.sendText('main', bo.phone, 'see this')
    const { message_id: id } = sent.json.results as unknown as { message_id: string } // the contract's SendResponse
    const isAck = (type: string) => (event: { payload: object }) =>
      'receipt_type' in event.payload && event.payload.receipt_type === type
    await world.nextEvent('message.ack', isAck('delivered'))
    const read = await world.nextEvent('message.ack', isAck('read'))
    expect(read.payload).toMatchObject({ ids: [id], chat_id: bo.jid, from: bo.jid })
    await gateway.message('main', bo.jid, (message) => message.id === id && message.status === 'read')
    expect(world.events('message.ack')).toHaveLength(2)
    expect(world.events('message')).toHaveLength(0)
  })

  it('replies with a quote and mentions people', async () => {
    const [ada, bo, cy] = [
      world.simulator.addPerson(),
      world.simulator.addPerson(),
      world.simulator.addPerson(),
    ]
    await gateway.link(ada, 'main')
    const question = await bo.sendText(ada, 'when?')
    await world.nextEvent('message')
    await gateway.sendText('main', bo.phone, `ask @${cy.phone}`, { reply_message_id: question.id })
    const answer = await bo.receives(`ask @${cy.phone}`)
    const context = answer.message.extendedTextMessage?.contextInfo
    expect(context?.stanzaId).toBe(question.id)
    expect(context?.quotedMessage?.conversation).toBe('when?')
    expect(context?.mentionedJid).toEqual([cy.jid])
  })

  it('talks in a group, with everyone mentioned', async () => {
    const [ada, bo, cy] = [
      world.simulator.addPerson(),
      world.simulator.addPerson(),
      world.simulator.addPerson(),
    ]
    await gateway.link(ada, 'main')
    const group = world.simulator.addGroup({ subject: 'Friends', owner: bo, members: [ada, bo, cy] })
    await bo.sendText(group, 'who is in?')
    const event = await world.nextEvent('message')
    expect(event.payload).toMatchObject({ body: 'who is in?', chat_id: group.jid, from: bo.jid })
    await gateway.sendText('main', group.jid, 'all of us', { mentions: ['@everyone'] })
    for (const person of [bo, cy]) await person.receives('all of us')
  })

  it('stores what is typed on the phone and tells of it as an own message', async () => {
    const [ada, bo] = [world.simulator.addPerson(), world.simulator.addPerson()]
    await gateway.link(ada, 'main')
    await ada.typesOnPhone(bo, 'from my phone')
    const event = await world.nextEvent('message')
    expect(event.payload).toMatchObject({ body: 'from my phone', is_from_me: true, chat_id: bo.jid })
    await bo.receives('from my phone')
  })
})
