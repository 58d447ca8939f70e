import { describe, expect } from 'vitest'
import { eventually, type Gateway } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

describe('linking by pairing code', () => {
  scenario('links the slot to the number once the code is typed on its phone', async (stage) => {
    const { gateway } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    const code = await pairCode(gateway, ada.phone)
    expect(code).toMatch(/^[1-9A-Z]{4}-[1-9A-Z]{4}$/)
    await ada.enterPairingCode(code)
    await gateway.loggedIn('main')
    expect((await gateway.call('GET', '/devices/main')).json.results).toMatchObject({ jid: ada.jid })
  })

  scenario('a wrong code links nothing; the next one does', async (stage) => {
    const { gateway } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    await ada.enterPairingCode(await pairCode(gateway, ada.phone), { wrong: true })
    expect(ada.linkedDevices).toEqual([])
    await ada.enterPairingCode(await pairCode(gateway, ada.phone))
    await gateway.loggedIn('main')
    expect(ada.linkedDevices).toHaveLength(1)
  })

  scenario('what a failed code left in the credentials does not meet the QR code after it', async (stage) => {
    const { gateway } = stage
    const [ada, bo] = stage.people('Ada', 'Bo')
    await gateway.addSlot('main')
    const shown = await gateway.qrCode('main')
    await ada.enterPairingCode(await pairCode(gateway, ada.phone), { wrong: true })
    const renewed = await eventually('a code with the new secret', async () => {
      const code = await gateway.qrCode('main')
      return code === shown ? undefined : code
    })
    await bo.scanQr(renewed)
    await gateway.loggedIn('main')
    expect((await gateway.call('GET', '/devices/main')).json.results).toMatchObject({ jid: bo.jid })
    await gateway.sendText('main', ada.phone, 'from Bo')
    expect((await ada.receives('from Bo')).from).toBe(bo.account)
  })

  scenario(
    'a gateway that stopped while a code was shown starts with a slot that is not linked',
    async (stage) => {
      const [ada] = stage.people('Ada')
      await stage.gateway.addSlot('main')
      await ada.enterPairingCode(await pairCode(stage.gateway, ada.phone), { wrong: true })
      const gateway = await stage.restart()
      await gateway.inState('main', 'disconnected')
      expect(await gateway.call('GET', '/app/reconnect', { device: 'main' })).toMatchObject({
        status: 401,
        json: { code: 'AUTHENTICATION_ERROR' },
      })
      await ada.enterPairingCode(await pairCode(gateway, ada.phone))
      await gateway.loggedIn('main')
    },
  )

  scenario('needs a number that can be one', async ({ gateway }) => {
    await gateway.addSlot('main')
    for (const phone of ['', 'abc', '0812345678', '12']) {
      const path = `/app/login-with-code?phone=${phone}`
      expect(await gateway.call('GET', path, { device: 'main' })).toMatchObject({
        status: 400,
        json: { code: 'VALIDATION_ERROR' },
      })
    }
  })
})

async function pairCode(gateway: Gateway, phone: string): Promise<string> {
  const answer = await gateway.call('GET', `/app/login-with-code?phone=${phone}`, { device: 'main' })
  return resultsOf<{ pair_code: string }>(answer).pair_code
}
