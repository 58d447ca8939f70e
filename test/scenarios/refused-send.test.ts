import { describe, expect } from 'vitest'
import { messageIdOf, scenario } from '../scenario.ts'

describe('a send that WhatsApp refuses', () => {
  scenario('with 463 is answered with WA_REACHOUT_TIMELOCK and shown as failed', async (stage) => {
    const { bo } = await stage.linkedPair()
    const { gateway, world } = stage
    world.simulator.faults.refuseWith(463)
    const answer = await gateway.sendText('main', bo.phone, 'a stranger writes')
    expect(answer).toMatchObject({ status: 429, json: { code: 'WA_REACHOUT_TIMELOCK' } })
    expect(await gateway.messages('main', bo.jid)).toMatchObject([
      { id: messageIdOf(answer), status: 'failed' },
    ])
    expect(await gateway.sendText('main', bo.phone, 'later')).toMatchObject({ status: 200 })
    await bo.receives('later')
    expect(bo.inbox).toHaveLength(1)
  })

  scenario('with 479 is repeated once under the same id, for the devices there are now', async (stage) => {
    const { bo } = await stage.linkedPair()
    const { gateway, world } = stage
    world.simulator.faults.refuseWith(479)
    const answer = await gateway.sendText('main', bo.phone, 'once more')
    expect(answer.status).toBe(200)
    const arrived = await bo.receives('once more')
    expect(messageIdOf(answer)).toBe(arrived.id)

    world.simulator.faults.refuseWith(479, { count: 2 })
    const refused = await gateway.sendText('main', bo.phone, 'in vain')
    expect(refused).toMatchObject({ status: 409, json: { code: 'RECIPIENT_DEVICES_STALE' } })
    expect(await gateway.sendText('main', bo.phone, 'at last')).toMatchObject({ status: 200 })
    await bo.receives('at last')
    expect(bo.inbox.map(({ text }) => text)).toEqual(['once more', 'at last'])
  })

  scenario('with any other number is answered with that number', async (stage) => {
    const { bo } = await stage.linkedPair()
    stage.world.simulator.faults.refuseWith(421)
    const answer = await stage.gateway.sendText('main', bo.phone, 'no')
    expect(answer).toMatchObject({
      status: 403,
      json: { code: 'WHATSAPP_REFUSED', results: { whatsapp_code: 421 } },
    })
  })
})
