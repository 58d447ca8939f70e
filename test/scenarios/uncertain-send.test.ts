import sharp from 'sharp'
import { describe, expect } from 'vitest'
import { messageIdOf, scenario } from '../scenario.ts'

describe('a send that WhatsApp does not confirm', () => {
  scenario(
    'is answered with 504 and its id, stays pending, and a later receipt settles it',
    async (stage) => {
      const { bo } = await stage.linkedPair()
      const { gateway, world, clock } = stage
      bo.behaviour.delivers = false
      world.simulator.faults.dropAck()
      clock.haste = 10
      const answer = await gateway.sendText('main', bo.phone, 'did you get this?')
      expect(answer).toMatchObject({ status: 504, json: { code: 'SEND_OUTCOME_UNKNOWN' } })
      const arrived = await bo.receives('did you get this?')
      expect(messageIdOf(answer)).toBe(arrived.id)
      expect(await gateway.messages('main', bo.jid)).toMatchObject([{ id: arrived.id, status: 'pending' }])

      await bo.markRead(arrived)
      await gateway.message('main', bo.jid, ({ id, status }) => id === arrived.id && status === 'read')
      expect(bo.inbox).toHaveLength(1)
    },
  )

  scenario('because the connection broke is not sent a second time by itself', async (stage) => {
    const { bo } = await stage.linkedPair()
    const { gateway, world, clock } = stage
    bo.behaviour.delivers = false
    clock.haste = 10
    world.simulator.faults.closeBeforeAck()
    const answer = await gateway.sendText('main', bo.phone, 'cut off')
    expect(answer).toMatchObject({ status: 504, json: { code: 'SEND_OUTCOME_UNKNOWN' } })
    await gateway.loggedIn('main')
    await stage.restart()
    await stage.gateway.loggedIn('main')
    expect(await stage.gateway.sendText('main', bo.phone, 'later')).toMatchObject({ status: 200 })
    await bo.receives('later')
    expect(bo.inbox.map(({ text, copies }) => [text, copies])).toEqual([
      ['cut off', 1],
      ['later', 1],
    ])
    expect(await stage.gateway.messages('main', bo.jid)).toMatchObject([
      { content: 'later', status: 'sent' },
      { content: 'cut off', status: 'pending' },
    ])
  })

  scenario(
    'under an Idempotency-Key is not sent again by the same request; its outcome is told once known',
    async (stage) => {
      const { bo } = await stage.linkedPair()
      const { gateway, world, clock } = stage
      bo.behaviour.delivers = false
      world.simulator.faults.dropAck()
      clock.haste = 10
      const send = () =>
        gateway.call('POST', '/send/message', {
          device: 'main',
          body: { phone: bo.phone, message: 'once' },
          headers: { 'idempotency-key': 'a key' },
        })
      const first = await send()
      expect(first.status).toBe(504)
      const again = await send()
      expect(again.status).toBe(504)
      expect(messageIdOf(again)).toBe(messageIdOf(first))
      const arrived = await bo.receives('once')
      await bo.markRead(arrived)
      await gateway.message('main', bo.jid, ({ status }) => status === 'read')
      const settled = await send()
      expect(settled.status).toBe(200)
      expect(messageIdOf(settled)).toBe(arrived.id)
      expect(bo.inbox).toHaveLength(1)
    },
  )

  scenario(
    'under an Idempotency-Key is told in the sentence of what was sent: a sticker that moves as such',
    async (stage) => {
      const { bo } = await stage.linkedPair()
      const { gateway, world, clock } = stage
      bo.behaviour.delivers = false
      world.simulator.faults.dropAck()
      clock.haste = 10
      const frame = { create: { width: 60, height: 60, channels: 4 as const, background: '#f00' } }
      const frames = [frame, { create: { ...frame.create, background: '#00f' } }]
      const pictures = await Promise.all(frames.map((each) => sharp(each).png().toBuffer()))
      const bytes = await sharp(pictures, { join: { animated: true } })
        .gif()
        .toBuffer()
      const send = async () => {
        const form = new FormData()
        form.set('phone', bo.phone)
        form.set('sticker', new File([new Uint8Array(bytes)], 'a.gif', { type: 'image/gif' }))
        const headers = { 'x-device-id': 'main', 'idempotency-key': 'a key' }
        const answer = await fetch(`${gateway.url}/send/sticker`, { method: 'POST', headers, body: form })
        return { status: answer.status, text: await answer.text() }
      }
      expect(await send()).toMatchObject({ status: 504 })
      const arrived = await bo.receives(({ message }) => Boolean(message.stickerMessage))
      await bo.markRead(arrived)
      await gateway.message('main', bo.jid, ({ status }) => status === 'read')
      const settled = await send()
      expect(settled).toMatchObject({
        status: 200,
        text: expect.stringContaining('"message":"Animated sticker sent to ') as unknown,
      })
      expect(await send()).toEqual(settled)
      expect(bo.inbox).toHaveLength(1)
    },
  )

  scenario(
    'and of which nobody hears for a day turns unknown, told as an event; what comes after that still counts',
    async (stage) => {
      const { bo } = await stage.linkedPair()
      const { world, clock } = stage
      bo.behaviour.delivers = false
      world.simulator.faults.dropAck()
      clock.haste = 10
      const id = messageIdOf(await stage.gateway.sendText('main', bo.phone, 'hello?'))
      const arrived = await bo.receives('hello?')
      await stage.gateway.stop()

      clock.putForward(25 * 3_600_000)
      // The hourly look falls due a moment after the start.
      clock.haste = 20_000
      const gateway = await stage.start()
      clock.haste = 1
      await gateway.message('main', bo.jid, ({ status }) => status === 'unknown')
      const event = await world.nextEvent('message.status', ({ payload }) => payload['status'] === 'unknown')
      expect(event.payload).toMatchObject({ id, chat_id: bo.jid })

      await gateway.call('POST', '/devices/main/reconnect')
      await bo.markRead(arrived)
      await gateway.message('main', bo.jid, ({ status }) => status === 'read')
      expect(bo.inbox).toHaveLength(1)
    },
    { settings: { WHATSAPP_WEBHOOK_EVENTS: 'message,message.ack,message.status' } },
  )
})
