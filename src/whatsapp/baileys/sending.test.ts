import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineWorld, hastyClock, jidOf } from '../../../test/engine-world.ts'
import { newMessageId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import { type OpenDatabase, openDatabase } from '../../db/open-database.ts'
import { parseJid } from '../jid.ts'

describe('sending', () => {
  let database: OpenDatabase
  let world: EngineWorld

  beforeEach(async () => {
    database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
    world = await EngineWorld.start(database, { clock: hastyClock(20) })
  })

  afterEach(async () => {
    await world.close()
    await database.close()
  })

  it("answers with the server's time once the ack is there, and the phone shows the text", async () => {
    const { session, listener } = await world.linked()
    const id = newMessageId()
    const sent = await world.send(session, world.contactJid, 'hello', id)
    expect(sent.id).toBe(id)
    expect(Math.abs(sent.at.getTime() - Date.now())).toBeLessThan(5_000)
    expect((await world.contact.receives('hello')).id).toBe(id)
    // The fact is told as well, for the case that nobody waits any more.
    await listener.committed('message.accepted', (event) => event.id === id)
    expect(session.health().lastAckAt).toBeInstanceOf(Date)
    await session.close()
  })

  it('keeps the order within a chat and does not make chats wait for one another', async () => {
    const { session } = await world.linked()
    const other = world.simulator.addPerson({ name: 'Budi' })
    const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`)
    await Promise.all(
      texts.flatMap((text) => [
        world.send(session, world.contactJid, text),
        world.send(session, jidOf(other), text),
      ]),
    )
    await Promise.all([world.contact.receives('text 19'), other.receives('text 19')])
    for (const person of [world.contact, other]) {
      const arrived = person.inbox.filter((message) => message.device === 0).map((message) => message.text)
      expect(arrived).toEqual(texts)
    }
    await session.close()
  })

  it('sends to a LID and to a group', async () => {
    const { session } = await world.linked()
    const group = world.simulator.addGroup({
      subject: 'Lunch',
      owner: world.owner,
      members: [world.contact],
    })
    await world.send(session, parseJid(world.contact.lid), 'by lid')
    await world.contact.receives('by lid')
    await world.send(session, parseJid(group.jid), 'to all')
    expect((await world.contact.receives('to all')).chat).toBe(group.jid)
    await session.close()
  })

  it('sends to somebody whose LID the server does not tell', async () => {
    const { session } = await world.linked()
    const other = world.simulator.addPerson({ name: 'Citra' })
    other.account.tellsLid = false
    await world.send(session, jidOf(other), 'by number')
    await other.receives('by number')
    await other.sendText(world.owner, 'and back')
    await world.send(session, jidOf(other), 'again')
    await other.receives('again')
    expect(other.retriesAsked).toBe(0)
    await session.close()
  })

  it('sends nothing when WhatsApp names no device of the recipient, or does not answer which there are', async () => {
    const { session } = await world.linked()
    const other = world.simulator.addPerson({ name: 'Dewi' })
    let namesNobody = true
    world.simulator.iqs.add({
      xmlns: 'usync',
      handle: () =>
        Promise.resolve(
          namesNobody
            ? [{ tag: 'usync', attrs: {}, content: [{ tag: 'list', attrs: {}, content: [] }] }]
            : undefined,
        ),
    })
    const nobody = { code: 'whatsapp_not_found', certain: true }
    await expect(world.send(session, jidOf(other), 'to nobody')).rejects.toMatchObject(nobody)
    namesNobody = false
    world.simulator.faults.ignoreIq('usync', { count: 1_000 })
    const silence = { code: 'whatsapp_timeout', certain: true }
    await expect(world.send(session, jidOf(other), 'unanswered')).rejects.toMatchObject(silence)
    world.simulator.faults.clear()
    await world.send(session, jidOf(other), 'now')
    await other.receives('now')
    expect(new Set(other.inbox.map(({ text }) => text))).toEqual(new Set(['now']))
    await session.close()
  })

  it.each([
    [463, 'reachout_timelocked'],
    [429, 'whatsapp_rate_limited'],
    [404, 'whatsapp_not_found'],
    [400, 'whatsapp_refused'],
  ])('names the refusal %i %s, with certainty', async (whatsappCode, code) => {
    const { session, listener } = await world.linked()
    world.simulator.faults.refuseWith(whatsappCode)
    const id = newMessageId()
    await expect(world.send(session, world.contactJid, 'no', id)).rejects.toMatchObject({
      code,
      certain: true,
      details: { whatsappCode },
    })
    await listener.committed(
      'message.refused',
      (event) => event.id === id && event.whatsappCode === whatsappCode,
    )
    await session.close()
  })

  it('repeats a message once under its id when it was made for stale devices', async () => {
    const { session, listener } = await world.linked()
    world.simulator.faults.refuseWith(479)
    const sent = await world.send(session, world.contactJid, 'again')
    expect((await world.contact.receives('again')).id).toBe(sent.id)
    expect(listener.all('message.refused')).toEqual([])

    world.simulator.faults.refuseWith(479, { count: 2 })
    await expect(world.send(session, world.contactJid, 'twice')).rejects.toMatchObject({
      code: 'recipient_devices_stale',
    })
    await session.close()
  })

  it('does not know the outcome when no ack comes, and tells it when a receipt does', async () => {
    const { session, listener } = await world.linked()
    world.simulator.faults.dropAck()
    const id = newMessageId()
    await expect(world.send(session, world.contactJid, 'lost ack', id)).rejects.toMatchObject({
      code: 'send_outcome_unknown',
      certain: false,
      details: { message_id: id },
    })
    const { receipt } = await listener.committed('receipt.updated', (event) =>
      event.receipt.messageIds.includes(id),
    )
    expect(receipt).toMatchObject({ receiptType: 'delivered', fromDevice: 0 })
    await session.close()
  })

  it('does not take a receipt that overtakes the ack for the ack', async () => {
    const { session, listener } = await world.linked()
    world.simulator.faults.receiptBeforeAck()
    const sent = await world.send(session, world.contactJid, 'overtaken')
    expect(sent.at).toBeInstanceOf(Date)
    await listener.committed('receipt.updated', ({ receipt }) => receipt.messageIds.includes(sent.id))
    await listener.committed('message.accepted', (event) => event.id === sent.id)
    await session.close()
  })

  it('does not know the outcome when the socket breaks after the frame has left', async () => {
    const { session, listener } = await world.linked()
    await world.send(session, world.contactJid, 'first')
    world.simulator.faults.closeBeforeAck()
    await expect(world.send(session, world.contactJid, 'second')).rejects.toMatchObject({
      code: 'send_outcome_unknown',
      certain: false,
    })
    await world.contact.receives('second')
    expect(await listener.heard('closed')).toMatchObject({ reason: 'connection-lost' })
  })

  it('is certain that nothing left when the socket breaks before the frame', async () => {
    const { session } = await world.linked()
    await expect(
      session.sendMessage(
        world.contactJid,
        { kind: 'text', text: 'never', context: {} },
        {
          id: newMessageId(),
          beforeSend: async () => {
            await session.close()
          },
        },
      ),
    ).rejects.toMatchObject({ code: 'device_not_connected', certain: true })
    expect(world.contact.inbox).toEqual([])
  })

  it('is certain that nothing left when the recipient cannot be looked up in time', async () => {
    const { session } = await world.linked()
    world.simulator.faults.ignoreIq('usync', { count: 5 })
    await expect(world.send(session, world.contactJid, 'never')).rejects.toMatchObject({
      code: 'whatsapp_timeout',
      certain: true,
    })
    await session.close()
    expect(world.contact.inbox).toEqual([])
  })

  it('sends nothing under a prekey whose signature is wrong', async () => {
    const { session } = await world.linked()
    world.simulator.faults.badSignedPreKey(world.contact, Number.POSITIVE_INFINITY)
    await expect(world.send(session, world.contactJid, 'never')).rejects.toMatchObject({ certain: true })
    expect(world.contact.inbox).toEqual([])
    await session.close()
  })

  it('answers a peer that could not decrypt from what was committed before the send', async () => {
    const { session } = await world.linked()
    await world.send(session, world.contactJid, 'first')
    await world.contact.receives('first')
    world.contact.failsToDecrypt()
    const sent = await world.send(session, world.contactJid, 'hard to read')
    expect((await world.contact.receives('hard to read')).id).toBe(sent.id)
    await session.close()
  })

  it('tells receipts as they are: delivered, then read', async () => {
    world.contact.behaviour.reads = true
    const { session, listener } = await world.linked()
    const sent = await world.send(session, world.contactJid, 'read me')
    await listener.committed(
      'receipt.updated',
      ({ receipt }) => receipt.receiptType === 'read' && receipt.messageIds.includes(sent.id),
    )
    const types = listener
      .all('receipt.updated')
      .filter(({ receipt }) => receipt.messageIds.includes(sent.id))
      .map(({ receipt }) => receipt.receiptType)
    expect(types).toEqual(['delivered', 'read'])
    await session.close()
  })

  it('times out a question about a number', async () => {
    const { session } = await world.linked()
    world.simulator.faults.ignoreIq('usync')
    await expect(session.findOnWhatsApp(world.contactJid)).rejects.toMatchObject({ code: 'whatsapp_timeout' })
    await session.close()
  })
})
