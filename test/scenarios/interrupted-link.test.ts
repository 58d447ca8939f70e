import { describe, expect } from 'vitest'
import { scenario } from '../scenario.ts'

describe('a socket lost while linking', () => {
  scenario(
    'between pair-success and the restart leaves a linked device, which connects by itself',
    async (stage) => {
      const { gateway, world, clock } = stage
      const [ada, bo] = stage.people('Ada', 'Bo')
      clock.haste = 20
      world.simulator.faults.dropBeforeRestart()
      await gateway.link(ada, 'main')
      expect(ada.linkedDevices).toHaveLength(1)
      expect(await gateway.sendText('main', bo.phone, 'after the cut')).toMatchObject({ status: 200 })
      await bo.receives('after the cut')
    },
  )

  scenario('before the link was signed leaves none, and the next code links', async (stage) => {
    const { gateway, world } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    world.simulator.faults.dropBeforePairSign()
    await expect(ada.scanQr(await gateway.qrCode('main'))).rejects.toThrow('as planned')
    expect(ada.linkedDevices).toEqual([])
    await gateway.inState('main', 'disconnected')
    await ada.scanQr(await gateway.qrCode('main'))
    await gateway.loggedIn('main')
    expect(ada.linkedDevices).toHaveLength(1)
  })
})
