import { describe, expect } from 'vitest'
import { messageIdOf, scenario } from '../scenario.ts'

describe('a receipt that arrives before the ack', () => {
  scenario('is not taken for the ack; the message is delivered, told once', async (stage) => {
    const { gateway, world } = stage
    const { bo } = await stage.linkedPair()
    world.simulator.faults.receiptBeforeAck()
    const sent = await gateway.sendText('main', bo.phone, 'quick')
    expect(sent).toMatchObject({ status: 200, json: { code: 'SUCCESS' } })
    const arrived = await bo.receives('quick')
    expect(messageIdOf(sent)).toBe(arrived.id)
    const isDelivered = (message: { id: string; status?: string }) => message.status === 'delivered'
    await gateway.message('main', bo.jid, isDelivered)
    await world.nextEvent('message.ack', ({ payload }) => payload.ids?.includes(arrived.id) === true)
    // A second message settles after everything of the first.
    const next = messageIdOf(await gateway.sendText('main', bo.phone, 'next'))
    await world.nextEvent('message.ack', ({ payload }) => payload.ids?.includes(next) === true)
    expect(world.events('message.ack')).toHaveLength(2)
    expect(await gateway.messages('main', bo.jid)).toHaveLength(2)
  })
})
