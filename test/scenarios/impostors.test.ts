import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { scenario } from '../scenario.ts'

describe('who cannot prove who they are', () => {
  scenario(
    'a server with a certificate of another root learns nothing and is named as such',
    async (stage) => {
      const { gateway, world, clock } = stage
      const [ada] = stage.people('Ada')
      await gateway.addSlot('main')
      world.simulator.faults.wrongNoiseCertificate()
      const login = await gateway.call('GET', '/devices/main/login')
      expect(login).toMatchObject({ status: 503, json: { code: 'AUTHENTICATION_ERROR' } })
      expect(login.json.message).toContain('could not prove that it is WhatsApp')
      expect(world.simulator.desk.connections).toEqual([])
      await ada.scanQr(await gateway.qrCode('main'))
      await gateway.loggedIn('main')

      const met = world.simulator.acceptedConnections
      clock.haste = 50
      world.simulator.faults.wrongNoiseCertificate()
      world.simulator.dropConnections()
      await eventually(
        'the impostor being met and left',
        () =>
          (world.simulator.acceptedConnections > met && world.simulator.connections().length === 0) ||
          undefined,
      )
      expect(await gateway.call('POST', '/devices/main/reconnect')).toMatchObject({ status: 200 })
      expect(ada.linkedDevices).toHaveLength(1)
    },
  )

  scenario(
    'the right server is refused by a gateway that was told another root key',
    async (stage) => {
      const gateway = await stage.start({ WHATSAPP_NOISE_ROOT_KEY: '11'.repeat(32) })
      await gateway.addSlot('main')
      expect(await gateway.call('GET', '/devices/main/login')).toMatchObject({ status: 503 })
      expect(stage.world.simulator.desk.connections).toEqual([])
    },
    { startsGateway: false },
  )

  scenario('a forged signature of the account links nothing', async (stage) => {
    const { gateway, world } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    world.simulator.faults.forgedAccountSignature()
    await expect(ada.scanQr(await gateway.qrCode('main'))).rejects.toThrow()
    expect(ada.linkedDevices).toEqual([])
    await gateway.inState('main', 'disconnected')
    await ada.scanQr(await gateway.qrCode('main'))
    await gateway.loggedIn('main')
  })

  scenario('nothing is encrypted for keys whose signature is not the recipient’s', async (stage) => {
    const { bo } = await stage.linkedPair()
    const { gateway, world } = stage
    world.simulator.faults.badSignedPreKey(bo, Number.POSITIVE_INFINITY)
    const refused = await gateway.sendText('main', bo.phone, 'not for you')
    expect(refused).toMatchObject({ status: 502, json: { code: 'RECIPIENT_KEYS_UNTRUSTED' } })
    expect(await gateway.messages('main', bo.jid)).toMatchObject([{ status: 'failed' }])
    world.simulator.faults.clear()
    expect(await gateway.sendText('main', bo.phone, 'for you')).toMatchObject({ status: 200 })
    await bo.receives('for you')
    expect(bo.inbox.map(({ text }) => text)).toEqual(['for you'])
  })
})
